/** Cells of one block: columns lie one after the other in it. */
const BLOCK_CELLS = 2 ** 21;

/**
 * A table of numbers that grows by rows, 4 bytes a cell: each column is kept as distance from its first value, so that
 * counters and epochs keep their digits.
 */
export class ColumnStore {
  readonly width: number;
  rows = 0;
  private readonly blockRows: number;
  private readonly blocks: Float32Array[] = [];
  private readonly origins: Float64Array;

  constructor(width: number) {
    this.width = width;
    this.origins = new Float64Array(width).fill(Number.NaN);
    this.blockRows = Math.max(1024, 2 ** Math.floor(Math.log2(BLOCK_CELLS / Math.max(1, width))));
  }

  /** Takes a row of `width` values, NaN where there is none. */
  append(values: Float64Array): void {
    const at = this.rows % this.blockRows;
    if (at === 0) this.blocks.push(new Float32Array(this.width * this.blockRows));
    const block = this.blocks.at(-1) as Float32Array;
    for (let column = 0; column < this.width; column++) {
      const value = values[column] as number;
      if (Number.isNaN(this.origins[column]) && Number.isFinite(value)) this.origins[column] = value;
      block[column * this.blockRows + at] = value - (this.origins[column] as number);
    }
    this.rows++;
  }

  value(column: number, row: number): number {
    const block = this.blocks[Math.floor(row / this.blockRows)];
    return (block?.[column * this.blockRows + (row % this.blockRows)] ?? Number.NaN) + (this.origins[column] as number);
  }

  /** The values of a column in rows `from` up to, not with, `to`; into `values` where that is given. */
  slice(column: number, from: number, to: number, values = new Float64Array(Math.max(0, to - from))): Float64Array {
    for (let at = 0; at < values.length; at++) values[at] = this.value(column, from + at);
    return values;
  }
}
