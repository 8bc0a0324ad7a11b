import { factorise, solveFactorised } from './cholesky.ts';
import type { PrincipalComponents } from './principal-components.ts';

/** With less than this share of the columns present a row says nothing. */
const LEAST_PRESENT = 0.5;
/** Patterns of missing columns whose factors are kept. */
const KEPT_PATTERNS = 64;

/**
 * Rows against principal components: Hotelling's T² in the plane, standardised squared prediction error (SPE) off it.
 * Missing columns (NaN) are left out and the scores estimated from the others, shrunk to the components' variances
 * (projection to the model plane, Nelson et al. 1996); they contribute nothing.
 */
export class Projection {
  readonly model: PrincipalComponents;
  /** Standardised residual of each column of the last row: e / its deviation; 0 where the column was missing. */
  readonly residuals: Float64Array;
  /** Scores of the last row. */
  readonly scores: Float64Array;
  /** Σ t²/variance of the last row over the number of components; 0 without components. */
  t2 = 0;
  /** Mean of the squared standardised residuals of the last row. */
  spe = 0;
  private readonly factors = new Map<string, Float64Array>();

  constructor(model: PrincipalComponents) {
    this.model = model;
    this.residuals = new Float64Array(model.width);
    this.scores = new Float64Array(model.count);
  }

  /** Takes a row of standardised columns; false, and nothing changed, when too much of it is missing. */
  project(row: Float64Array): boolean {
    const { width, count, vectors, variances, residualVariances } = this.model;
    const { scores, residuals } = this;
    const present = presentIn(row);
    if (present < Math.max(1, LEAST_PRESENT * width)) return false;
    for (let component = 0, base = 0; component < count; component++, base += width) {
      let sum = 0;
      if (present === width)
        for (let at = 0; at < width; at++) sum += (vectors[base + at] as number) * (row[at] as number);
      else
        for (let at = 0; at < width; at++) {
          const value = row[at] as number;
          if (!Number.isNaN(value)) sum += (vectors[base + at] as number) * value;
        }
      scores[component] = sum;
    }
    if (present < width) solveFactorised(this.factorFor(row), count, scores);
    let squares = 0;
    residuals.set(row);
    for (let component = 0, base = 0; component < count; component++, base += width) {
      const score = scores[component] as number;
      squares += score ** 2 / (variances[component] as number);
      for (let at = 0; at < width; at++)
        residuals[at] = (residuals[at] as number) - score * (vectors[base + at] as number);
    }
    this.t2 = count === 0 ? 0 : squares / count;
    let energy = 0;
    for (let at = 0; at < width; at++) {
      const left = residuals[at] as number;
      const residual = Number.isNaN(left) ? 0 : left / Math.sqrt(residualVariances[at] as number);
      residuals[at] = residual;
      energy += residual * residual;
    }
    this.spe = energy / present;
    return true;
  }

  /** Fills what was missing in the last row with what the others say of it, in place. */
  complete(row: Float64Array): void {
    const { width, count, vectors } = this.model;
    for (let at = 0; at < width; at++) {
      if (!Number.isNaN(row[at])) continue;
      let sum = 0;
      for (let component = 0; component < count; component++)
        sum += (this.scores[component] as number) * (vectors[component * width + at] as number);
      row[at] = sum;
    }
  }

  /** Cholesky factor of PₒPₒᵀ + σ²Λ⁻¹ over the present columns, σ² the mean residual variance. */
  private factorFor(row: Float64Array): Float64Array {
    const { width, count, vectors, variances, residualVariances } = this.model;
    let pattern = '';
    for (let at = 0; at < width; at++) pattern += Number.isNaN(row[at]) ? '0' : '1';
    const known = this.factors.get(pattern);
    if (known) return known;
    const noise = residualVariances.reduce((sum, value) => sum + value, 0) / width;
    const matrix = new Float64Array(count * count);
    for (let left = 0; left < count; left++)
      for (let right = 0; right <= left; right++) {
        let sum = left === right ? noise / (variances[left] as number) : 0;
        for (let at = 0; at < width; at++)
          if (!Number.isNaN(row[at]))
            sum += (vectors[left * width + at] as number) * (vectors[right * width + at] as number);
        matrix[left * count + right] = sum;
      }
    factorise(matrix, count);
    if (this.factors.size >= KEPT_PATTERNS) this.factors.clear();
    this.factors.set(pattern, matrix);
    return matrix;
  }
}

function presentIn(row: Float64Array): number {
  let present = 0;
  for (let at = 0; at < row.length; at++) if (!Number.isNaN(row[at])) present++;
  return present;
}
