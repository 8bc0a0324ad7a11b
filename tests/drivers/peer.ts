import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { DevicePoint, DriverHost } from '../../drivers/api.ts';
import { encodeMbap, type MbapFrame, MbapReader } from '../../drivers/modbus/frame.ts';
import { encodeException, encodeReadReply, parseRequest } from '../../drivers/modbus/pdu.ts';
import { crc16, encodeRtu } from '../../drivers/modbus/rtu.ts';
import { type Clock, realClock } from '../../edge/core/clock.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';

/** What a peer does with one request; the default answers it properly. */
export type Behaviour = (frame: MbapFrame, socket: Socket, answer: () => Uint8Array) => void;

/** A Modbus TCP device under the test's control: register n holds `valueAt(n)`, addresses in `missing` do not exist. */
export class Peer {
  readonly sockets = new Set<Socket>();
  readonly requests: MbapFrame[] = [];
  missing = new Set<number>();
  behaviour: Behaviour = (_frame, socket, answer) => socket.write(answer());
  /** Hears of every connection. */
  connected: (socket: Socket) => void = () => undefined;
  valueAt = (address: number): number => address & 0xffff;
  private readonly server: Server = createServer((socket) => this.serve(socket));

  async listen(port = 0): Promise<this> {
    this.server.listen(port, '127.0.0.1');
    await once(this.server, 'listening');
    return this;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get endpoint(): string {
    return `tcp://127.0.0.1:${this.port}`;
  }

  async close(): Promise<void> {
    for (const socket of this.sockets) socket.destroy();
    if (!this.server.listening) return;
    this.server.close();
    await once(this.server, 'close');
  }

  private serve(socket: Socket): void {
    this.sockets.add(socket);
    this.connected(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
    const reader = new MbapReader();
    socket.on('data', (chunk: Uint8Array) => {
      for (const frame of reader.push(chunk)) {
        this.requests.push(frame);
        this.behaviour(frame, socket, () => encodeMbap(frame.transaction, frame.unit, this.answer(frame.pdu)));
      }
    });
  }

  private answer(pdu: Uint8Array): Uint8Array {
    const request = parseRequest(pdu);
    if (request.kind !== 'read') return encodeException(pdu, request.kind === 'refused' ? request.exception : 1);
    const addresses = Array.from({ length: request.count }, (_, index) => request.address + index);
    if (addresses.some((address) => this.missing.has(address))) return encodeException(pdu, 2);
    return encodeReadReply(request.table, Uint16Array.from(addresses, this.valueAt));
  }
}

/** A TCP port that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** What drivers are handed in tests. */
export function testHost(clock: Clock = realClock(), log: Log = silentLog, stateDir = ''): DriverHost {
  return { clock, log, random: seededRandom(1), stateDir };
}

/** A uint16 holding register polled every second, unless told otherwise. */
export function pointAt(tag: number, address: number, fields: Partial<DevicePoint> = {}): DevicePoint {
  return {
    tag,
    name: `d/p${tag}`,
    table: 'holding',
    address,
    bit: undefined,
    type: 'uint16',
    order: 'abcd',
    node: '',
    periodMs: 1000,
    ...fields,
  };
}

/**
 * Answers reads of RTU frames: register n of unit u holds 1000 u + n. Units that are not (any more) in the set stay
 * silent. `asked` hears of every request, `say` sends the answer.
 */
export function serveRtu(
  line: Duplex,
  units: ReadonlySet<number>,
  asked: (unit: number) => void = () => undefined,
  say: (answer: Uint8Array) => void = (answer) => line.write(answer),
): void {
  let heard = Buffer.alloc(0);
  line.on('data', (chunk: Buffer) => {
    heard = Buffer.concat([heard, chunk]);
    for (; heard.length >= 8; heard = heard.subarray(8)) {
      if (crc16(heard.subarray(0, 6)) !== heard.readUInt16LE(6)) throw new Error('a request with a wrong sum');
      const [unit = 0] = heard;
      const [address, count] = [heard.readUInt16BE(2), heard.readUInt16BE(4)];
      asked(unit);
      if (!units.has(unit)) continue;
      const values = Uint16Array.from({ length: count }, (_, index) => 1000 * unit + address + index);
      say(encodeRtu(unit, encodeReadReply('holding', values)));
    }
  });
}
