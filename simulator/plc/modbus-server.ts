import { createServer, type Socket } from 'node:net';
import { encodeMbap, type MbapFrame, MbapReader } from '../../drivers/modbus/frame.ts';
import {
  asksIdentification,
  Exception,
  encodeException,
  encodeReadReply,
  encodeWriteReply,
  parseRequest,
} from '../../drivers/modbus/pdu.ts';
import type { Clock } from '../../edge/core/clock.ts';
import type { Plc } from '../city/plant.ts';
import { answerIdentification } from './device-identification.ts';
import { createRegisterImage, type RegisterImage, type WriteResult } from './register-image.ts';
import type { PlcScan } from './scan.ts';
import { listenError, type PlcServer, plcHost } from './server.ts';

/** Clients that one PLC serves at the same time; more are turned away, as real controllers do. */
const maxConnections = 32;

const writeExceptions = {
  'illegal-address': Exception.illegalAddress,
  'illegal-value': Exception.illegalValue,
} as const satisfies Record<Exclude<WriteResult, 'done'>, number>;

/** Makes a PLC slow: every answer waits `delayMs()` on `clock`, in order. */
export interface Slowness {
  readonly clock: Clock;
  delayMs(): number;
}

export interface ModbusServerOptions {
  /** 0 takes any free port. */
  readonly port: number;
  readonly slowness?: Slowness;
}

/** The answer of a PLC to one request, both without MBAP header. */
function answer(pdu: Uint8Array, plc: Plc, image: RegisterImage): Uint8Array {
  if (asksIdentification(pdu)) return answerIdentification(pdu, plc);
  const request = parseRequest(pdu);
  if (request.kind === 'refused') return encodeException(pdu, request.exception);
  if (request.kind === 'read') {
    const cells = image.read(request.table, request.address, request.count);
    return cells ? encodeReadReply(request.table, cells) : encodeException(pdu, Exception.illegalAddress);
  }
  const result = image.write(request.table, request.address, request.values);
  return result === 'done' ? encodeWriteReply(pdu) : encodeException(pdu, writeExceptions[result]);
}

/** Serves one client until it leaves or sends what cannot be a frame; requests may be pipelined. */
function serveClient(socket: Socket, reply: (frame: MbapFrame) => Uint8Array, slowness?: Slowness): void {
  const reader = new MbapReader();
  let lastDueMs = 0;
  const send = (bytes: Uint8Array) => {
    // A client that does not read its answers is not listened to until it does: answers never pile up.
    if (!socket.destroyed && !socket.write(bytes)) socket.pause();
  };
  const sendLater = (bytes: Uint8Array, { clock, delayMs }: Slowness) => {
    lastDueMs = Math.max(lastDueMs, clock.monotonicMs() + delayMs());
    clock.after(lastDueMs - clock.monotonicMs(), () => send(bytes));
  };
  socket.setNoDelay(true);
  socket.on('drain', () => socket.resume());
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk) => {
    try {
      const answers = reader.push(chunk).map(reply);
      if (answers.length === 0) return;
      const bytes = answers.length === 1 ? (answers[0] as Uint8Array) : Buffer.concat(answers);
      if (slowness) sendLater(bytes, slowness);
      else send(bytes);
    } catch {
      // Only framing errors come here: the place in the stream is lost, the client must connect again.
      socket.destroy();
    }
  });
}

/**
 * Serves a PLC's scan image by Modbus TCP on the loopback interface: functions 1–6, 15, 16 and 43/14. A request to
 * another unit id gets exception 11, an address outside the map 2, a value outside its range 3. Rejects with
 * `LL-SIM-PORT-TAKEN` when the port is not free.
 */
export async function serveModbus(scan: PlcScan, { port, slowness }: ModbusServerOptions): Promise<PlcServer> {
  const { plc } = scan;
  const image = createRegisterImage(scan);
  image.refresh();
  const reply = ({ transaction, unit, pdu }: MbapFrame) => {
    const own = unit === plc.unit;
    return encodeMbap(transaction, unit, own ? answer(pdu, plc, image) : encodeException(pdu, Exception.gatewayTarget));
  };
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    clients.add(socket);
    socket.once('close', () => clients.delete(socket));
    serveClient(socket, reply, slowness);
  });
  server.maxConnections = maxConnections;
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(listenError(plc, port, cause)));
    server.listen(port, plcHost, resolve);
  });
  const address = server.address();
  const actualPort = typeof address === 'object' && address ? address.port : port;
  return {
    plc,
    port: actualPort,
    endpoint: `tcp://${plcHost}:${actualPort}`,
    publish: () => image.refresh(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const client of clients) client.destroy();
      }),
  };
}
