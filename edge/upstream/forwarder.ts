import type { Clock, Timer } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import type { Cursors, Journal } from '../store/api.ts';
import { AckWindow } from './ack-window.ts';
import type { Beginning } from './beginning.ts';
import { EventAges } from './event-ages.ts';

/** Events sent and not confirmed at most. */
const maxInFlight = 50;
const maxEventsPerRead = 200;
/** Events before the cursor among which the newest one of the far end is looked for at the start. */
const maxLookedBack = 200;
/** Pause before the journal or the cursor is tried again after the disk failed. */
const diskRetryMs = 5_000;

/** What the forwarder needs of its surroundings. */
export interface ForwarderParts {
  /** Name of the cursor. */
  readonly sink: string;
  readonly journal: Journal;
  readonly cursors: Cursors;
  readonly clock: Clock;
  readonly log: Log;
  /** Where to begin while there is no cursor; with the first event when left out. */
  readonly beginning?: Beginning;
  /** Whether the far end is to have an event; one that it is not is passed over. */
  wants(event: Event): boolean;
}

/** Sends one event; resolves when the far end has it, rejects when the connection went. */
export type Send = (event: Event) => Promise<unknown>;

/**
 * A cursor loop over the journal: sends in order, at most 50 at once, and moves the cursor over what is confirmed without
 * a gap. Knows nothing of the road. What was sent and not confirmed when a connection goes is sent again on the next.
 */
export class Forwarder {
  /** Events confirmed since start. */
  forwarded = 0;
  private confirmed = 0;
  private saved = 0;
  private saving: Promise<void> | undefined;
  /** The newest event that the far end has, of those that it is to have; undefined where none is known. */
  newest: Event | undefined;
  /** Sent on the present connection and not confirmed, by sequence. */
  private readonly going = new Map<number, Event>();
  private readonly window = new AckWindow();
  /** The oldest one pending while nothing is in flight. */
  private waiting: Pick<Event, 'sequence' | 'time'> = { sequence: 0, time: 0 };
  private readonly ages: EventAges;
  private wake: () => void = () => undefined;
  private retry: Timer | undefined;
  private drainers: (() => void)[] = [];
  private stopListening: () => void = () => undefined;
  private readonly parts: ForwarderParts;

  constructor(parts: ForwarderParts) {
    this.parts = parts;
    this.ages = new EventAges(parts.clock);
  }

  /** Reads the cursor and listens to the journal. Rejects with a coded error when the cursor cannot be read. */
  async start(): Promise<void> {
    const { journal, cursors, sink, beginning } = this.parts;
    await beginning?.load();
    this.confirmed = await cursors.get(sink, beginning && (() => beginning.choose()));
    this.saved = this.confirmed;
    const [oldest] = await journal.read(this.confirmed, 1);
    const before = await journal.read(Math.max(0, this.confirmed - maxLookedBack), maxLookedBack);
    this.newest = before.findLast((event) => event.sequence <= this.confirmed && this.isFor(event));
    this.waiting = oldest ?? this.waiting;
    this.ages.note(0);
    this.stopListening = journal.onAppend(([first]) => {
      if (first && this.confirmed === first.sequence - 1) this.waiting = first;
      this.ages.note(first?.sequence ?? 0);
      this.wake();
    });
  }

  /** Sends until the signal aborts; then forgets what is not confirmed. One run at a time. */
  async run(send: Send, signal: AbortSignal): Promise<void> {
    const { journal, log } = this.parts;
    const awake = () => this.wake();
    signal.addEventListener('abort', awake);
    let position = this.confirmed;
    while (!signal.aborted) {
      try {
        const { last } = journal;
        if (position >= last) {
          await this.sleep(signal);
          continue;
        }
        const events = await journal.read(position, maxEventsPerRead);
        for (const event of events) {
          while (this.window.size >= maxInFlight && !signal.aborted) await this.sleep(signal);
          if (signal.aborted) break;
          this.window.add(event.sequence, event.time);
          if (this.isFor(event)) this.sendOne(event, send, signal);
          else this.confirm(event.sequence);
          position = event.sequence;
        }
        if (events.length === 0) position = last; // nothing there but damaged records
      } catch (error) {
        log.warn({ sink: this.parts.sink }, `forward events: ${describeError(error)}`);
        await this.sleep(signal, diskRetryMs);
      }
    }
    signal.removeEventListener('abort', awake);
    this.waiting = this.window.oldest ?? this.waiting;
    this.window.clear();
    this.going.clear();
  }

  /** Events not confirmed. */
  get pending(): number {
    return Math.max(0, this.parts.journal.last - this.confirmed);
  }

  /** Events sent on the present connection and not confirmed. */
  get inFlight(): number {
    return this.window.size;
  }

  /** Age of the oldest event not confirmed, ms, whatever the wall clock has done since; 0 when there is none. */
  get oldestPendingMs(): number {
    if (this.pending === 0) return 0;
    const { sequence, time } = this.window.oldest ?? this.waiting;
    return this.ages.ageMs(sequence, time);
  }

  /** Resolves once everything in the journal is confirmed; its caller bounds the time. */
  drained(): Promise<void> {
    if (this.pending === 0) return Promise.resolve();
    return new Promise((resolve) => this.drainers.push(resolve));
  }

  /** Stops listening, waits until the cursor is on disk and lets go of it. */
  async stop(): Promise<void> {
    this.stopListening();
    this.retry?.cancel();
    await this.saving;
    this.parts.cursors.release(this.parts.sink);
  }

  private isFor(event: Event): boolean {
    const { wants, beginning } = this.parts;
    return wants(event) && (beginning?.wants(event) ?? true);
  }

  private sendOne(event: Event, send: Send, signal: AbortSignal): void {
    this.going.set(event.sequence, event);
    send(event).then(
      () => {
        if (!signal.aborted) this.confirm(event.sequence);
      },
      () => undefined, // the connection is going; its end is told by the signal
    );
  }

  private confirm(sequence: number): void {
    const done = this.window.confirm(sequence);
    const newest = done.at(-1);
    if (newest === undefined) return;
    for (const one of done) {
      this.newest = this.going.get(one) ?? this.newest;
      this.going.delete(one);
    }
    this.confirmed = newest;
    this.forwarded += done.length;
    this.saving ??= this.save();
    this.wake();
    if (this.pending > 0) return;
    for (const resolve of this.drainers) resolve();
    this.drainers = [];
  }

  /** Writes the cursor; confirmations that come meanwhile share the next write. */
  private async save(): Promise<void> {
    const { cursors, sink, log, clock } = this.parts;
    while (this.saved < this.confirmed) {
      const sequence = this.confirmed;
      try {
        await cursors.set(sink, sequence);
        this.saved = sequence;
      } catch (error) {
        log.warn({ sink }, `move the cursor: ${describeError(error)}`);
        this.retry = clock.after(diskRetryMs, () => {
          this.saving ??= this.save();
        });
        break;
      }
    }
    this.saving = undefined;
  }

  /** Until something happens, the signal included, or `ms` have passed. */
  private sleep(signal: AbortSignal, ms?: number): Promise<void> {
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      const timer = ms === undefined ? undefined : this.parts.clock.after(ms, () => this.wake());
      this.wake = () => {
        timer?.cancel();
        this.wake = () => undefined;
        resolve();
      };
    });
  }
}
