/** Unit, function and count of a read in a Modbus TCP frame. */
const unitAt = 6;
const functionAt = 7;
const countAt = 10;
const lastBitFunction = 2;
const lastReadFunction = 4;

/**
 * What of a request its answer repeats, beside the transaction id: unit, function and, for reads, the number of bytes. Two
 * requests that are alike could have their answers mistaken for each other by a device that mixes ids up, and neither
 * side would notice (an answer to a read carries no address: Modbus Application Protocol 1.1b3, 6.1–6.4).
 */
export function likenessOf(frame: Uint8Array): number {
  const code = frame[functionAt] as number;
  const kind = ((frame[unitAt] as number) << 16) | (code << 8);
  if (code > lastReadFunction) return kind;
  const count = ((frame[countAt] as number) << 8) | (frame[countAt + 1] as number);
  return kind | (code <= lastBitFunction ? (count + 7) >>> 3 : count * 2);
}
