import { type TagDefinition, type TagTable, vacantTag } from '../core/tag.ts';

/**
 * Gives tags that a running table has already the index they have there, so that what runs can go on. New ones take
 * indexes that became free, then the next ones; what is left free between is vacant.
 * @returns definitions by index, and the index of each of the given tags
 */
export function keepIndexes(
  wanted: readonly TagDefinition[],
  running: TagTable | undefined,
): { readonly tags: readonly TagDefinition[]; readonly indexes: readonly number[] } {
  const kept = wanted.map(({ name }) => running?.indexOf(name));
  const taken = new Set(kept);
  let free = 0;
  const indexes = kept.map((index) => {
    if (index !== undefined) return index;
    while (taken.has(free)) free++;
    return free++;
  });
  const size = indexes.reduce((most, index) => Math.max(most, index + 1), 0);
  const tags: TagDefinition[] = new Array(size).fill(vacantTag);
  wanted.forEach((tag, row) => {
    tags[indexes[row] as number] = tag;
  });
  return { tags, indexes };
}
