import { join } from 'node:path';
import type { RecordedDevice } from '../../../drivers/replay/recording-format.ts';
import { readRecordedLines } from '../../../drivers/replay/recording-source.ts';
import type { WireMoment } from '../../../simulator/plc/recorded-plc.ts';
import type { WireFrame } from '../../core/diagnostics.ts';
import { LifelineError } from '../../core/errors.ts';
import { recordErrors } from './errors.ts';

/** A message of the wire as a line: `{"at":…,"sent":"0001…"}`, or `received`, in hexadecimal. */
export const encodeFrame = ({ at, direction, bytes }: WireFrame): string =>
  JSON.stringify({ at, [direction]: Buffer.from(bytes).toString('hex') });

/** That the connection broke, and why: `{"at":…,"broken":"LL-MODBUS-CLOSED"}`. */
export const encodeBreak = (at: number, code: string): string => JSON.stringify({ at, broken: code });

/** Reads such a line; undefined for one that is cut off or none. */
function decode(line: string): WireMoment | undefined {
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  const { at, sent, received, broken } = row ?? {};
  if (typeof at !== 'number') return undefined;
  if (typeof broken === 'string') return { at, kind: 'broken' };
  const hex = sent ?? received;
  if (typeof hex !== 'string' || !/^([0-9a-f]{2})+$/.test(hex)) return undefined;
  return { at, kind: sent === undefined ? 'received' : 'sent', bytes: Uint8Array.from(Buffer.from(hex, 'hex')) };
}

/**
 * Everything that a recording tells of the wire of one device, as far as it is whole; what is wrong after that is told.
 * Throws `LL-RECORD-FRAMES` where there are no answers.
 */
export function readFrames(
  folder: string,
  { id, driver, frames }: RecordedDevice,
  problem: (error: LifelineError) => void,
): readonly WireMoment[] {
  const moments: WireMoment[] = [];
  try {
    for (const lines of frames ? readRecordedLines(folder, frames) : []) {
      for (const { line, text } of lines) {
        const moment = decode(text);
        if (!moment)
          throw recordErrors.create('CUT', `${join(folder, frames?.file ?? '')}:${line}: cut off or no frame`);
        moments.push(moment);
      }
    }
  } catch (cause) {
    if (!(cause instanceof LifelineError)) throw cause;
    problem(cause);
  }
  if (moments.some(({ kind }) => kind === 'received')) return moments;
  throw recordErrors.create('FRAMES', `${folder} holds no answers of ${id} (${driver})`);
}
