import type { WireFrame } from '../../core/diagnostics.ts';

/** A message of the wire as a line: `{"at":…,"sent":"0001…"}`, or `received`, in hexadecimal. */
export const encodeFrame = ({ at, direction, bytes }: WireFrame): string =>
  JSON.stringify({ at, [direction]: Buffer.from(bytes).toString('hex') });

/** That the connection broke, and why: `{"at":…,"broken":"LL-MODBUS-CLOSED"}`. */
export const encodeBreak = (at: number, code: string): string => JSON.stringify({ at, broken: code });
