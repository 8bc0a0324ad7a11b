import type { SampleBatch } from '../../core/batch.ts';
import type { TagTable } from '../../core/tag.ts';

/** Knows of which tags nothing was sent for a while; by the monotonic clock, ms. */
export class Heartbeat {
  private readonly everyMs: number;
  private table: TagTable | undefined;
  private sentMs = new Float64Array(0);

  constructor(everyMs: number) {
    this.everyMs = everyMs;
  }

  note({ tags }: SampleBatch, table: TagTable, nowMs: number): void {
    this.adopt(table, nowMs);
    for (const tag of tags) this.sentMs[tag] = nowMs;
  }

  /** Tags of which nothing was sent for the time of a beat. */
  due(table: TagTable, nowMs: number): readonly number[] {
    this.adopt(table, nowMs);
    const due: number[] = [];
    for (let tag = 0; tag < table.size; tag++) if (nowMs - (this.sentMs[tag] as number) >= this.everyMs) due.push(tag);
    return due;
  }

  /** Indexes may mean other tags in another table: their time begins. */
  private adopt(table: TagTable, nowMs: number): void {
    if (this.table === table) return;
    this.table = table;
    this.sentMs = new Float64Array(table.size).fill(nowMs);
  }
}
