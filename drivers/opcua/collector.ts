import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { isBad, Quality } from '../../edge/core/quality.ts';
import type { GapReport } from './gaps.ts';
import type { Place } from './nodes.ts';
import type { OpcuaStack } from './stack.ts';
import { type NotifiedValue, sampleOf } from './value.ts';

/** The status carries information on the value, and the bit that its queue ran over (Part 4, 7.39.1). */
const overflow = 0x480;

/** Collects notifications and hands them on as one batch per publish. */
export class NotificationCollector {
  private readonly device: string;
  private readonly clock: Clock;
  private readonly emit: (batch: SampleBatch) => void;
  private readonly gaps: GapReport;
  private tags: number[] = [];
  private values: number[] = [];
  private quality: number[] = [];
  private times: number[] = [];

  constructor(device: string, clock: Clock, gaps: GapReport, emit: (batch: SampleBatch) => void) {
    this.device = device;
    this.clock = clock;
    this.gaps = gaps;
    this.emit = emit;
  }

  /** Adds one sample; `sourceTime` in ms since epoch, undefined where the server gave none. */
  add(tag: number, value: number, quality: number, sourceTime: number | undefined): void {
    // the stack delivers all values of a publish in one go: the microtask runs right after the last of them
    if (this.tags.length === 0) queueMicrotask(() => this.flush());
    const usable = !isBad(quality);
    const finite = Number.isFinite(value);
    this.tags.push(tag);
    this.values.push(usable && finite ? value : Number.NaN);
    this.quality.push(usable && !finite ? Quality.device : quality);
    this.times.push(sourceTime ?? this.clock.wallMs());
  }

  /** Adds what the server says of one place. */
  take(stack: OpcuaStack, { point, element }: Place, data: NotifiedValue): void {
    if ((data.statusCode.value & overflow) === overflow) this.gaps.overflowed();
    const { value, quality } = sampleOf(stack, data, element);
    this.add(point.tag, value, quality, (data.sourceTimestamp ?? data.serverTimestamp)?.getTime());
  }

  private flush(): void {
    const batch = createBatch(this.device, this.tags.length, this.clock.wallMs());
    batch.tags.set(this.tags);
    batch.values.set(this.values);
    batch.quality.set(this.quality);
    batch.times.set(this.times);
    this.tags = [];
    this.values = [];
    this.quality = [];
    this.times = [];
    this.emit(batch);
  }
}
