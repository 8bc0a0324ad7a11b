import { placeOf32 } from './float-order.ts';

/** How a tag's raw counts become its values: value = count × scale + offset. */
export interface Scaling {
  readonly scale: number;
  readonly offset: number;
}

/** Numbers as whole ones. */
export interface Whole {
  readonly kind: 'scaled' | 'decimal' | 'decimal32' | 'place32';
  /** Decimal places, for the decimal kinds. */
  readonly places: number;
  readonly integers: Float64Array;
}

const maxPlaces = 9;
/** More places than this say nothing about a float32 that its bits do not say shorter. */
const maxPlaces32 = 5;
/** Whole numbers beyond this would not survive a difference. */
const maxInteger = 2 ** 50;
/** Ten to the power of the places. */
export const powers: readonly number[] = Array.from({ length: maxPlaces + 1 }, (_, places) => 10 ** places);

/** Numbers as counts of a scaling, or decimals, also of float32 origin; undefined where one would not come back exactly. */
export function wholeOf(numbers: Float64Array, scaling: Scaling): Whole | undefined {
  return asScaled(numbers, scaling) ?? asDecimals(numbers) ?? asDecimals32(numbers);
}

/** Numbers of which each is a float32, by their places among these. */
export function placesOf(numbers: Float64Array): Whole {
  let last = 0;
  const integers = numbers.map((value) => {
    if (!Number.isNaN(value)) last = placeOf32(value);
    return last;
  });
  return { kind: 'place32', places: 0, integers };
}

export function isFloat32(numbers: Float64Array): boolean {
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row] as number;
    if (Math.fround(value) !== value && !Number.isNaN(value)) return false;
  }
  return true;
}

function asScaled(numbers: Float64Array, { scale, offset }: Scaling): Whole | undefined {
  if (scale === 0 || (scale === 1 && offset === 0)) return undefined;
  const integers = wholeNumbers(
    numbers,
    (value) => Math.round((value - offset) / scale),
    (integer) => integer * scale + offset,
  );
  return integers && { kind: 'scaled', places: 0, integers };
}

function asDecimals(numbers: Float64Array): Whole | undefined {
  let places = 0;
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row] as number;
    while (
      !Number.isNaN(value) &&
      Math.round(value * (powers[places] as number)) / (powers[places] as number) !== value
    ) {
      if (++places > maxPlaces) return undefined;
    }
  }
  const power = powers[places] as number;
  const integers = wholeNumbers(
    numbers,
    (value) => Math.round(value * power),
    (integer) => integer / power,
  );
  return integers && { kind: 'decimal', places, integers };
}

function asDecimals32(numbers: Float64Array): Whole | undefined {
  if (!isFloat32(numbers)) return undefined;
  let places = 0;
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row] as number;
    while (
      !Number.isNaN(value) &&
      Math.fround(Math.round(value * (powers[places] as number)) / (powers[places] as number)) !== value
    ) {
      if (++places > maxPlaces32) return undefined;
    }
  }
  const power = powers[places] as number;
  const integers = wholeNumbers(
    numbers,
    (value) => Math.round(value * power),
    (integer) => Math.fround(integer / power),
  );
  return integers && { kind: 'decimal32', places, integers };
}

/** The whole numbers of all values, each NaN repeating the one before; undefined when one does not come back exactly. */
function wholeNumbers(
  numbers: Float64Array,
  toInteger: (value: number) => number,
  toValue: (integer: number) => number,
): Float64Array | undefined {
  const integers = new Float64Array(numbers.length);
  let last = 0;
  for (let row = 0; row < numbers.length; row++) {
    const value = numbers[row] as number;
    if (!Number.isNaN(value)) {
      last = toInteger(value) + 0; // + 0 turns −0 into 0
      if (!(Math.abs(last) <= maxInteger) || !Object.is(toValue(last), value)) return undefined;
    }
    integers[row] = last;
  }
  return integers;
}
