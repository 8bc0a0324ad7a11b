import type { TagTable } from '../../core/tag.ts';
import type { AliasBook } from './alias-book.ts';
import { datatypeOf } from './datatype.ts';

/** What a node has to tell of: every metric that it will ever send until the next announcement. */
export interface Announcement {
  readonly tags: TagTable;
  /** By tag index; only those of announced tags mean something. */
  readonly datatypes: Uint8Array;
  /** By tag index; 0 where a tag is not announced. */
  readonly aliases: Uint32Array;
  /** Every device there is. */
  readonly devices: ReadonlySet<string>;
  /** Tags of each device that has any, in the order of the table. */
  readonly ofDevice: ReadonlyMap<string, readonly number[]>;
  /** Tags of no device: those of calculated points with a place of their own. */
  readonly ofNode: readonly number[];
}

/** Announces the wanted tags of a table; resolves once all of them have an alias that stays. */
export async function announce(
  tags: TagTable,
  devices: readonly string[],
  wants: (tag: number) => boolean,
  book: AliasBook,
): Promise<Announcement> {
  const wanted = tags.definitions.flatMap(({ name }, tag) => (name !== '' && wants(tag) ? [tag] : []));
  await book.give(new Set(wanted.map((tag) => tags.at(tag).name)));
  const datatypes = new Uint8Array(tags.size);
  const aliases = new Uint32Array(tags.size);
  const known = new Set(devices);
  const ofDevice = new Map<string, number[]>();
  const ofNode: number[] = [];
  for (const tag of wanted) {
    const definition = tags.at(tag);
    datatypes[tag] = datatypeOf(definition);
    aliases[tag] = book.of(definition.name);
    if (!known.has(definition.device)) ofNode.push(tag);
    else if (!ofDevice.get(definition.device)?.push(tag)) ofDevice.set(definition.device, [tag]);
  }
  return { tags, datatypes, aliases, devices: known, ofDevice, ofNode };
}

/** Names that are the same but for upper and lower case, which some hosts mix up (tck-id-case-sensitivity-metric-names). */
export function alikeNames({ tags, ofDevice, ofNode }: Announcement): string[] {
  return [...ofDevice.values(), ofNode].flatMap((group) => {
    const seen = new Set<string>();
    return group.flatMap((tag) => {
      const { name, point } = tags.at(tag);
      const lower = point.toLowerCase();
      if (seen.has(lower)) return [name];
      seen.add(lower);
      return [];
    });
  });
}
