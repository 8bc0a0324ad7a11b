import { type Profile, profileAt, type ResidualPart } from '../calibration.ts';
import type { Beyond } from '../out-of-model.ts';
import { Leverage, mostWidening, wideningOf } from './reach.ts';
import { termCount, writeTerms } from './terms.ts';

/** Share by which a value and its figure in a calibration may differ: both are rounded. */
const rounding = 1e-4;

function isWithin({ low, high }: Pick<Beyond, 'low' | 'high'>, value: number): boolean {
  const slack = Math.max((high - low) / 10, rounding * Math.abs(high));
  return value >= low - slack && value <= high + slack;
}

type Input = ResidualPart['of'][number];

/** What a calibrated regression expects of one role. */
export class ExpectedValue {
  private readonly part: ResidualPart;
  private readonly inputs: Float64Array;
  private readonly terms: Float64Array;
  private readonly leverage: Leverage | undefined;

  constructor(part: ResidualPart) {
    this.part = part;
    this.leverage = part.reach && new Leverage(part.of, part.reach.factor);
    this.inputs = new Float64Array(part.of.length);
    this.terms = new Float64Array(termCount(part.of.length));
  }

  /**
   * b0 + Σ b·terms + course of the day, in the unit of the part; beyond what was taught the bound of it that is known.
   * @param values of the roles that it follows from, in their order
   */
  at(values: ArrayLike<number>, timeMs: number, utcOffsetMinutes: number): number {
    const { of, weights, daily, moves, rises = 0 } = this.part;
    let beyond = 1;
    for (let index = 0; index < of.length; index++) {
      const input = of[index] as Input;
      const value = values[index] as number;
      const border = this.borderOf(input, value);
      this.inputs[index] = ((border ?? value) - input.centre) / input.spread;
      if (border !== undefined)
        beyond = moves === 'down' ? Math.min(beyond, value / border) : Math.max(beyond, value / border);
    }
    writeTerms(this.inputs, this.terms);
    let sum = weights[0] as number;
    for (let term = 0; term < this.terms.length; term++)
      sum += (weights[term + 1] as number) * (this.terms[term] as number);
    const level = daily ? sum + profileAt(daily as Profile, timeMs, utcOffsetMinutes) : sum;
    return beyond === 1 ? level : level * beyond ** rises;
  }

  /** The border that stands for an input beyond what was taught; undefined where it needs none, or none is known. */
  private borderOf(input: Input, value: number): number | undefined {
    if (this.part.rises === undefined || isWithin(input, value)) return undefined;
    const border = value > input.high ? input.high : input.low;
    return border > 0 && value >= 0 ? border : undefined;
  }

  /**
   * How many times as far as usual a value may lie from what these inputs let expect: 1 where each of them lies within what
   * was taught, a tenth of the range beyond included (of one that never moved, what rounding makes of it); ∞ where one has moved
   * that never did, and further out than was ever tried.
   */
  widening(values: ArrayLike<number>): number {
    const { of, reach } = this.part;
    const beyond = of.filter((input, index) => this.isUnknown(input, values[index] as number));
    if (beyond.length === 0) return 1;
    if (!this.leverage || !reach || beyond.some(({ low, high }) => low === high)) return Number.POSITIVE_INFINITY;
    const leverage = this.leverage.at(values);
    return leverage > reach.furthest ? Number.POSITIVE_INFINITY : wideningOf(leverage, reach);
  }

  /** Whether a value can be judged by these inputs at all. */
  knows(values: ArrayLike<number>): boolean {
    return this.widening(values) <= mostWidening;
  }

  /** The inputs that lie beyond what was taught. */
  beyond(values: ArrayLike<number>): Beyond[] {
    return this.part.of.flatMap((input, index) => {
      const value = values[index] as number;
      const { role, low, high } = input;
      return this.isUnknown(input, value) ? [{ role, value, low, high }] : [];
    });
  }

  private isUnknown(input: Input, value: number): boolean {
    return !isWithin(input, value) && this.borderOf(input, value) === undefined;
  }
}
