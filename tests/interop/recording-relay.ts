import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** A piece of a conversation as it passed by. */
export interface Passed {
  /** Counts the connections. */
  readonly connection: number;
  readonly from: 'client' | 'server';
  readonly bytes: Uint8Array;
}

/** Stands between a client and a server on the loopback, and remembers all that they say. */
export class RecordingRelay {
  readonly passed: Passed[] = [];
  private readonly sockets = new Set<Socket>();
  private readonly server: Server;
  private connections = 0;

  constructor(port: number) {
    this.server = createServer((client) => this.join(client, connect({ port, host: '127.0.0.1', noDelay: true })));
  }

  async listen(): Promise<number> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return (this.server.address() as AddressInfo).port;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
    await once(this.server, 'close');
  }

  private join(client: Socket, server: Socket): void {
    const connection = this.connections++;
    client.setNoDelay(true);
    const pass = (from: Passed['from'], source: Socket, target: Socket) => {
      this.sockets.add(source);
      source.on('error', () => undefined);
      source.on('data', (bytes: Uint8Array) => {
        this.passed.push({ connection, from, bytes });
        target.write(bytes);
      });
      source.on('end', () => target.end());
      source.on('close', () => {
        this.sockets.delete(source);
        target.destroy();
      });
    };
    pass('client', client, server);
    pass('server', server, client);
  }
}
