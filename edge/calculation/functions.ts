/** What may stand at a place between the brackets of a function. */
export interface Parameter {
  readonly name: string;
  /**
   * `value`: any expression; `number`: a number as written; `bit`: 0 to 31; `duration`: a quoted time such as '5min';
   * `time-unit`: 's', 'min', 'h' or 'd' in quotes.
   */
  readonly kind: 'value' | 'number' | 'bit' | 'duration' | 'time-unit';
  /** Used when the argument is left out; in ms for durations and units of time. */
  readonly otherwise?: number;
}

export interface FunctionSpec {
  readonly parameters: readonly Parameter[];
  /** More values may follow, up to `maxValues` in all. */
  readonly open?: boolean;
  /** Looks back in time: the point needs a period. */
  readonly remembers?: boolean;
  readonly does: string;
  readonly unit: string;
  readonly example: string;
}

export const maxValues = 32;
export const hourMs = 3_600_000;
/** Windows of rate, delta and hold. */
export const windowLimitsMs = { low: 1000, high: 86_400_000 };

const value = (name: string): Parameter => ({ name, kind: 'value' });
const window = (name: string, otherwise: number): Parameter => ({ name, kind: 'duration', otherwise });
const per: Parameter = { name: 'per', kind: 'time-unit', otherwise: hourMs };

const alike = (does: string, example: string): FunctionSpec => ({
  ...{ parameters: [value('a')], open: true, does, unit: 'that of the first; the others are converted', example },
});
const bits = (does: string, example: string): FunctionSpec => ({
  ...{ parameters: [value('a'), value('b')], does, unit: 'none', example },
});

/** Every function of calculated points; the reference page is made from this. */
export const functions = {
  abs: { parameters: [value('a')], does: 'The amount without its sign.', unit: 'that of a', example: 'abs([a/x])' },
  sqrt: {
    ...{ parameters: [value('a')], does: 'Square root; of a negative value: bad.', unit: 'none' },
    example: 'sqrt([a/dp]) * 12.5',
  },
  min: alike('The least of its values.', 'min([a/p1], [a/p2])'),
  max: alike('The greatest of its values.', 'max([a/p1], [a/p2], 0)'),
  sum: alike('The sum of its values.', 'sum([a/q1], [a/q2], [a/q3])'),
  avg: alike('The mean of its values.', 'avg([a/t1], [a/t2])'),
  if: {
    parameters: [value('condition'), value('a'), value('b')],
    does: 'a while the condition is not 0, otherwise b. The quality is the worse of the condition and the value taken; the other does not matter.',
    unit: 'that of a; b is converted',
    example: 'if([a/run] == 1, [a/p], 0)',
  },
  good: {
    parameters: [value('a')],
    does: '1 while a is of good quality, otherwise 0; always good itself.',
    unit: 'none',
    example: 'if(good([a/p1]), [a/p1], [a/p2])',
  },
  bit: {
    parameters: [value('a'), { name: 'n', kind: 'bit' }],
    does: 'Bit n (0–31, 0 is the lowest) of the whole number a, as 0 or 1.',
    unit: 'none',
    example: 'bit([a/status], 3)',
  },
  and: bits(
    'Bits that both have. Bit functions take whole numbers of −2³¹ to 2³² − 1 and give 0 to 2³² − 1.',
    'and([a/status], 12)',
  ),
  or: bits('Bits that one of them has.', 'or([a/w1], [a/w2])'),
  xor: bits('Bits in which they differ.', 'xor([a/w1], [a/w2])'),
  shl: bits('a shifted left by b (0–31) bits; bits beyond the 32nd are lost.', 'shl([a/high], 16)'),
  shr: bits('a shifted right by b (0–31) bits, zeros coming in.', 'and(shr([a/status], 4), 15)'),
  rate: {
    parameters: [value('a'), window('window', 60_000), per],
    remembers: true,
    does: 'How fast a rises: its change over the window, per unit of time. Uncertain until a window has passed, bad before the second value.',
    unit: 'that of a per unit of time (Cel gives K)',
    example: "rate([a/level], '10min', 'h')",
  },
  delta: {
    parameters: [value('a'), window('window', 60_000)],
    remembers: true,
    does: 'The change of a over the window, which is kept in 60 steps. Uncertain until a window has passed, bad before the second value.',
    unit: 'that of a (Cel gives K)',
    example: "delta([a/level], '1h')",
  },
  hold: {
    parameters: [value('a'), window('window', 600_000)],
    remembers: true,
    does: 'The last value of a that was not bad, for at most the window; it is marked as substituted meanwhile.',
    unit: 'that of a',
    example: "hold([a/p], '10min')",
  },
  total: {
    parameters: [value('a'), per],
    remembers: true,
    does: 'The integral of a over time (trapezoids), a being per hour unless another unit of time is named. While a is bad, nothing is added and the total is bad; nothing is made up for gaps.',
    unit: 'that of a × the unit of time: m3/h gives m3',
    example: 'total([a/flow])',
  },
  counter: {
    parameters: [
      value('a'),
      { name: 'maxPerHour', kind: 'number' },
      { name: 'wrap', kind: 'number', otherwise: Number.POSITIVE_INFINITY },
    ],
    remembers: true,
    does: 'What a meter counted, over wraps (back to 0 at `wrap`, such as 65536), resets and exchanges. `maxPerHour` is the most that can be counted in an hour, in the unit of a: it tells an advance from an exchange.',
    unit: 'that of a',
    example: 'counter([a/energy], 500, 65536)',
  },
  runningHours: {
    parameters: [value('condition')],
    remembers: true,
    does: 'Hours during which the condition was not 0 and not bad.',
    unit: 'h',
    example: 'runningHours([a/run] == 1)',
  },
  starts: {
    parameters: [value('condition')],
    remembers: true,
    does: 'How often the condition went from 0 to something else, as far as seen without being bad.',
    unit: 'none',
    example: 'starts([a/run] == 1)',
  },
} as const satisfies Readonly<Record<string, FunctionSpec>>;

export type FunctionName = keyof typeof functions;

export const isFunction = (name: string): name is FunctionName => Object.hasOwn(functions, name);
export const specOf = (name: FunctionName): FunctionSpec => functions[name];
