/** Half-open ranges of rows. */
export type Ranges = readonly (readonly [from: number, to: number])[];

export const rowsIn = (ranges: Ranges): number => ranges.reduce((sum, [from, to]) => sum + Math.max(0, to - from), 0);

/** Blocks into which training rows are cut: each is judged by what the others show. */
const BLOCKS = 5;

/** The blocks of a range, in order, nearly equal. */
export function blocksOf([from, to]: readonly [number, number]): readonly (readonly [from: number, to: number])[] {
  const bound = (block: number) => from + Math.floor(((to - from) * block) / BLOCKS);
  return Array.from({ length: BLOCKS }, (_, block) => [bound(block), bound(block + 1)]);
}
