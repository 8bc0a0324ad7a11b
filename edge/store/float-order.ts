/** A kind of float whose numbers can be counted: neighbours are one apart, −0 and 0 too. */
export interface FloatOrder {
  /** Bits of precision after the first. */
  readonly fraction: number;
  /** How far the second number lies above the first, counted in numbers of this kind. */
  distance(from: number, to: number): number;
  /** The number so far above another. */
  above(from: number, distance: number): number;
}

const floats = new Float32Array(1);
const bits32 = new Int32Array(floats.buffer);
const doubles = new Float64Array(1);
const bits64 = new BigInt64Array(doubles.buffer);
const lowest64 = -(2n ** 63n);

/** The place of a float32 among all of them, 0 for 0 and −1 for −0. */
export function placeOf32(value: number): number {
  floats[0] = value;
  const bits = bits32[0] as number;
  return bits < 0 ? -1 - (bits & 0x7fffffff) : bits;
}

/** The float32 at a place. */
export function float32At(place: number): number {
  bits32[0] = place < 0 ? (-1 - place) | 0x80000000 : place;
  return floats[0] as number;
}

function placeOf64(value: number): bigint {
  doubles[0] = value;
  const bits = bits64[0] as bigint;
  return bits < 0n ? lowest64 - bits - 1n : bits;
}

function float64At(place: bigint): number {
  bits64[0] = place < 0n ? lowest64 - place - 1n : place;
  return doubles[0] as number;
}

export const order32: FloatOrder = {
  fraction: 23,
  distance: (from, to) => placeOf32(to) - placeOf32(from),
  above: (from, distance) => float32At(placeOf32(from) + distance),
};

export const order64: FloatOrder = {
  fraction: 52,
  distance: (from, to) => Number(placeOf64(to) - placeOf64(from)),
  above: (from, distance) => float64At(placeOf64(from) + BigInt(distance)),
};
