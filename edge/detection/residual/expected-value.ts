import { type Profile, profileAt, type ResidualPart } from '../calibration.ts';
import type { Beyond } from '../out-of-model.ts';
import { termCount, writeTerms } from './terms.ts';

/** Share by which a value and its figure in a calibration may differ: both are rounded. */
const rounding = 1e-4;

function isWithin({ low, high }: Pick<Beyond, 'low' | 'high'>, value: number): boolean {
  const slack = Math.max((high - low) / 10, rounding * Math.abs(high));
  return value >= low - slack && value <= high + slack;
}

/** What a calibrated regression expects of one role. */
export class ExpectedValue {
  private readonly part: ResidualPart;
  private readonly inputs: Float64Array;
  private readonly terms: Float64Array;

  constructor(part: ResidualPart) {
    this.part = part;
    this.inputs = new Float64Array(part.of.length);
    this.terms = new Float64Array(termCount(part.of.length));
  }

  /**
   * b0 + Σ b·terms + course of the day, in the unit of the role.
   * @param values of the roles that it follows from, in their order
   */
  at(values: ArrayLike<number>, timeMs: number, utcOffsetMinutes: number): number {
    const { of, weights, daily } = this.part;
    for (let index = 0; index < of.length; index++) {
      const { centre, spread } = of[index] as ResidualPart['of'][number];
      this.inputs[index] = ((values[index] as number) - centre) / spread;
    }
    writeTerms(this.inputs, this.terms);
    let sum = weights[0] as number;
    for (let term = 0; term < this.terms.length; term++)
      sum += (weights[term + 1] as number) * (this.terms[term] as number);
    return daily ? sum + profileAt(daily as Profile, timeMs, utcOffsetMinutes) : sum;
  }

  /**
   * Whether all inputs lie where the regression has been trained, a tenth of the range beyond included; of one that never
   * moved, what rounding makes of it.
   */
  knows(values: ArrayLike<number>): boolean {
    return this.part.of.every((input, index) => isWithin(input, values[index] as number));
  }

  /** The inputs that lie beyond. */
  beyond(values: ArrayLike<number>): Beyond[] {
    return this.part.of.flatMap((input, index) => {
      const value = values[index] as number;
      const { role, low, high } = input;
      return isWithin(input, value) ? [] : [{ role, value, low, high }];
    });
  }
}
