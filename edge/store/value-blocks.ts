/** Values in one block, as a power of two. */
const blockBits = 4;
export const valuesPerBlock = 2 ** blockBits;
/** Blocks in one piece of memory, as a power of two: 256 kB of float32. */
const pageBits = 12;
const blockMask = 2 ** pageBits - 1;

/**
 * Room for the values of many open chunks in a few large pieces of memory: an array for each would take several times
 * what is in it. Chunks have chains of blocks, told by the number of the first.
 */
export class ValueBlocks {
  private readonly pages: (Float32Array | Float64Array)[] = [];
  /** By block, the one after it in its chain, or in that of the free ones; −1 at the end. */
  private next = new Int32Array(0);
  private free = -1;
  private readonly newPage: (values: number) => Float32Array | Float64Array;

  /** @param newPage memory of the width that values take */
  constructor(newPage: (values: number) => Float32Array | Float64Array) {
    this.newPage = newPage;
  }

  /** A block for the end of the chain whose last one is `last`; −1 begins one. */
  take(last: number): number {
    if (this.free < 0) this.grow();
    const block = this.free;
    this.free = this.next[block] as number;
    this.next[block] = -1;
    if (last >= 0) this.next[last] = block;
    return block;
  }

  set(block: number, at: number, value: number): void {
    (this.pages[block >> pageBits] as Float64Array)[((block & blockMask) << blockBits) + at] = value;
  }

  /** The values of a chain from position `start` on, `count` being in it. */
  read(first: number, start: number, count: number): Float64Array {
    const values = new Float64Array(count - start);
    for (let block = first, from = 0; from < count; block = this.next[block] as number, from += valuesPerBlock) {
      const page = this.pages[block >> pageBits] as Float64Array;
      const base = ((block & blockMask) << blockBits) - from;
      const end = Math.min(count, from + valuesPerBlock);
      for (let row = Math.max(start, from); row < end; row++) values[row - start] = page[base + row] as number;
    }
    return values;
  }

  /** Gives a chain back. */
  release(first: number, last: number): void {
    if (first < 0) return;
    this.next[last] = this.free;
    this.free = first;
  }

  private grow(): void {
    const blocks = this.next.length;
    this.pages.push(this.newPage(2 ** (pageBits + blockBits)));
    const next = new Int32Array(blocks + 2 ** pageBits);
    next.set(this.next);
    for (let block = blocks; block < next.length; block++) next[block] = block + 1;
    next[next.length - 1] = this.free;
    this.free = blocks;
    this.next = next;
  }
}
