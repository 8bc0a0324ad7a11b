import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { factorise, solveFactorised } from '../../edge/detection/multivariate/cholesky.ts';
import { fitPrincipalComponents } from '../../edge/detection/multivariate/principal-components.ts';
import { Projection } from '../../edge/detection/multivariate/projection.ts';
import { fitRegressions, regressionResiduals } from '../../edge/detection/multivariate/regressions.ts';
import { symmetricEigen } from '../../edge/detection/multivariate/symmetric-eigen.ts';

type Matrix = number[][];
const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => b[0]!.map((_, column) => row.reduce((sum, value, at) => sum + value * b[at]![column]!, 0)));
const transposed = (a: Matrix): Matrix => a[0]!.map((_, column) => a.map((row) => row[column]!));

/** A covariance of `width` columns with `causes` strong common causes. */
function covarianceOf(seed: number, width: number, causes: number): Matrix {
  const random = seededRandom(seed, 'covariance');
  const loads = Array.from({ length: width }, () => Array.from({ length: causes }, () => random.normal()));
  const common = multiply(loads, transposed(loads));
  return common.map((row, at) => row.map((value, column) => value + (at === column ? 0.1 + 0.1 * random.next() : 0)));
}

const shape = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  width: fc.integer({ min: 2, max: 14 }),
  causes: fc.integer({ min: 1, max: 4 }),
});

describe('eigenvalues and vectors', () => {
  it('put the matrix together again, in descending order, at right angles', () => {
    fc.assert(
      fc.property(shape, ({ seed, width, causes }) => {
        const matrix = covarianceOf(seed, width, causes);
        const { values, vectors } = symmetricEigen(Float64Array.from(matrix.flat()), width);
        const rows = Array.from({ length: width }, (_, at) => [...vectors.subarray(at * width, (at + 1) * width)]);
        const scaled = rows.map((row, at) => row.map((value) => value * values[at]!));
        const again = multiply(transposed(rows), scaled);
        const unit = multiply(rows, transposed(rows));
        for (let left = 0; left < width; left++)
          for (let right = 0; right < width; right++) {
            expect(again[left]![right]!).toBeCloseTo(matrix[left]![right]!, 8);
            expect(unit[left]![right]!).toBeCloseTo(left === right ? 1 : 0, 9);
          }
        expect([...values]).toEqual([...values].sort((a, b) => b - a));
      }),
      { numRuns: 40 },
    );
  });
});

describe('T² and SPE', () => {
  it('are what direct matrix algebra gives', () => {
    fc.assert(
      fc.property(shape, ({ seed, width, causes }) => {
        const model = fitPrincipalComponents(Float64Array.from(covarianceOf(seed, width, causes).flat()), width, 0.95);
        const random = seededRandom(seed, 'row');
        const row = Float64Array.from({ length: width }, () => random.normal());
        const projection = new Projection(model);
        expect(projection.project(row)).toBe(true);
        const p: Matrix = Array.from({ length: model.count }, (_, at) => [
          ...model.vectors.subarray(at * width, (at + 1) * width),
        ]);
        const plane = multiply(transposed(p), p);
        const left = row.map((value, at) => value - row.reduce((sum, other, to) => sum + plane[at]![to]! * other, 0));
        const spe = left.reduce((sum, value, at) => sum + value ** 2 / model.residualVariances[at]!, 0) / width;
        const inverse = multiply(
          transposed(p.map((component, at) => component.map((value) => value / model.variances[at]!))),
          p,
        );
        const t2 = row.reduce(
          (sum, value, at) => sum + value * row.reduce((part, other, to) => part + inverse[at]![to]! * other, 0),
          0,
        );
        expect(projection.spe).toBeCloseTo(spe, 6);
        expect(projection.t2).toBeCloseTo(t2 / model.count, 6);
      }),
      { numRuns: 40 },
    );
  });

  it('keep the fewest components that carry 95 % of the variance', () => {
    const covariance = Float64Array.from([90, 0, 0, 0, 6, 0, 0, 0, 4]);
    const model = fitPrincipalComponents(covariance, 3, 0.95);
    expect([...model.variances]).toEqual([90, 6]);
    expect(fitPrincipalComponents(covariance, 3, 0.9).count).toBe(1);
  });

  it('of a row with a missing column are those of the others, and find what is wrong with them', () => {
    const width = 8;
    const model = fitPrincipalComponents(Float64Array.from(covarianceOf(3, width, 2).flat()), width, 0.95);
    const projection = new Projection(model);
    const normal = Float64Array.from({ length: width }, (_, at) => 2 * model.vectors[at]! + model.vectors[width + at]!);
    projection.project(normal);
    const whole = { spe: projection.spe, t2: projection.t2 };
    normal[5] = Number.NaN;
    projection.project(normal);
    expect(projection.residuals[5]).toBe(0);
    expect(projection.t2 / whole.t2).toBeCloseTo(1, 1);
    expect(projection.spe).toBeLessThan(0.5);
    normal[2] = normal[2]! + 5;
    projection.project(normal);
    expect(projection.spe).toBeGreaterThan(5);
    expect([...projection.residuals].map(Math.abs).indexOf(Math.max(...projection.residuals.map(Math.abs)))).toBe(2);
  });

  it('say nothing of a row that is mostly missing', () => {
    const model = fitPrincipalComponents(Float64Array.from(covarianceOf(1, 6, 2).flat()), 6, 0.95);
    const row = new Float64Array(6).fill(Number.NaN);
    row[0] = 1;
    expect(new Projection(model).project(row)).toBe(false);
  });
});

describe('a Cholesky factor', () => {
  it('solves the equations of its matrix', () => {
    fc.assert(
      fc.property(shape, ({ seed, width, causes }) => {
        const matrix = covarianceOf(seed, width, causes);
        const wanted = Array.from({ length: width }, (_, at) => at - 2);
        const values = Float64Array.from(multiply(matrix, transposed([wanted])).flat());
        const factor = Float64Array.from(matrix.flat());
        factorise(factor, width);
        solveFactorised(factor, width, values);
        for (const [at, value] of wanted.entries()) expect(values[at]!).toBeCloseTo(value, 6);
      }),
      { numRuns: 40 },
    );
  });
});

describe('regressions on the other columns', () => {
  it('leave over what is the column’s own, and nothing that the others explain', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1000 }), (seed) => {
        const random = seededRandom(seed, 'regression');
        const rows = Array.from({ length: 4000 }, () => {
          const [a, b] = [random.normal(), random.normal()];
          return Float64Array.of(a, b, 0.6 * a - 0.5 * b + 0.1 * random.normal());
        });
        const moments = Float64Array.from({ length: 9 }, (_, at) =>
          rows.reduce((sum, row) => sum + (row[Math.floor(at / 3)]! * row[at % 3]!) / rows.length, 0),
        );
        const regressions = fitRegressions(moments, 3, [2], (column, target) => column !== target);
        expect([...regressions.weights]).toEqual([expect.closeTo(0.6, 1), expect.closeTo(-0.5, 1), 0]);
        const left = new Float64Array(1);
        const squares = rows.map((row) => {
          regressionResiduals(regressions, row, left);
          return left[0]! ** 2;
        });
        expect(Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / rows.length)).toBeCloseTo(0.1, 1);
      }),
      { numRuns: 5 },
    );
  });

  it('solve the normal equations of the ridge', () => {
    const moments = Float64Array.of(1, 0.3, 0.5, 0.3, 1, 0.2, 0.5, 0.2, 1);
    const { weights } = fitRegressions(moments, 3, [0], (column, target) => column !== target);
    const [, b, c] = [...weights] as [number, number, number];
    expect(1.001 * b + 0.2 * c).toBeCloseTo(0.3, 9);
    expect(0.2 * b + 1.001 * c).toBeCloseTo(0.5, 9);
  });

  it('take a missing column for what the plane of the others says of it', () => {
    const covariance = Float64Array.of(1, 0.999, 0.999, 1);
    const projection = new Projection(fitPrincipalComponents(covariance, 2, 0.95));
    const row = Float64Array.of(2, Number.NaN);
    expect(projection.project(row)).toBe(true);
    projection.complete(row);
    expect(row[0]).toBe(2);
    expect(row[1]).toBeCloseTo(2, 1);
  });
});
