import { type Asset, utilityOf } from '../core/asset.ts';
import { pickRows, type SampleBatch } from '../core/batch.ts';
import type { Event } from '../core/event.ts';
import { type TagTable, tagClass } from '../core/tag.ts';

/** Which part of what a gateway knows goes to one sink; what is left out does not narrow it. */
export interface SelectionEntry {
  readonly utilities?: readonly string[] | undefined;
  readonly priorities?: readonly string[] | undefined;
  readonly classes?: readonly string[] | undefined;
}

/**
 * Decides what one sink is given. Events of the gateway itself always go; so do safety alarms of a wanted utility, whatever
 * their priority.
 */
export class Selection {
  private readonly entry: SelectionEntry;
  /** Whether a tag is wanted, by its index; undefined where all are. */
  private readonly wanted: Uint8Array | undefined;
  private rows = new Int32Array(0);

  constructor(entry: SelectionEntry, tags: TagTable, assets: readonly Asset[]) {
    this.entry = entry;
    this.wanted = entry.utilities || entry.classes ? wantedTags(entry, tags, assets) : undefined;
  }

  wantsEvent({ utility, data }: Pick<Event, 'utility' | 'data'>): boolean {
    const { utilities, priorities } = this.entry;
    if (utility === '' || utility === 'gateway') return true;
    if (utilities && !utilities.includes(utility)) return false;
    const priority = data['priority'];
    return !priorities || typeof priority !== 'string' || data['safety'] === true || priorities.includes(priority);
  }

  wantsTag(tag: number): boolean {
    return this.wanted === undefined || this.wanted[tag] === 1;
  }

  /** The wanted samples; the batch itself where all are. */
  pick(batch: SampleBatch): SampleBatch {
    if (!this.wanted) return batch;
    const { length } = batch.tags;
    if (this.rows.length < length) this.rows = new Int32Array(length);
    let count = 0;
    for (let row = 0; row < length; row++) if (this.wantsTag(batch.tags[row] as number)) this.rows[count++] = row;
    return count === length ? batch : pickRows(batch, this.rows, count);
  }
}

/** A tag that fills roles of several assets is wanted where one of them is of a wanted utility. */
function wantedTags({ utilities, classes }: SelectionEntry, tags: TagTable, assets: readonly Asset[]): Uint8Array {
  const wanted = new Uint8Array(tags.size).fill(utilities ? 0 : 1);
  for (const { type, roles } of utilities ? assets : []) {
    if (!utilities?.includes(utilityOf(type))) continue;
    for (const tag of Object.values(roles)) wanted[tag] = 1;
  }
  if (classes) {
    tags.definitions.forEach((definition, tag) => {
      if (!classes.includes(tagClass(definition))) wanted[tag] = 0;
    });
  }
  return wanted;
}
