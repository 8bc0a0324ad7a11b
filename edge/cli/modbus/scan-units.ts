import { ModbusLine } from '../../../drivers/modbus/line.ts';
import {
  describeException,
  encodeIdentificationRequest,
  encodeReadRequest,
  IdentificationCode,
  isGatewayException,
  parseIdentificationReply,
} from '../../../drivers/modbus/pdu.ts';
import { describeLine, type LineEndpoint, type TcpEndpoint } from '../../../drivers/modbus/place.ts';
import { type Clock, delay } from '../../core/clock.ts';
import { LifelineError } from '../../core/errors.ts';

/** A device that answered. */
export interface FoundDevice {
  readonly host: string;
  readonly port: number;
  readonly unit: number;
  /** From its identification (43/14); null where it tells nothing. */
  readonly vendor: string | null;
  readonly product: string | null;
  readonly revision: string | null;
  readonly name: string | null;
  /** What it answered to a read of one holding register: `register`, or the exception. */
  readonly answer: string;
}

/** Hands out turns at a steady rate, whoever asks: what a scan may do to a network and its devices. */
export class Pace {
  private readonly clock: Clock;
  private readonly gapMs: number;
  private nextMs = 0;

  constructor(clock: Clock, perSecond: number) {
    this.clock = clock;
    this.gapMs = 1000 / perSecond;
  }

  /** Resolves when it is this caller's turn, or early when the signal aborts. */
  async turn(signal: AbortSignal): Promise<void> {
    const now = this.clock.monotonicMs();
    this.nextMs = Math.max(this.nextMs, now);
    const waitMs = this.nextMs - now;
    this.nextMs += this.gapMs;
    if (waitMs > 0) await delay(this.clock, waitMs, signal);
  }
}

export interface ScanParts {
  readonly clock: Clock;
  readonly pace: Pace;
  readonly timeoutMs: number;
  readonly units: readonly number[];
  readonly signal: AbortSignal;
  found(device: FoundDevice): void;
  /** One unit of one address is done, or all the rest of an address where nobody listens. */
  stepped(units: number): void;
}

/** Addresses looked at at once; the pace holds for all of them together. */
const maxAtOnce = 16;

/** Asks every unit behind every address whether it is there; never rejects for what the network does. */
export async function scanAddresses(endpoints: readonly TcpEndpoint[], parts: ScanParts): Promise<void> {
  const queue = [...endpoints];
  const worker = async () => {
    for (let next = queue.shift(); next && !parts.signal.aborted; next = queue.shift()) await scanAddress(next, parts);
  };
  await Promise.all(Array.from({ length: Math.min(maxAtOnce, endpoints.length) }, worker));
}

/** Asks every unit behind one address whether it is there, one at a time; never rejects for what the network does. */
export async function scanAddress(endpoint: TcpEndpoint, parts: ScanParts): Promise<void> {
  const { units, signal, stepped } = parts;
  let left = units.length;
  let line: ModbusLine | undefined;
  try {
    for (const unit of units) {
      if (signal.aborted) break;
      line ??= await connect(endpoint, parts);
      const device = await probe(line, endpoint, unit, parts).catch((error: unknown) => {
        if (!(error instanceof LifelineError)) throw error;
        // some devices drop the connection at a unit they do not know: the next one gets a new one
        line?.close();
        line = undefined;
        return undefined;
      });
      if (device) parts.found(device);
      left--;
      stepped(1);
    }
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
  } finally {
    line?.close();
    stepped(left);
  }
}

/** An address where no connection comes about within the timeout is taken for empty. */
async function connect(endpoint: TcpEndpoint, { clock, pace, timeoutMs, signal }: ScanParts): Promise<ModbusLine> {
  await pace.turn(signal);
  const attempt = new AbortController();
  const giveUp = () => attempt.abort();
  const timer = clock.after(timeoutMs, giveUp);
  signal.addEventListener('abort', giveUp, { once: true });
  try {
    const line: LineEndpoint = { kind: 'tcp', ...endpoint };
    return await ModbusLine.open({
      endpoint: line,
      target: describeLine(line),
      timeoutMs,
      clock,
      signal: attempt.signal,
    });
  } finally {
    timer.cancel();
  }
}

/** The device behind a unit id; any answer but a gateway's "nobody there" means that there is one. */
async function probe(
  line: ModbusLine,
  { host, port }: TcpEndpoint,
  unit: number,
  { pace, signal }: ScanParts,
): Promise<FoundDevice | undefined> {
  await pace.turn(signal);
  const read = await line.ask(unit, encodeReadRequest('holding', 0, 1));
  if (read.kind === 'timeout') return undefined;
  if (read.kind === 'exception' && isGatewayException(read.exception)) return undefined;
  const answer = read.kind === 'answer' ? 'register' : `exception ${describeException(read.exception)}`;
  await pace.turn(signal);
  const told = await line.ask(unit, encodeIdentificationRequest(IdentificationCode.regular));
  const objects = told.kind === 'answer' ? parseIdentificationReply(told.pdu)?.objects : undefined;
  const text = (id: number) => objects?.get(id) ?? null;
  return { host, port, unit, vendor: text(0), product: text(1), revision: text(2), name: text(4), answer };
}
