import type { City, TagView } from './model.ts';

/** A tag with all that it can be found by. */
export interface FoundTag {
  readonly tag: TagView;
  /** Names of its asset and of its quantity in both languages, its own name and description; lower case. */
  readonly words: string;
}

/** Every tag of the city with its words. */
export function searchable(city: City): readonly FoundTag[] {
  return city.view.tags.map((tag) => {
    const point = city.pointOf.get(tag.name);
    const { zh = '', en = '' } = point?.meaning?.name ?? {};
    const about = point ? [point.asset.name, point.asset.id, point.role, zh, en] : [];
    return { tag, words: [...about, tag.name, tag.description ?? ''].join(' ').toLowerCase() };
  });
}

/** Tags in which every word of what is typed occurs, in the city's order, at most `most`. */
export function findTags(all: readonly FoundTag[], typed: string, most: number): readonly TagView[] {
  const wanted = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found: TagView[] = [];
  for (const { tag, words } of all) {
    if (found.length === most) break;
    if (wanted.every((word) => words.includes(word))) found.push(tag);
  }
  return found;
}
