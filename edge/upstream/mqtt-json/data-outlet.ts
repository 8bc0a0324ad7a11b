import type { SampleBatch } from '../../core/batch.ts';
import type { TagTable } from '../../core/tag.ts';
import type { Link, Message } from '../mqtt-link.ts';

/** Batches that may wait for a slow broker; beyond it the oldest go. */
const maxWaitingBatches = 1_000;
/** Messages handed to the connection and not yet taken. */
const maxUnsent = 32;

/** Samples with the table that their indexes mean. */
interface Waiting {
  readonly batch: SampleBatch;
  readonly tags: TagTable;
}

/** Live values on their way to the broker: encoded only when there is room for them, dropped while there is no road. */
export class DataOutlet {
  /** Samples dropped since start. */
  dropped = 0;
  private waiting: Waiting[] = [];
  private unsent = 0;
  private link: Link | undefined;
  private readonly encode: (batch: SampleBatch, tags: TagTable) => Message;

  constructor(encode: (batch: SampleBatch, tags: TagTable) => Message) {
    this.encode = encode;
  }

  /** The road to use from now on; undefined when there is none. */
  use(link: Link | undefined): void {
    this.link = link;
    this.unsent = 0;
    for (const { batch } of this.waiting.splice(0)) this.dropped += batch.tags.length;
  }

  push(batch: SampleBatch, tags: TagTable): void {
    if (batch.tags.length === 0) return;
    this.waiting.push({ batch, tags });
    if (!this.link || this.waiting.length > maxWaitingBatches)
      this.dropped += this.waiting.shift()?.batch.tags.length ?? 0;
    this.pump();
  }

  private pump(): void {
    const { link } = this;
    while (link && this.unsent < maxUnsent) {
      const next = this.waiting.shift();
      if (!next) return;
      this.unsent++;
      const gone = () => {
        if (this.link !== link) return;
        this.unsent--;
        this.pump();
      };
      link.publish(this.encode(next.batch, next.tags)).then(gone, gone);
    }
  }
}
