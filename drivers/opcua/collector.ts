import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import type { Clock } from '../../edge/core/clock.ts';
import type { GapReport } from './gaps.ts';
import type { MisfitReport } from './misfits.ts';
import type { Place } from './nodes.ts';
import type { OpcuaStack } from './stack.ts';
import { type NotifiedValue, type Sample, sampleOf } from './value.ts';

/** The status carries information on the value, and the bit that its queue ran over (Part 4, 7.39.1). */
const overflow = 0x480;

export interface CollectorContext {
  readonly device: string;
  readonly clock: Clock;
  readonly gaps: GapReport;
  readonly misfits: MisfitReport;
}

/** Collects notifications and hands them on as one batch per publish. */
export class NotificationCollector {
  private readonly device: string;
  private readonly clock: Clock;
  private readonly emit: (batch: SampleBatch) => void;
  private readonly gaps: GapReport;
  private readonly misfits: MisfitReport;
  private tags: number[] = [];
  private values: number[] = [];
  private quality: number[] = [];
  private times: number[] = [];
  private texts: Map<number, string> | undefined;

  constructor(context: CollectorContext, emit: (batch: SampleBatch) => void) {
    this.device = context.device;
    this.clock = context.clock;
    this.gaps = context.gaps;
    this.misfits = context.misfits;
    this.emit = emit;
  }

  /** Adds one sample; `sourceTime` in ms since epoch, undefined where the server gave none. */
  add(tag: number, { value, quality, text }: Sample, sourceTime: number | undefined): void {
    // the stack delivers all values of a publish in one go: the microtask runs right after the last of them
    if (this.tags.length === 0) queueMicrotask(() => this.flush());
    this.tags.push(tag);
    this.values.push(value);
    this.quality.push(quality);
    this.times.push(sourceTime ?? this.clock.wallMs());
    if (text === undefined) return;
    this.texts ??= new Map();
    this.texts.set(tag, text);
  }

  /** Adds what the server says of one place. */
  take(stack: OpcuaStack, place: Place, data: NotifiedValue): void {
    if ((data.statusCode.value & overflow) === overflow) this.gaps.overflowed();
    const sample = sampleOf(stack, data, place);
    if (sample.misfit !== undefined) this.misfits.take(place.point, sample.misfit);
    this.add(place.point.tag, sample, (data.sourceTimestamp ?? data.serverTimestamp)?.getTime());
  }

  private flush(): void {
    const batch = createBatch(this.device, this.tags.length, this.clock.wallMs(), this.texts);
    batch.tags.set(this.tags);
    batch.values.set(this.values);
    batch.quality.set(this.quality);
    batch.times.set(this.times);
    this.tags = [];
    this.values = [];
    this.quality = [];
    this.times = [];
    this.texts = undefined;
    this.emit(batch);
  }
}
