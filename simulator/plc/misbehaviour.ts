import { Exception } from '../../drivers/modbus/pdu.ts';
import type { Clock } from '../../edge/core/clock.ts';
import type { Random } from '../../edge/core/random.ts';

/**
 * What a bad device, bridge or line does to an answer:
 *
 * - `late`: sends it `lateMs` later than it would have, overtaken by others;
 * - `swapped-id`, `wrong-unit`, `wrong-function`: another transaction id, unit or function code in it;
 * - `wrong-length`: a well-formed frame whose data is two bytes short;
 * - `lying-length`: a header that promises more or less than follows;
 * - `garbage`: random bytes instead;
 * - `fragments`: the right bytes one by one;
 * - `exception`: a well-formed refusal instead, busy or failed, that is over by the next request;
 * - `merged`: kept back until the next answer, with which it arrives in one piece;
 * - `silent`: nothing;
 * - `half-open`: nothing, nor ever again on this connection, which stays open;
 * - `reset`: half of it, then the connection is reset.
 */
export const modbusFaults = [
  'late',
  'swapped-id',
  'wrong-unit',
  'wrong-function',
  'wrong-length',
  'lying-length',
  'garbage',
  'fragments',
  'exception',
  'merged',
  'silent',
  'half-open',
  'reset',
] as const;
export type ModbusFault = (typeof modbusFaults)[number];

/** How a PLC misbehaves: drawn answer by answer from `random`, so that a seed and the same requests repeat it. */
export interface Misbehaviour {
  readonly clock: Clock;
  readonly random: Random;
  /** Share 0..1 of answers that each fault befalls; together at most 1. */
  readonly shares: Readonly<Partial<Record<ModbusFault, number>>>;
  readonly lateMs: number;
  /** Units that never answer, like a device behind a serial bridge that has lost power. */
  readonly silentUnits?: ReadonlySet<number>;
}

/** What leaves instead of an answer: pieces of bytes after a pause, or with the next answer. */
export interface Delivery {
  readonly afterMs: number;
  readonly pieces: readonly Uint8Array[];
  /** Whether the pieces wait for those of the next answer. */
  readonly withNext: boolean;
  /** What becomes of the connection afterwards: it lives, is reset, or stays open without another byte. */
  readonly after: 'lives' | 'reset' | 'mute';
}

/** Bytes before the PDU of a Modbus TCP frame; the length field stands at 4, the unit at 6, the function at 7. */
const headerBytes = 7;
const maxGarbageBytes = 300;

/** The fault that befalls the next answer; undefined for most. */
export function drawFault({ random, shares }: Misbehaviour): ModbusFault | undefined {
  let left = random.next();
  return modbusFaults.find((fault) => {
    left -= shares[fault] ?? 0;
    return left < 0;
  });
}

/** What a fault makes of a whole Modbus TCP frame. */
export function distort(fault: ModbusFault | undefined, frame: Uint8Array, { random, lateMs }: Misbehaviour): Delivery {
  return {
    afterMs: fault === 'late' ? lateMs : 0,
    pieces: piecesOf(fault, frame, random),
    withNext: fault === 'merged',
    after: fault === 'reset' ? 'reset' : fault === 'half-open' ? 'mute' : 'lives',
  };
}

function piecesOf(fault: ModbusFault | undefined, frame: Uint8Array, random: Random): readonly Uint8Array[] {
  switch (fault) {
    case 'swapped-id':
      return [changed(frame, 1, random)];
    case 'wrong-unit':
      return [changed(frame, headerBytes - 1, random)];
    case 'wrong-function':
      return [changed(frame, headerBytes, random)];
    case 'wrong-length':
      return [shortened(frame)];
    case 'lying-length':
      return [changed(frame, 5, random)];
    case 'garbage':
      return [Uint8Array.from({ length: random.integer(1, maxGarbageBytes) }, () => random.integer(0, 255))];
    case 'fragments':
      return Array.from(frame, (byte) => Uint8Array.of(byte));
    case 'exception':
      return [refusal(frame, random)];
    case 'silent':
    case 'half-open':
      return [];
    case 'reset':
      return [frame.subarray(0, frame.length >>> 1)];
    default:
      return [frame];
  }
}

/** The frame with one byte made different. */
function changed(frame: Uint8Array, at: number, random: Random): Uint8Array {
  const copy = frame.slice();
  copy[at] = (copy[at] as number) ^ random.integer(1, 255);
  return copy;
}

/** The frame as an exception answer (application protocol 1.1b3, section 7): function with its high bit set, one byte of reason. */
function refusal(frame: Uint8Array, random: Random): Uint8Array {
  const reason = random.next() < 0.5 ? Exception.busy : Exception.deviceFailure;
  const copy = frame.slice(0, headerBytes + 2);
  copy.set([0, copy.length - (headerBytes - 1)], 4);
  copy.set([(frame[headerBytes] as number) | 0x80, reason], headerBytes);
  return copy;
}

/** Two bytes less, with a length field that says so: whoever trusts the header alone takes a wrong value. */
function shortened(frame: Uint8Array): Uint8Array {
  const copy = frame.slice(0, Math.max(headerBytes + 1, frame.length - 2));
  const length = copy.length - (headerBytes - 1);
  copy[4] = length >>> 8;
  copy[5] = length;
  return copy;
}
