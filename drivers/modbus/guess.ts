import { both, type Text } from '../../edge/core/text.ts';
import type { NumberType, WordOrder } from '../api.ts';
import { textGuesses, timeGuesses } from './guess-texts.ts';
import type { Guess } from './guessed.ts';
import { decodeValue, registersOf } from './registers.ts';

/** Plausible range of a value by its unit, as instruments of city utilities are built. */
export const unitRanges: Readonly<Record<string, readonly [number, number]>> = {
  Pa: [-10_000, 1_000_000],
  kPa: [-100, 4000],
  MPa: [-0.1, 10],
  bar: [-1, 100],
  Cel: [-60, 200],
  '°C': [-60, 200],
  K: [200, 480],
  'm3/h': [-20_000, 20_000],
  'Nm3/h': [-100_000, 100_000],
  'L/s': [-6000, 6000],
  'kg/s': [-6000, 6000],
  'm/s': [-60, 60],
  'mm/s': [0, 1000],
  m: [-50, 500],
  mm: [-50_000, 50_000],
  m3: [0, 1e9],
  Nm3: [0, 1e9],
  GJ: [0, 1e8],
  kWh: [0, 1e9],
  W: [-1e6, 1e6],
  kW: [-20_000, 20_000],
  MW: [-500, 500],
  V: [0, 36_000],
  A: [-3000, 3000],
  Hz: [0, 400],
  rpm: [0, 20_000],
  '%': [-10, 110],
  NTU: [0, 1000],
  pH: [0, 14],
  'mg/L': [0, 1000],
  'mg/m3': [0, 10_000],
  ppm: [0, 100_000],
  lx: [0, 150_000],
  h: [0, 200_000],
  s: [0, 1e9],
};
/** Where nothing is known of the unit. */
const anyUnit: readonly [number, number] = [-1e6, 1e6];

const singleOrders: readonly WordOrder[] = ['abcd', 'badc'];
const doubleOrders: readonly WordOrder[] = ['abcd', 'cdab', 'badc', 'dcba'];
const quadOrders: readonly WordOrder[] = ['abcdefgh', 'ghefcdab', 'badcfehg', 'hgfedcba'];

/** Types by how often meters and controllers use them, with what that is worth. */
const candidates: readonly { readonly type: NumberType; readonly prior: number }[] = [
  { type: 'float32', prior: 1 },
  { type: 'int16', prior: 0.9 },
  { type: 'uint16', prior: 0.9 },
  { type: 'uint32', prior: 0.85 },
  { type: 'int32', prior: 0.8 },
  { type: 'float64', prior: 0.8 },
  // any number without the digits A–F can be read as decimal digits, so that these come after the binary ones
  { type: 'bcd32', prior: 0.75 },
  { type: 'bcd16', prior: 0.7 },
  { type: 'uint64', prior: 0.6 },
  { type: 'int64', prior: 0.6 },
  { type: 'mod10k48', prior: 0.55 },
  { type: 'mod10k64', prior: 0.55 },
  { type: 'exponent-int24', prior: 0.5 },
  { type: 'exponent-uint24', prior: 0.5 },
  { type: 'mantissa-exponent32', prior: 0.5 },
];
const ordersOf: Readonly<Record<number, readonly WordOrder[]>> = {
  1: singleOrders,
  2: doubleOrders,
  3: doubleOrders,
  4: quadOrders,
};
/** Integers so wide that their first byte stays empty for decades. */
const binary: ReadonlySet<NumberType> = new Set<NumberType>(['int32', 'uint32', 'int64', 'uint64']);
/** Types that carry their own point. */
const pointed: ReadonlySet<NumberType> = new Set<NumberType>([
  ...(['float32', 'float64', 'exponent-int24', 'exponent-uint24', 'mantissa-exponent32'] as const),
]);

/** Swapped bytes inside a register are rarer than swapped registers, and settle what nothing else can. */
const rareOrders: ReadonlySet<WordOrder> = new Set<WordOrder>(['badc', 'dcba', 'badcfehg', 'hgfedcba']);
const rareWorth = 0.97;

/** Scales that integers are published with, and what each further digit costs. */
const scales: readonly (readonly [number, number])[] = [
  [1, 1],
  [0.1, 0.85],
  [0.01, 0.75],
  [0.001, 0.6],
];
/** A span is more often one wide value than several narrow ones of the same unit. */
const severalWorth = 0.8;
/** A part of the range this small is no measured value but the trace of a wrong exponent. */
const tiniestShare = 1e-7;
const smallShare = 1e-4;
/** Where less than this part of the range is below zero, negative values are the exception. */
const rareNegativeShare = 0.1;
/** A change of this part of the value, or of the range, from one reading to the next is what plants do. */
const steadyShare = 0.05;
const steadyRangeShare = 0.002;

/**
 * Every type and order that a span of registers can be read as, those that look like physical values of the unit
 * first. `readings` are two or more readings of the same span, some seconds apart: the wrong byte order turns the noise
 * of a measurement into jumps of its exponent. Without a unit it may be a text or a clock as well.
 */
export function rankGuesses(readings: readonly Uint16Array[], unit: string | undefined): Guess[] {
  const last = readings.at(-1) ?? new Uint16Array(0);
  const before = readings.at(-2) ?? last;
  const range = unitRanges[unit ?? ''] ?? anyUnit;
  const guesses = candidates.flatMap(({ type, prior }) => {
    const width = registersOf(type);
    if (width > last.length || last.length % width !== 0) return [];
    return (ordersOf[width] ?? []).map((order) => {
      const decode = (cells: Uint16Array) =>
        Array.from({ length: cells.length / width }, (_, index) => decodeValue(type, order, cells, index * width));
      return judge(type, order, prior, decode(last), decode(before), range);
    });
  });
  if (unit === undefined) guesses.push(...textGuesses(last, before), ...timeGuesses(last, before));
  return guesses.sort((a, b) => b.score - a.score);
}

function judge(
  type: NumberType,
  order: WordOrder,
  prior: number,
  values: readonly number[],
  before: readonly number[],
  range: readonly [number, number],
): Guess {
  const float = pointed.has(type);
  const full = binary.has(type) ? 2 ** (registersOf(type) * 16 - 8) : Number.POSITIVE_INFINITY;
  const rated = (float ? scales.slice(0, 1) : scales).map(([scale, worth]) => {
    const marks = values.map((value, index) => rate(value, before[index] ?? value, { scale, float, range, full }));
    const worst = marks.reduce((one, other) => (other.score < one.score ? other : one));
    const score = worst.score * worth * prior * (values.length > 1 ? severalWorth : 1);
    return { scale, score: rareOrders.has(order) ? score * rareWorth : score, why: worst.why };
  });
  const best = rated.reduce((one, other) => (other.score > one.score ? other : one));
  return { type, order, scale: best.scale, values, before, score: Math.round(best.score * 1000) / 1000, why: best.why };
}

interface Mark {
  readonly score: number;
  readonly why: Text;
}

/** How values of one reading are looked at. */
interface View {
  readonly scale: number;
  readonly float: boolean;
  readonly range: readonly [number, number];
  /** From this size on a wide integer fills its first byte, as totals do only after decades. */
  readonly full: number;
}

/** What one value is worth, and why. */
function rate(raw: number, rawBefore: number, { scale, float, range, full }: View): Mark {
  const [low, high] = range;
  const value = raw * scale;
  if (!Number.isFinite(value)) return { score: 0, why: both('not a number', '不是数') };
  if (value < low || value > high)
    return { score: 0.05, why: both('outside what such instruments show', '超出此类仪表的量程') };
  if (value === 0) return { score: 0.5, why: both('zero says nothing', '零无从判断') };
  if (Math.abs(value) < (high - low) * tiniestShare)
    return { score: 0.02, why: both('too small to be measured', '小到无法测量') };
  const step = Math.abs(value - rawBefore * scale);
  if (!(step <= Math.max(Math.abs(value) * steadyShare, (high - low) * steadyRangeShare))) {
    return { score: 0.1, why: both('jumps from one reading to the next', '两次读数间跳变') };
  }
  if (value < 0 && -low < (high - low) * rareNegativeShare)
    return { score: 0.6, why: both('negative, which is rare here', '为负，此处少见') };
  if (!float && Math.abs(raw) >= full)
    return { score: 0.6, why: both('within range, but uncommonly large', '在量程内，但大得少见') };
  if (!float) return { score: value < 0 ? 0.7 : 0.9, why: both('steady, within range', '稳定，在量程内') };
  if (Math.abs(value) < (high - low) * smallShare)
    return { score: 0.7, why: both('within range, but uncommonly small', '在量程内，但小得少见') };
  return rateFloat(value, step);
}

/** A measured float32 carries few digits, or digits that move; many digits that stand still are a wrong exponent's. */
function rateFloat(value: number, step: number): Mark {
  const digits = String(Math.abs(value)).replace(/e.*$/, '').replace('.', '').replace(/^0+/, '').length;
  if (step > 0) return { score: 1, why: both('moves a little, within range', '略有变化，在量程内') };
  if (digits <= 6) return { score: 0.95, why: both('round, within range', '为整，在量程内') };
  return { score: 0.75, why: both('within range, stands still', '在量程内，静止不变') };
}
