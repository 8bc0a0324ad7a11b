import { pickRows, type SampleBatch } from './batch.ts';
import { resized } from './columns.ts';
import type { TagTable } from './tag.ts';

/** What the deadband remembers: per tag the value and quality that was passed on last. */
export class DeadbandState {
  values: Float64Array;
  /** −1 before the first sample. */
  quality: Int16Array;
  private scratch: Int32Array = new Int32Array(0);

  constructor(size: number) {
    this.values = new Float64Array(size);
    this.quality = new Int16Array(size).fill(-1);
  }

  /** Room for the rows of a batch, for as long as it is looked at. */
  rows(count: number): Int32Array {
    if (this.scratch.length < count) this.scratch = new Int32Array(count);
    return this.scratch;
  }

  /** Takes another size; nothing of the tags named in `fresh` was passed on yet. */
  resize(size: number, fresh: readonly number[]): void {
    this.values = resized(this.values, new Float64Array(size));
    this.quality = resized(this.quality, new Int16Array(size));
    for (const tag of fresh) this.quality[tag] = -1;
  }
}

/** The samples whose quality changed or whose value moved by more than the tag's deadband since it was passed on last. */
export function changedOnly(batch: SampleBatch, tags: TagTable, state: DeadbandState): SampleBatch {
  const rows = state.rows(batch.tags.length);
  let count = 0;
  for (let row = 0; row < batch.tags.length; row++) {
    const tag = batch.tags[row] as number;
    const value = batch.values[row] as number;
    const code = batch.quality[row] as number;
    const moved = Math.abs(value - (state.values[tag] as number)) > (tags.deadband[tag] as number);
    if (!moved && state.quality[tag] === code) continue;
    state.values[tag] = value;
    state.quality[tag] = code;
    rows[count++] = row;
  }
  return count === batch.tags.length ? batch : pickRows(batch, rows, count);
}
