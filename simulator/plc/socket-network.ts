import { connect, createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import type { OPCUACertificateManager } from 'node-opcua';
import type { ClientLines, ClientNetwork } from './client-lines.ts';
import { ModbusLines } from './modbus-lines.ts';
import { makeCertificates } from './opcua-client.ts';
import { OpcuaLines } from './opcua-lines.ts';
import { openRelay } from './relay.ts';
import { type PlcServer, plcHost } from './server.ts';
import type { Victim } from './victim.ts';

/** The address on this machine of a client that a city knows by `address`: loopback is all of 127.0.0.0/8 (RFC 1122, 3.2.1.3). */
export const loopbackOf = (address: string): string => address.replace(/^\d+/, '127');

/**
 * Foreign clients come by sockets to the servers of their PLCs, each from a loopback address of its own where the system
 * has them (Linux has, macOS only those that somebody set up), from the common one elsewhere.
 */
export class SocketNetwork implements ClientNetwork {
  private readonly ports = new Map<string, number>();
  private readonly sockets = new Set<Socket>();
  private ownAddresses = false;
  private stateDir = '';
  private making: Promise<OPCUACertificateManager> | undefined;

  /** Lets clients come to these servers; the certificates of their OPC UA stack go to `stateDir`. */
  async reach(servers: readonly PlcServer[], stateDir: string): Promise<void> {
    this.stateDir = stateDir;
    this.ownAddresses = await isOurs(loopbackOf('10.66.0.1'));
    for (const { plc, port } of servers) this.ports.set(plc.id, port);
  }

  /** RangeError for a PLC that no server is known of. */
  linesTo({ plc }: Pick<Victim, 'plc'>, address: string): ClientLines {
    const port = this.ports.get(plc.id);
    if (port === undefined) throw new RangeError(`no server of ${plc.id} is known`);
    const from = this.ownAddresses ? { localAddress: loopbackOf(address) } : {};
    const dial = () => this.follow(connect({ host: plcHost, port, ...from }));
    if (plc.protocol === 'modbus-tcp') return new ModbusLines(plc, dial);
    return new OpcuaLines({ plc, relay: () => openRelay(dial), certificates: () => this.certificates() });
  }

  /** Breaks off whatever clients do. */
  close(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private follow(socket: Socket): Socket {
    this.sockets.add(socket);
    return socket.once('close', () => this.sockets.delete(socket));
  }

  private certificates(): Promise<OPCUACertificateManager> {
    this.making ??= makeCertificates(join(this.stateDir, 'foreign-clients'));
    return this.making;
  }
}

/** Whether clients of this machine can come from an address. */
function isOurs(host: string): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ host, port: 0 }, () => server.close(() => resolve(true)));
  });
}
