import { createServer, type Server, type Socket } from 'node:net';
import { encodeMbap, type MbapFrame, MbapReader } from '../../drivers/modbus/frame.ts';
import { encodeException, encodeWriteReply, parseRequest } from '../../drivers/modbus/pdu.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { simulatorErrors } from '../city/errors.ts';
import { RegisterImage } from './register-image.ts';
import type { PlcScan } from './scan.ts';

/** Clients at once; a further one is closed at once, as small PLCs do. */
const maxConnections = 16;

/** A PLC's server of any protocol. */
export interface PlcServer {
  /** `tcp://127.0.0.1:10502`, known once started. */
  readonly endpoint: string;
  /** Listens; rejects with LL-SIM-PORT-TAKEN. */
  start(): Promise<void>;
  /** Publishes what the last scan saw. */
  refresh(): void;
  /** Ends all connections; may be called twice. */
  stop(): Promise<void>;
}

export interface ModbusServerOptions {
  readonly scan: PlcScan;
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  readonly clock: Clock;
  /** Time that the PLC takes for an answer, ms; 0 answers at once. */
  readonly answerDelayMs?: number;
}

/** A PLC behind Modbus TCP: function codes 1–6, 15 and 16, pipelined requests answered in order, a foreign unit id not at all. */
export function createModbusServer(options: ModbusServerOptions): PlcServer {
  const { scan, host } = options;
  const image = new RegisterImage(scan);
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  let port = options.port;
  return {
    get endpoint() {
      return `tcp://${host}:${port}`;
    },
    async start() {
      server = createServer({ noDelay: true }, (socket) => serve(socket, image, options, sockets));
      server.maxConnections = maxConnections;
      port = await listen(server, host, options.port, scan.plc.id);
    },
    refresh: () => image.refresh(),
    stop() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => (server?.listening ? server.close(() => resolve()) : resolve()));
    },
  };
}

function listen(server: Server, host: string, port: number, plc: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE'
          ? simulatorErrors.create(
              'PORT-TAKEN',
              `PLC ${plc} cannot listen on ${host}:${port}: the port is taken`,
              cause,
            )
          : cause,
      ),
    );
    server.listen(port, host, () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : port);
    });
  });
}

function serve(socket: Socket, image: RegisterImage, options: ModbusServerOptions, sockets: Set<Socket>): void {
  const reader = new MbapReader();
  const { unit } = options.scan.plc;
  const delayMs = options.answerDelayMs ?? 0;
  sockets.add(socket);
  socket.on('close', () => sockets.delete(socket));
  socket.on('error', () => socket.destroy());
  socket.on('data', (chunk: Buffer) => {
    let frames: MbapFrame[];
    try {
      frames = reader.push(chunk);
    } catch {
      socket.destroy();
      return;
    }
    const answers = frames
      .filter((frame) => frame.unit === unit)
      .map((frame) => encodeMbap(frame.transaction, frame.unit, answer(frame.pdu, image)));
    if (answers.length === 0) return;
    const send = () => socket.write(answers.length === 1 ? (answers[0] as Uint8Array) : Buffer.concat(answers));
    if (delayMs > 0) options.clock.after(delayMs, send);
    else send();
  });
}

/** The answer to one request. */
function answer(pdu: Uint8Array, image: RegisterImage): Uint8Array {
  const request = parseRequest(pdu);
  if (request.kind === 'refused') return encodeException(pdu, request.exception);
  if (request.kind === 'read') {
    const reply = image.read(request.table, request.address, request.count);
    return typeof reply === 'number' ? encodeException(pdu, reply) : reply;
  }
  const exception = image.write(request.table, request.address, request.values);
  return exception === 0 ? encodeWriteReply(pdu) : encodeException(pdu, exception);
}
