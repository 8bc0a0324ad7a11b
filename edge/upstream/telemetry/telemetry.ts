import { AgeClock } from '../../core/age-clock.ts';
import { createBatch, type SampleBatch } from '../../core/batch.ts';
import { every } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import type { TagTable } from '../../core/tag.ts';
import type { SinkHost } from '../api.ts';
import { BackFill } from './back-fill.ts';
import { type GapReason, GapTeller } from './gap-teller.ts';
import { Heartbeat } from './heartbeat.ts';
import { Ledger, type OwedWindow } from './ledger.ts';
import { LiveLane } from './live-lane.ts';
import type { TelemetryOptions } from './options.ts';
import { orEnded } from './or-ended.ts';
import type { TelemetryRoad } from './road.ts';

/** How often what was sent is confirmed, and what is owed looked at. */
const roundMs = 1_000;
/** Between two writes of what is owed, while only live values flow and while there is a back-log; a crash sends so much again. */
const saveMs = 30_000;
const busySaveMs = 5_000;
/** Devices without a batch so long after the start count as silent. */
const silentMs = 60_000;
/** A value in history takes a byte at most (see `lifeline bench store`). */
const samplesPerMb = 1_000_000;
const hourMs = 3_600_000;
const snapshotName = 'telemetry';

/** Figures of the values of one sink. */
export interface TelemetryFigures {
  /** Values sent at once, since start. */
  readonly sent: number;
  /** Values sent later from history, and confirmed, since start. */
  readonly backfilled: number;
  /** Values that history had and the deadband held back on their way, since start. */
  readonly thinned: number;
  /** Values that nobody will send any more, since start. */
  readonly dropped: number;
  /** About how many values are owed. */
  readonly owed: number;
  /** Age of the oldest value owed, ms by the wall clock; 0 when none is. */
  readonly backlogMs: number;
}

/** What the telemetry of a sink works with. */
export interface TelemetryParts extends SinkHost {
  readonly sink: string;
  readonly options: TelemetryOptions;
  /** Whether values of a device can go over the road there is; all can when left out. */
  readonly reaches?: (device: string) => boolean;
  /** Whether every value is told as it stands at the beginning of a connection; else texts alone, which history does not keep. */
  readonly repeatsAll?: boolean;
}

/**
 * The values of one sink: new ones go at once, those that could not go are owed and sent from history when a road is there
 * again. At least once: what was on its way when a connection went is sent again.
 */
export class Telemetry {
  private readonly parts: TelemetryParts;
  private readonly lane: LiveLane;
  private readonly gaps: GapTeller;
  private readonly backFill: BackFill;
  private readonly ledger = new Ledger();
  private readonly age: AgeClock;
  private readonly heartbeat: Heartbeat | undefined;
  private road: TelemetryRoad | undefined;
  private confirming: Promise<void> = Promise.resolve();
  private rounds = { done: 0, inFlight: 0 };
  private sent = 0;
  private dropped = 0;
  /** Whether what is owed from before is known, so that it may be written over. */
  private keeps = false;
  private startedMs = 0;
  private savedMs = 0;
  private savedText = '';
  private saving: Promise<void> | undefined;
  private stopTicking: () => void = () => undefined;

  constructor(parts: TelemetryParts) {
    const { clock, log, history, sink, tags, wantsTag, options } = parts;
    this.parts = parts;
    this.age = new AgeClock(clock);
    this.heartbeat = options.heartbeatS === undefined ? undefined : new Heartbeat(options.heartbeatS * 1000);
    this.gaps = new GapTeller(parts);
    this.lane = new LiveLane({
      clock,
      onSent: (batch, table, again) => this.noteSent(batch, table, again),
      onMissed: (batch, again) => again || this.noteMissed(batch),
    });
    this.backFill = new BackFill({
      ...{ sink, clock, log, history, tags, wantsTag },
      ledger: this.ledger,
      reaches: parts.reaches ?? (() => true),
      crowded: () => this.lane.crowded,
      confirmed: () => this.confirm(),
      onOvertaken: (window) => this.giveUp('retention', [window]),
    });
  }

  /** Reads what is owed from before. Rejects with a coded error when the disk does not give it. */
  async start(): Promise<void> {
    const { clock, memory, options } = this.parts;
    if (options.backfill) {
      const saved = (await memory.load()).get(snapshotName);
      if (saved !== undefined) this.ledger.restore(saved);
      this.keeps = true;
    }
    this.startedMs = clock.monotonicMs();
    this.savedMs = this.startedMs;
    this.stopTicking = every(clock, roundMs, () => this.tick());
  }

  /** New samples, after the pipeline; what cannot go is owed. */
  push(batch: SampleBatch): void {
    if (batch.tags.length > 0) this.lane.push(batch, this.parts.tags());
  }

  /** Uses a road until its connection ends. One run at a time. */
  async run(road: TelemetryRoad, ended: AbortSignal): Promise<void> {
    if (ended.aborted) return;
    this.road = road;
    this.lane.use(road);
    const { live } = this.parts;
    this.repeat(this.parts.repeatsAll === true ? live.values.keys() : live.textTags());
    const over = () => this.endRoad();
    ended.addEventListener('abort', over, { once: true });
    if (this.parts.options.backfill) await this.backFill.run(road, ended);
    else await orEnded(new Promise(() => undefined), ended);
  }

  /** Sends what waits and has it confirmed; its caller bounds the time. */
  async drained(): Promise<void> {
    await this.confirm();
  }

  /** Waits until what is owed is on disk; may be called twice. */
  async stop(): Promise<void> {
    this.stopTicking();
    this.endRoad();
    await this.saving;
    await this.save();
  }

  figures(): TelemetryFigures {
    const { sent, dropped } = this;
    const { sent: backfilled, thinned } = this.backFill;
    const oldestMs = this.ledger.oldestMs((device) => this.backFill.knows(device));
    const backlogMs = oldestMs === undefined ? 0 : Math.max(0, this.parts.clock.wallMs() - oldestMs);
    return { sent, backfilled, thinned, dropped: Math.round(dropped), owed: this.ledger.samples, backlogMs };
  }

  /** Confirmations had and waited for, by which a silent far end is known. */
  acks(): { readonly done: number; readonly inFlight: number } {
    return this.rounds;
  }

  private endRoad(): void {
    if (!this.road) return;
    this.road = undefined;
    this.rounds = { ...this.rounds, inFlight: 0 };
    this.confirming = Promise.resolve(); // the round that goes on stays open for ever
    this.ledger.lose();
    this.lane.use(undefined);
  }

  private noteSent(batch: SampleBatch, tags: TagTable, again: boolean): void {
    this.sent += batch.tags.length;
    this.heartbeat?.note(batch, tags, this.parts.clock.monotonicMs());
    if (this.parts.options.backfill && !again) this.ledger.noteSent(batch);
  }

  private noteMissed(batch: SampleBatch): void {
    if (this.parts.options.backfill) this.ledger.noteMissed(batch);
    else this.dropped += batch.tags.length;
  }

  /** A round of confirmation behind the one that goes on; stays open when the connection ends meanwhile. */
  private confirm(): Promise<void> {
    const next = this.confirming.then(() => this.round());
    this.confirming = next.catch(() => undefined);
    return next;
  }

  private async round(): Promise<void> {
    const { road } = this;
    if (!road) return;
    await this.lane.taken();
    if (this.road !== road) return;
    this.ledger.beginRound();
    this.rounds = { ...this.rounds, inFlight: 1 };
    await road.settled();
    if (this.road !== road) return;
    this.rounds = { done: this.rounds.done + 1, inFlight: 0 };
    this.ledger.confirmRound();
  }

  private tick(): void {
    const { clock, options, log, sink, tags } = this.parts;
    const nowMs = clock.monotonicMs();
    if (this.heartbeat && this.road) this.repeat(this.heartbeat.due(tags(), nowMs));
    if (!this.keeps) return;
    if (this.road && this.ledger.hasUnconfirmed && this.rounds.inFlight === 0) {
      this.confirm().catch((error) => log.warn({ sink }, `confirm values: ${describeError(error)}`));
    }
    if (nowMs - this.startedMs > silentMs) this.ledger.oweOfSilent(clock.wallMs());
    const { hours, mb } = options.buffer;
    const trimmed = this.ledger.trim(this.age.nowMs() - hours * hourMs, mb * samplesPerMb);
    if (trimmed.length > 0) this.giveUp('buffer', trimmed);
    this.gaps.tell();
    const due = nowMs - this.savedMs >= (this.figures().backlogMs > 0 ? busySaveMs : saveMs);
    if (due) this.saving ??= this.save();
  }

  private giveUp(reason: GapReason, windows: readonly OwedWindow[]): void {
    this.dropped += this.gaps.add(reason, windows);
  }

  /** Tells tags as they stand, of whatever time that is; nobody owes it when it cannot go. */
  private repeat(repeated: Iterable<number>): void {
    const { live, tags, wantsTag, clock } = this.parts;
    const table = tags();
    const byDevice = new Map<string, number[]>();
    for (const tag of repeated) {
      if (live.times[tag] === 0 || !wantsTag(tag)) continue;
      const { device } = table.at(tag);
      const known = byDevice.get(device);
      if (known) known.push(tag);
      else byDevice.set(device, [tag]);
    }
    for (const [device, chosen] of byDevice) {
      const texts = new Map<number, string>();
      const batch = createBatch(device, chosen.length, clock.wallMs(), texts);
      for (const [row, tag] of chosen.entries()) {
        const text = live.textOf(tag);
        if (text !== undefined) texts.set(tag, text);
        batch.tags[row] = tag;
        batch.values[row] = live.values[tag] as number;
        batch.quality[row] = live.quality[tag] as number;
        batch.times[row] = live.times[tag] as number;
      }
      this.lane.push(batch, table, true);
    }
  }

  private async save(): Promise<void> {
    const { memory, clock, log, sink } = this.parts;
    const text = this.ledger.saved();
    this.savedMs = clock.monotonicMs();
    try {
      if (this.keeps && text !== this.savedText) await memory.save(new Map([[snapshotName, text]]));
      this.savedText = text;
    } catch (error) {
      log.warn({ sink }, `note values that are owed: ${describeError(error)}`);
    }
    this.saving = undefined;
  }
}
