import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SparseMatrix } from '../../simulator/network/sparse-matrix.ts';

/** A coupling of two unknowns with the values at (a, b) and (b, a). */
const coupling = (size: number) =>
  fc.tuple(
    fc.nat(size - 1),
    fc.nat(size - 1),
    fc.double({ min: -1, max: 1, noNaN: true }),
    fc.double({ min: -1, max: 1, noNaN: true }),
  );
const system = fc.integer({ min: 1, max: 40 }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    couplings: fc.array(coupling(size), { maxLength: 100 }),
    x: fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: size, maxLength: size }),
  }),
);

describe('sparse matrix', () => {
  it('solves any unsymmetric system whose diagonal outweighs its rows and columns', () => {
    fc.assert(
      fc.property(system, ({ size, couplings, x }) => {
        const distinct = couplings.filter(([a, b]) => a !== b);
        const matrix = new SparseMatrix(size, Int32Array.from(distinct.flatMap((pair) => pair.slice(0, 2))));
        const b = new Float64Array(size);
        const put = (row: number, column: number, value: number) => {
          matrix.values[matrix.cell(row, column)]! += value;
          b[row]! += value * x[column]!;
        };
        for (const [row, column, one, other] of distinct) {
          put(row, column, one);
          put(column, row, other);
          put(row, row, Math.abs(one) + Math.abs(other));
          put(column, column, Math.abs(one) + Math.abs(other));
        }
        for (let row = 0; row < size; row++) put(row, row, 0.5);
        expect(matrix.factorise()).toBeUndefined();
        matrix.solve(b);
        for (let row = 0; row < size; row++) expect(b[row]).toBeCloseTo(x[row]!, 6);
      }),
    );
  });

  it('fills nothing where the couplings form a tree', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 200 }), fc.infiniteStream(fc.nat()), (size, stream) => {
        const pairs = Array.from({ length: size - 1 }, (_, index) => [
          index + 1,
          (stream.next().value as number) % (index + 1),
        ]);
        const matrix = new SparseMatrix(size, Int32Array.from(pairs.flat()));
        expect(matrix.values).toHaveLength(2 * (size - 1) + size + 1);
      }),
    );
  });

  it('names the unknown whose pivot vanishes, and refuses the cell of unknowns that are not coupled', () => {
    const matrix = new SparseMatrix(2, Int32Array.of(0, 1));
    expect([0, 1]).toContain(matrix.factorise());
    expect(() => new SparseMatrix(2, new Int32Array(0)).cell(0, 1)).toThrow(RangeError);
  });
});
