import { ModbusClient, prepareRead, type ReadOutcome } from '../../../drivers/modbus/client.ts';
import { ModbusLink } from '../../../drivers/modbus/link.ts';
import { openLine } from '../../../drivers/modbus/open-line.ts';
import type { Clock } from '../../core/clock.ts';
import { LifelineError } from '../../core/errors.ts';
import type { ModbusTarget } from './target.ts';

const levels = [1, 2, 4, 8, 16] as const;
/** Reads of each level: enough for a rate, little for a device. */
const readsOfLevel = 64;
/** More requests at once are worth while when they are faster by so much. */
const worthWhile = 1.2;

/** How a device took so many requests at once. */
export interface InFlightRow {
  readonly inFlight: number;
  readonly readsPerS: number;
  /** Median, ms. */
  readonly roundTripMs: number;
  /** Empty when every answer was right. */
  readonly problem: string;
}

export interface InFlightReport {
  readonly rows: readonly InFlightRow[];
  /** What `maxInFlight` may be. */
  readonly recommended: number;
}

/**
 * Reads one place with 1, 2, 4, 8 and 16 requests in flight, each of another length so that mixed-up answers are seen, until
 * the device fails. Each step has a connection of its own. Rejects with `LL-MODBUS-CONNECT`.
 */
export async function measureInFlight(
  target: ModbusTarget,
  parts: { readonly clock: Clock; readonly timeoutMs: number; readonly address: number; readonly signal: AbortSignal },
): Promise<InFlightReport> {
  const rows: InFlightRow[] = [];
  let best: InFlightRow | undefined;
  for (const inFlight of levels) {
    const row = await measure(target, inFlight, parts);
    rows.push(row);
    if (row.problem !== '') break;
    if (!best || row.readsPerS > worthWhile * best.readsPerS) best = row;
  }
  return { rows, recommended: best?.inFlight ?? 1 };
}

async function measure(
  { endpoint, unit, name }: ModbusTarget,
  inFlight: number,
  { clock, timeoutMs, address, signal }: Parameters<typeof measureInFlight>[1],
): Promise<InFlightRow> {
  const stream = await openLine(endpoint, name, { clock }, signal);
  let problem = '';
  const fail = (what: string) => {
    problem ||= what;
  };
  const link = new ModbusLink(stream, { clock, maxInFlight: inFlight, mixedUp: () => fail('answers mixed up') });
  const client = new ModbusClient(link, { target: name, timeoutMs, lost: (error) => fail(error.message) });
  const tookMs: number[] = [];
  const lane = async (registers: number) => {
    const read = prepareRead(unit, 'holding', address, registers);
    for (let reads = 0; reads < readsOfLevel / inFlight && problem === '' && !signal.aborted; reads++) {
      const sentMs = clock.monotonicMs();
      const outcome = await client.read(read, new Uint16Array(registers));
      tookMs.push(clock.monotonicMs() - sentMs);
      fail(complaintOf(outcome, registers));
    }
  };
  const fromMs = clock.monotonicMs();
  try {
    await Promise.all(Array.from({ length: inFlight }, (_, index) => lane(1 + index)));
  } catch (error) {
    if (!(error instanceof LifelineError)) throw error;
    fail(error.message);
  } finally {
    client.close();
  }
  const forS = (clock.monotonicMs() - fromMs) / 1000;
  const median = tookMs.sort((a, b) => a - b)[tookMs.length >>> 1] ?? 0;
  const round = (value: number, digits: number) => Number(value.toFixed(digits));
  return { inFlight, readsPerS: round(tookMs.length / forS, 0), roundTripMs: round(median, 1), problem };
}

function complaintOf(outcome: ReadOutcome, registers: number): string {
  if (outcome.kind === 'values') return '';
  if (outcome.kind === 'timeout') return 'an answer is missing';
  return `exception ${outcome.exception} to a read of ${registers} registers; choose others with --address`;
}
