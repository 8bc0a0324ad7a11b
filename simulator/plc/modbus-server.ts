import { createServer, Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { encodeMbap, type MbapFrame, MbapReader } from '../../drivers/modbus/frame.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { ServerDiagnostics } from './diagnostics.ts';
import { distort, drawFault, type Misbehaviour } from './misbehaviour.ts';
import { answerModbus, type ModbusUnit } from './modbus-answer.ts';
import { createRegisterImage } from './register-image.ts';
import type { PlcScan } from './scan.ts';
import { isPowered, listenError, type PlcServer, plcHost } from './server.ts';
import { clientNumber } from './traffic.ts';

/** Makes a PLC slow: every answer waits `delayMs()` on `clock`, in order. */
export interface Slowness {
  readonly clock: Clock;
  delayMs(): number;
}

/** What a PLC is like to its clients. */
export interface ModbusManners {
  readonly slowness?: Slowness;
  readonly misbehaviour?: Misbehaviour;
  /** Further PLCs behind the same port, each by its own unit id, like devices behind a serial bridge. */
  readonly beside?: readonly PlcScan[];
}

export interface ModbusServerOptions extends ModbusManners {
  /** 0 takes any free port. */
  readonly port: number;
}

/** How answers reach one client. */
interface Delivering {
  send(bytes: Uint8Array): void;
  reset(): void;
}

/** Answers of one burst leave together, at once or when the slow PLC is ready. */
function plainly({ send }: Delivering, slowness: Slowness | undefined): (answers: readonly Uint8Array[]) => void {
  let lastDueMs = 0;
  return (answers) => {
    const bytes = answers.length === 1 ? (answers[0] as Uint8Array) : Buffer.concat(answers);
    if (!slowness) return send(bytes);
    const { clock } = slowness;
    lastDueMs = Math.max(lastDueMs, clock.monotonicMs() + slowness.delayMs());
    clock.after(lastDueMs - clock.monotonicMs(), () => send(bytes));
  };
}

/** Each answer meets its own fate. */
function badly({ send, reset }: Delivering, misbehaviour: Misbehaviour): (answers: readonly Uint8Array[]) => void {
  const kept: Uint8Array[] = [];
  let mute = false;
  return (answers) => {
    for (const frame of answers) {
      if (mute) return;
      const { afterMs, pieces, withNext, after } = distort(drawFault(misbehaviour), frame, misbehaviour);
      mute = after === 'mute';
      if (withNext) {
        kept.push(...pieces);
        continue;
      }
      const deliver = () => {
        if (mute) return;
        const [first, ...others] = pieces;
        if (first) send(Buffer.concat([...kept.splice(0), first]));
        for (const piece of others) send(piece);
        if (after === 'reset') reset();
      };
      if (afterMs > 0) misbehaviour.clock.after(afterMs, deliver);
      else deliver();
    }
  };
}

/** Ends a client's connection the hard way, as a device does that is switched off. */
const reset = (client: Duplex) => (client instanceof Socket ? client.resetAndDestroy() : client.destroy());

/** Serves one client until it leaves or sends what cannot be a frame; requests may be pipelined. */
function serveClient(
  client: Duplex,
  reply: (frame: MbapFrame) => Uint8Array | undefined,
  { slowness, misbehaviour }: ModbusManners,
): void {
  const reader = new MbapReader();
  const delivering: Delivering = {
    // A client that does not read its answers is not listened to until it does: answers never pile up.
    send(bytes) {
      if (!client.destroyed && !client.write(bytes)) client.pause();
    },
    reset: () => reset(client),
  };
  const deliver = misbehaviour ? badly(delivering, misbehaviour) : plainly(delivering, slowness);
  client.on('drain', () => client.resume());
  client.on('error', () => client.destroy());
  client.on('data', (chunk: Uint8Array) => {
    try {
      const answers: Uint8Array[] = [];
      for (const frame of reader.push(chunk)) {
        const bytes = reply(frame);
        if (bytes) answers.push(bytes);
      }
      if (answers.length > 0) deliver(answers);
    } catch {
      // Only framing errors come here: the place in the stream is lost, the client must connect again.
      client.destroy();
    }
  });
}

/** The PLCs of one port by unit id; RangeError when two have the same. */
function unitsOf(scans: readonly PlcScan[]): ReadonlyMap<number, ModbusUnit> {
  const units = new Map<number, ModbusUnit>();
  for (const scan of scans) {
    const { plc } = scan;
    const other = units.get(plc.unit)?.plc;
    if (other) throw new RangeError(`${other.id} and ${plc.id} both are unit ${plc.unit} of one port`);
    const image = createRegisterImage(scan);
    image.refresh();
    units.set(plc.unit, { plc, image });
  }
  return units;
}

/** A PLC as its clients meet it, by whatever line they come. */
export interface ModbusFace {
  /** Takes a client of this address in; turned away without a word where the PLC has no supply or no room. */
  admit(client: Duplex, address: string): void;
  /** Shows clients the last scan, taken at `timeMs` (ms since epoch); drops them where the supply is gone. */
  publish(timeMs: number): void;
  /** Drops all clients. */
  close(): void;
}

/**
 * Answers for a PLC's scan image (and those of PLCs beside it) in Modbus TCP: functions 1–6, 15, 16 and 43/14. A request to
 * a unit id that nobody has gets exception 11, an address outside the map or a write to a read-only point 2, a written
 * value outside the point's range 3; a PLC without supply says nothing, and while the first one has none nobody can connect.
 * The first one tells of all clients of the port.
 */
export function faceModbus(scan: PlcScan, options: ModbusManners = {}): ModbusFace {
  const { plc } = scan;
  const { misbehaviour, beside = [] } = options;
  const units = unitsOf([scan, ...beside]);
  const diagnostics = new ServerDiagnostics(scan);
  const { traffic } = diagnostics;
  let nowMs = 0;
  const replyTo =
    (client: number) =>
    ({ transaction, unit, pdu }: MbapFrame) => {
      if (misbehaviour?.silentUnits?.has(unit)) return undefined;
      const asked = units.get(unit);
      if (asked && !isPowered(asked.plc)) return undefined;
      return encodeMbap(transaction, unit, answerModbus(pdu, asked, { client, traffic, nowMs }));
    };
  const clients = new Set<Duplex>();
  return {
    admit(client, address) {
      if (!isPowered(plc) || !diagnostics.grantsPlace()) {
        reset(client);
        return;
      }
      const number = clientNumber(address);
      clients.add(client);
      traffic.connect(number);
      client.once('close', () => {
        clients.delete(client);
        traffic.disconnect(number);
      });
      serveClient(client, replyTo(number), options);
    },
    publish(timeMs) {
      nowMs = timeMs;
      if (!isPowered(plc)) for (const client of clients) reset(client);
      diagnostics.show(timeMs);
      for (const { image } of units.values()) image.refresh();
    },
    close() {
      for (const client of clients) client.destroy();
    },
  };
}

/** Serves a PLC by Modbus TCP on the loopback interface; rejects with `LL-SIM-PORT-TAKEN` when the port is not free. */
export async function serveModbus(scan: PlcScan, options: ModbusServerOptions): Promise<PlcServer> {
  const { plc } = scan;
  const { port } = options;
  const face = faceModbus(scan, options);
  const server = createServer((socket) => {
    socket.setNoDelay(true);
    face.admit(socket, socket.remoteAddress ?? '');
  });
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
    publish: (timeMs) => face.publish(timeMs),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        face.close();
      }),
  };
}
