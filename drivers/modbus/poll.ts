import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import type { LifelineError } from '../../edge/core/errors.ts';
import { Quality } from '../../edge/core/quality.ts';
import type { DevicePoint, DriverHost, PollGroup } from '../api.ts';
import { type ModbusClient, type PreparedRead, prepareRead, type ReadOutcome } from './client.ts';
import { modbusErrors } from './errors.ts';
import { describeException, Exception, isBitTable } from './pdu.ts';
import { describePlaces } from './place.ts';
import { type PlannedPoll, type PlannedRead, splitRead } from './planner.ts';
import { compileDecoder, type Decoder } from './registers.ts';

/** Extra reads that finding refused points may cost in one poll; the search goes on in the next. */
const maxNarrowingReads = 64;
/** After this long refused points are tried again: the device may have been programmed anew. */
const revisitMs = 300_000;
const namesShown = 5;

/** The device's and the link's part of every poll. */
export interface PollContext {
  readonly device: string;
  /** For messages: `pump-7 (10.0.0.7:502 unit 3)`. */
  readonly target: string;
  readonly unit: number;
  readonly client: ModbusClient;
  readonly host: DriverHost;
}

/** A planned read with everything that decoding needs laid out beforehand. */
interface BoundRead {
  readonly plan: PlannedRead;
  readonly prepared: PreparedRead;
  readonly registers: Uint16Array;
  /** Per row of the plan: place in `registers`, decoder, row of the batch. */
  readonly offsets: Int32Array;
  readonly decoders: readonly Decoder[];
  readonly rows: Int32Array;
  outcome: ReadOutcome | undefined;
  /** ms since epoch of the answer. */
  answeredAt: number;
}

const asBit: Decoder = (bits, offset) => bits[offset] as number;

/** Whether the device says that (part of) what was asked does not exist, or that it was too much at once. */
function isRefused(outcome: ReadOutcome | undefined): boolean {
  if (outcome?.kind !== 'exception') return false;
  return outcome.exception === Exception.illegalAddress || outcome.exception === Exception.illegalValue;
}

function qualityOf(outcome: ReadOutcome | undefined): number {
  if (outcome?.kind !== 'exception') return Quality.comm;
  return isRefused(outcome) || outcome.exception === Exception.illegalFunction ? Quality.config : Quality.device;
}

/**
 * The points of one period as one poll. A merged read that the device refuses is taken apart until only the points
 * that do not exist are marked `config`; what was found is remembered, so that later polls ask only for what is there.
 */
export class ModbusPoll implements PollGroup {
  readonly periodMs: number;
  readonly tags: Int32Array;
  private readonly points: readonly DevicePoint[];
  private readonly context: PollContext;
  private readonly whole: readonly BoundRead[];
  /** What is asked now; `whole` until the device refused a part. */
  private reads: readonly BoundRead[];
  /** Reads of one point each that the device refused. */
  private refused: BoundRead[] = [];
  private refusedAtMs = 0;

  constructor(plan: PlannedPoll, context: PollContext) {
    this.periodMs = plan.periodMs;
    this.points = plan.points;
    this.tags = Int32Array.from(plan.points, (point) => point.tag);
    this.context = context;
    this.whole = plan.reads.map((read) => this.bind(read));
    this.reads = this.whole;
  }

  async read(): Promise<SampleBatch> {
    const { clock } = this.context.host;
    if (this.refused.length > 0 && clock.monotonicMs() - this.refusedAtMs >= revisitMs) {
      this.reads = this.whole;
      this.refused = [];
    }
    await Promise.all(this.reads.map((read) => this.ask(read)));
    if (this.reads.some((read) => isRefused(read.outcome))) await this.narrow();
    const received = clock.wallMs();
    const batch = createBatch(this.context.device, this.tags.length, received);
    batch.tags.set(this.tags);
    for (const read of this.reads) decode(read, batch);
    for (const read of this.refused) decode(read, batch);
    return batch;
  }

  /** Lays out what decoding a read needs. */
  private bind(plan: PlannedRead): BoundRead {
    const { table, address, count, rows } = plan;
    const points = rows.map((row) => this.points[row] as DevicePoint);
    const asRead = (point: DevicePoint) => compileDecoder(point.type, point.order, point.bit);
    return {
      plan,
      prepared: prepareRead(this.context.unit, table, address, count),
      registers: new Uint16Array(count),
      offsets: Int32Array.from(points, (point) => point.address - address),
      decoders: points.map(isBitTable(table) ? () => asBit : asRead),
      rows: Int32Array.from(rows),
      outcome: undefined,
      answeredAt: 0,
    };
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
      const place = describePlaces(table, address, count);
      const what = `exception ${describeException(outcome.exception)}`;
      this.warn(modbusErrors.create('EXCEPTION', `read ${place} of ${this.context.target}: ${what}`));
    }
  }

  /** Splits refused reads and asks the parts, until what is refused is single points or the budget is spent. */
  private async narrow(): Promise<void> {
    const kept = this.reads.filter((read) => !isRefused(read.outcome));
    const queue = this.reads.filter((read) => isRefused(read.outcome));
    const alone: BoundRead[] = [];
    let budget = maxNarrowingReads;
    for (const read of queue) {
      if (read.rows.length === 1) alone.push(read);
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
    if (this.refused.length === 0) this.refusedAtMs = this.context.host.clock.monotonicMs();
    this.refused.push(...alone);
    if (alone.length > 0) this.warn(this.refusalOf(alone));
  }

  private refusalOf(reads: readonly BoundRead[]) {
    const shown = reads.slice(0, namesShown).map(({ plan, outcome }) => {
      const name = this.points[plan.rows[0] as number]?.name;
      const exception = outcome?.kind === 'exception' ? describeException(outcome.exception) : '';
      return `${name} at ${describePlaces(plan.table, plan.address, plan.count)} (${exception})`;
    });
    const more = reads.length > namesShown ? ` and ${reads.length - namesShown} more` : '';
    const points = `${reads.length} ${reads.length === 1 ? 'point' : 'points'}`;
    return modbusErrors.create('EXCEPTION', `${this.context.target} refuses ${points}: ${shown.join(', ')}${more}`);
  }

  private warn(error: LifelineError): void {
    const { code, next, message } = error;
    this.context.host.log.warn({ code, device: this.context.device, next }, message);
  }
}

/** Writes the rows of one read into the batch; NaN with the reason where there is no value. */
function decode(read: BoundRead, batch: SampleBatch): void {
  const { rows, offsets, decoders, registers, answeredAt } = read;
  const answered = read.outcome?.kind === 'values';
  const reason = answered ? Quality.good : qualityOf(read.outcome);
  for (let index = 0; index < rows.length; index++) {
    const row = rows[index] as number;
    const value = answered ? (decoders[index] as Decoder)(registers, offsets[index] as number) : Number.NaN;
    const finite = Number.isFinite(value);
    batch.values[row] = finite ? value : Number.NaN;
    batch.quality[row] = answered && !finite ? Quality.device : reason;
    batch.times[row] = answeredAt;
  }
}
