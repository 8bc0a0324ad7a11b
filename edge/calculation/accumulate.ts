/** Cells that a running sum takes: the sum and what rounding has left over (Neumaier 1974). */
export const sumCells = 2;

/**
 * Adds to a sum kept in two cells, so that years of small additions lose nothing to rounding.
 * @returns the sum
 */
export function accumulate(cells: Float64Array, addend: number): number {
  const sum = cells[0] as number;
  const next = sum + addend;
  const lost = Math.abs(sum) >= Math.abs(addend) ? sum - next + addend : addend - next + sum;
  cells[0] = next;
  cells[1] = (cells[1] as number) + lost;
  return sumOf(cells);
}

export const sumOf = (cells: Float64Array): number => (cells[0] as number) + (cells[1] as number);
