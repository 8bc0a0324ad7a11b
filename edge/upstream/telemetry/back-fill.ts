import type { SampleBatch } from '../../core/batch.ts';
import { type Clock, delay } from '../../core/clock.ts';
import { changedOnly, DeadbandState } from '../../core/deadband.ts';
import { describeError, LifelineError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { TagTable } from '../../core/tag.ts';
import type { History } from '../../store/api.ts';
import type { Ledger, OwedWindow } from './ledger.ts';
import { orEnded } from './or-ended.ts';
import type { TelemetryRoad } from './road.ts';
import { Spans } from './spans.ts';
import { readWindow, rowsOf } from './window-reader.ts';

/** Source time read in one go where there are values; doubled over stretches without any. */
const windowMs = 600_000;
const maxWindowMs = 6 * 3_600_000;
/** Tags of a device read side by side. */
const tagsPerGroup = 64;
/** Samples handed to the road in one go. */
const samplesPerMessage = 2_000;
/** Of every stretch of work this part more is left to others before the next. */
const restShare = 0.25;
/**
 * Samples between two confirmations: as many as delay one by about this time beyond what it takes at best, so that live
 * values never wait much longer.
 */
const queueMs = 250;
const minBurst = 200;
/** Confirmations among which the quickest tells what one takes at best. */
const comparedRounds = 16;
const maxBurst = 100_000;
/** How often new values that wait for room are looked at. */
const crowdedMs = 20;
/** Pause after the disk or the road refused a window, and how often an empty ledger is looked at. */
const retryMs = 5_000;
const idleMs = 1_000;

/** What the back-fill works with. */
export interface BackFillParts {
  readonly sink: string;
  readonly ledger: Ledger;
  readonly history: Pick<History, 'query' | 'begin'>;
  readonly clock: Clock;
  readonly log: Log;
  tags(): TagTable;
  wantsTag(tag: number): boolean;
  /** Whether values of a device can go now; those of others wait without holding them up. */
  reaches(device: string): boolean;
  /** Whether live values wait for room: they go first. */
  crowded(): boolean;
  /** Resolves once the far end has all that was sent before; rejects when some of it did not go. */
  confirmed(): Promise<void>;
  /** History had let go of a window before it could be sent. */
  onOvertaken(window: OwedWindow): void;
}

/** Sends what is owed from history, oldest first, at a bounded share of the road. */
export class BackFill {
  /** Samples sent and confirmed. */
  sent = 0;
  /** Samples that history had and the deadband held back, as it does with live values. */
  thinned = 0;
  private reachMs = windowMs;
  private burst = 1_000;
  private roundsMs: number[] = [];
  private table: TagTable | undefined;
  private byDevice: ReadonlyMap<string, readonly number[]> = new Map();
  private readonly parts: BackFillParts;

  constructor(parts: BackFillParts) {
    this.parts = parts;
  }

  /** Whether the table in force has tags of a device, and the sink wants them. */
  knows(device: string): boolean {
    return this.tagsOf().has(device);
  }

  /** Sends until the connection ends. One run at a time. */
  async run(road: TelemetryRoad, ended: AbortSignal): Promise<void> {
    const { ledger, clock, log, sink, reaches } = this.parts;
    const deadband = new DeadbandState(0);
    const ends = new Map<string, number>();
    while (!ended.aborted) {
      const window = ledger.take(this.reachMs, (candidate) => this.knows(candidate) && reaches(candidate));
      if (!window) {
        await delay(clock, idleMs, ended);
        continue;
      }
      const goesOn = window.spans[0]?.fromMs === ends.get(window.device);
      this.prepare(deadband, goesOn ? undefined : window.device);
      try {
        await this.send(window, deadband, road, ended);
        if (ended.aborted) ledger.giveBack(window);
        else ledger.done(window);
        ends.set(window.device, window.spans.at(-1)?.toMs ?? 0);
      } catch (error) {
        ledger.giveBack(window);
        const told = error instanceof LifelineError ? { code: error.code, next: error.next } : {};
        log.warn({ sink, device: window.device, ...told }, `send values later: ${describeError(error)}`);
        await delay(clock, retryMs, ended);
      }
    }
  }

  /** Sends a window and resolves once it is confirmed, or the connection has ended. */
  private async send(window: OwedWindow, deadband: DeadbandState, road: TelemetryRoad, ended: AbortSignal) {
    const { history, clock, tags } = this.parts;
    const table = tags();
    const wanted = this.tagsOf().get(window.device) ?? [];
    let [read, sent, firstMs] = [0, 0, Number.POSITIVE_INFINITY];
    for (let start = 0; start < wanted.length && !ended.aborted; start += tagsPerGroup) {
      const group = wanted.slice(start, start + tagsPerGroup);
      for (const span of window.spans) {
        const all = await readWindow(history, table, window.device, group, span);
        const changed = changedOnly(all, table, deadband);
        read += all.tags.length;
        firstMs = Math.min(firstMs, all.times[0] ?? firstMs);
        sent += changed.tags.length;
        await this.sendSlowly(changed, table, road, ended);
        if (ended.aborted) return;
      }
    }
    if (sent > 0) await orEnded(this.parts.confirmed(), ended);
    if (ended.aborted) return;
    this.sent += sent;
    this.thinned += read - sent;
    this.reachMs = read > 0 ? windowMs : Math.min(maxWindowMs, this.reachMs * 2);
    await this.tellOvertaken(window, firstMs);
    await delay(clock, 0, ended);
  }

  /** Hands samples over in messages, with rests between, as fast as the far end confirms them in due time. */
  private async sendSlowly(batch: SampleBatch, table: TagTable, road: TelemetryRoad, ended: AbortSignal) {
    const { clock, crowded, confirmed } = this.parts;
    let unconfirmed = 0;
    for (let start = 0; start < batch.tags.length; ) {
      while (crowded() && !ended.aborted) await delay(clock, crowdedMs, ended);
      if (ended.aborted) return;
      const end = Math.min(batch.tags.length, start + Math.min(samplesPerMessage, this.burst - unconfirmed));
      const beganMs = clock.monotonicMs();
      await orEnded(road.historical(rowsOf(batch, start, end), table), ended);
      unconfirmed += end - start;
      start = end;
      if (unconfirmed >= this.burst) {
        const askedMs = clock.monotonicMs();
        await orEnded(confirmed(), ended);
        this.adapt(clock.monotonicMs() - askedMs);
        unconfirmed = 0;
      }
      await delay(clock, (clock.monotonicMs() - beganMs) * restShare, ended);
    }
  }

  private adapt(tookMs: number): void {
    this.roundsMs = [...this.roundsMs.slice(1 - comparedRounds), tookMs];
    const delayMs = tookMs - Math.min(...this.roundsMs);
    if (delayMs > queueMs) this.burst = Math.max(minBurst, Math.floor(this.burst / 2));
    else if (delayMs < queueMs / 2) this.burst = Math.min(maxBurst, this.burst * 2);
  }

  /** What was owed before both the first sample there is of the window and the begin of history was let go of. */
  private async tellOvertaken({ device, spans }: OwedWindow, firstMs: number): Promise<void> {
    if ((spans[0]?.fromMs ?? firstMs) >= firstMs) return;
    const begin = (await this.parts.history.begin()) ?? Number.NEGATIVE_INFINITY;
    const lost = new Spans();
    for (const span of spans) lost.add(span);
    lost.take(Math.min(begin, firstMs), Number.POSITIVE_INFINITY);
    if (lost.samples > 0) this.parts.onOvertaken({ device, spans: lost.all });
  }

  /** Room for all tags; the first sample of each tag of a `fresh` device passes. */
  private prepare(deadband: DeadbandState, fresh: string | undefined): void {
    const { size } = this.parts.tags();
    const tags = fresh === undefined ? [] : (this.tagsOf().get(fresh) ?? []);
    if (size !== deadband.quality.length || tags.length > 0) deadband.resize(size, tags);
  }

  /** Wanted tags by device; texts are none of them, for history does not keep those. */
  private tagsOf(): ReadonlyMap<string, readonly number[]> {
    const table = this.parts.tags();
    if (table === this.table) return this.byDevice;
    const byDevice = new Map<string, number[]>();
    table.definitions.forEach(({ name, device, shows }, tag) => {
      if (name === '' || shows === 'text' || !this.parts.wantsTag(tag)) return;
      const known = byDevice.get(device);
      if (known) known.push(tag);
      else byDevice.set(device, [tag]);
    });
    this.table = table;
    this.byDevice = byDevice;
    return byDevice;
  }
}
