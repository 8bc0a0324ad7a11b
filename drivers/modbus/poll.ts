import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import type { RequestDiagnostics } from '../../edge/core/diagnostics.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import { asText, both } from '../../edge/core/text.ts';
import { type DevicePoint, type DriverHost, isTextType, type PollGroup } from '../api.ts';
import { type BoundRead, bindRead, decode, decodeTexts, isRefused } from './bound-read.ts';
import type { ModbusClient } from './client.ts';
import { modbusErrors } from './errors.ts';
import { exceptionText } from './pdu.ts';
import { placesText } from './place.ts';
import { type PlannedPoll, type PlannedRead, splitRead } from './planner.ts';
import { refusedBy } from './refusal.ts';

/** Extra reads that finding refused points, or trying them again, may cost in one poll; the next one goes on. */
const maxExtraReads = 64;
/**
 * Refused points are tried again, since a device that is being programmed refuses everything for a while: soon at
 * first, then after twice the pause each time.
 */
const firstRevisitMs = 10_000;
const maxRevisitMs = 300_000;
const namesShown = 5;

/** The device's and the link's part of every poll. */
export interface PollContext {
  readonly device: string;
  /** For messages: `pump-7 (10.0.0.7:502 unit 3)`. */
  readonly target: string;
  readonly unit: number;
  /** Offset from UTC of the device's own clock. */
  readonly utcOffsetMs: number;
  readonly client: ModbusClient;
  readonly host: DriverHost;
}

const states = { values: 'answered', exception: 'refused', timeout: 'silent' } as const;

/**
 * The points of one period as one poll. A merged read that the device refuses is taken apart until only the points
 * that do not exist are marked `config`; what was found is remembered, so that later polls ask only for what is there.
 */
export class ModbusPoll implements PollGroup {
  readonly periodMs: number;
  readonly tags: Int32Array;
  private readonly points: readonly DevicePoint[];
  private readonly hasTexts: boolean;
  private readonly context: PollContext;
  private readonly whole: readonly BoundRead[];
  /** What is asked now; `whole` until the device refused a part. */
  private reads: readonly BoundRead[];
  /** Atomic reads that the device refused; the longest untried first. */
  private refused: BoundRead[] = [];
  private revisitAtMs = 0;
  private revisitPauseMs = firstRevisitMs;

  constructor(plan: PlannedPoll, context: PollContext) {
    this.periodMs = plan.periodMs;
    this.points = plan.points;
    this.hasTexts = plan.points.some(({ type }) => isTextType(type));
    this.tags = Int32Array.from(plan.points, (point) => point.tag);
    this.context = context;
    this.whole = plan.reads.map((read) => this.bind(read));
    this.reads = this.whole;
  }

  get requests(): number {
    return this.reads.length;
  }

  async read(): Promise<SampleBatch> {
    const { clock } = this.context.host;
    const again = clock.monotonicMs() >= this.revisitAtMs ? this.refused.slice(0, maxExtraReads) : [];
    await Promise.all([...this.reads, ...again].map((read) => this.ask(read)));
    if (this.reads.some((read) => isRefused(read.outcome))) await this.narrow();
    const texts = this.hasTexts ? new Map<number, string>() : undefined;
    const batch = createBatch(this.context.device, this.tags.length, clock.wallMs(), texts);
    batch.tags.set(this.tags);
    for (const reads of [this.reads, this.refused]) {
      for (const read of reads) {
        decode(read, batch);
        if (texts) decodeTexts(read, batch, texts);
      }
    }
    if (again.length > 0) this.readmit(again);
    return batch;
  }

  /** Every read of a poll, and what the device refused, with how it went last. */
  diagnostics(): RequestDiagnostics[] {
    return [...this.reads, ...this.refused].map(({ plan, prepared, outcome }) => {
      const { zh, en } = placesText(plan.table, plan.address, plan.count);
      return {
        periodMs: this.periodMs,
        place: { zh: `站号 ${prepared.unit}，${zh}`, en: `unit ${prepared.unit}, ${en}` },
        tags: plan.rows.map((row) => this.tags[row] as number),
        state: outcome ? states[outcome.kind] : 'waiting',
        ...(outcome?.kind === 'exception' ? { reason: exceptionText(outcome.exception) } : {}),
      };
    });
  }

  private bind(plan: PlannedRead): BoundRead {
    return bindRead(this.points, plan, this.context);
  }

  private async ask(read: BoundRead): Promise<void> {
    const before = read.outcome?.kind;
    const outcome = await this.context.client.read(read.prepared, read.registers);
    read.outcome = outcome;
    read.answeredAt = this.context.host.clock.wallMs();
    if (outcome.kind === 'values' || outcome.kind === before) return;
    if (outcome.kind === 'timeout') this.warn(outcome.error);
    else if (!isRefused(outcome)) {
      const { table, address, count } = read.plan;
      this.warn(refusedBy(outcome.exception, 'read', this.context.target, placesText(table, address, count)));
    }
  }

  /** Splits refused reads and asks the parts, until what is refused is atomic or the budget is spent. */
  private async narrow(): Promise<void> {
    const kept = this.reads.filter((read) => !isRefused(read.outcome));
    const queue = this.reads.filter((read) => isRefused(read.outcome));
    const refused: BoundRead[] = [];
    let budget = maxExtraReads;
    for (const read of queue) {
      if (read.atomic) refused.push(read);
      else if (budget <= 0) kept.push(read);
      else {
        for (const part of splitRead(this.points, read.plan).map((plan) => this.bind(plan))) {
          budget--;
          await this.ask(part);
          (isRefused(part.outcome) ? queue : kept).push(part);
        }
      }
    }
    this.reads = kept;
    if (refused.length === 0) return;
    this.refused.push(...refused);
    this.revisitIn(firstRevisitMs);
    this.warn(this.refusalOf(refused));
  }

  /** Takes back what answered when tried again; once nothing is refused any more, reads are merged as planned. */
  private readmit(tried: readonly BoundRead[]): void {
    const back = tried.filter((read) => read.outcome?.kind === 'values');
    const still = tried.filter((read) => read.outcome?.kind !== 'values');
    this.refused = [...this.refused.slice(tried.length), ...still];
    if (back.length === 0) {
      this.revisitIn(Math.min(Math.max(firstRevisitMs, this.revisitPauseMs * 2), maxRevisitMs));
    } else {
      this.reads = this.refused.length === 0 ? this.whole : [...this.reads, ...back];
      this.revisitIn(0);
    }
  }

  private revisitIn(pauseMs: number): void {
    this.revisitPauseMs = pauseMs;
    this.revisitAtMs = this.context.host.clock.monotonicMs() + pauseMs;
  }

  private refusalOf(reads: readonly BoundRead[]): LifelineError {
    const shown = reads.slice(0, namesShown).map(({ plan, outcome }) => {
      const names = plan.rows.slice(0, namesShown).map((row) => this.points[row]?.name);
      const exception = outcome?.kind === 'exception' ? exceptionText(outcome.exception) : asText('');
      const places = placesText(plan.table, plan.address, plan.count);
      return both(
        `${names.join(', ')} at ${places.en} (${exception.en})`,
        `${names.join('、')}（${places.zh}，${exception.zh}）`,
      );
    });
    const count = reads.reduce((sum, { rows }) => sum + rows.length, 0);
    const { target } = this.context;
    const hidden = reads.length - shown.length;
    const points = `${count} ${count === 1 ? 'point' : 'points'}`;
    const text = both(
      `${target} refuses ${points}: ${shown.map(({ en }) => en).join(', ')}${hidden > 0 ? ` and ${hidden} more places` : ''}`,
      `${target} 拒绝读取 ${count} 个点：${shown.map(({ zh }) => zh).join('，')}${hidden > 0 ? `，另有 ${hidden} 处` : ''}`,
    );
    return modbusErrors.create('EXCEPTION', text);
  }

  private warn(error: LifelineError): void {
    const { code, next, message } = error;
    this.context.host.log.warn({ code, device: this.context.device, next }, message);
  }
}
