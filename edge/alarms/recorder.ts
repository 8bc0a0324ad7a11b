import type { Clock, Timer } from '../core/clock.ts';
import { describeError, LifelineError } from '../core/errors.ts';
import type { Event, NewEvent } from '../core/event.ts';
import type { Log } from '../core/log.ts';
import { both } from '../core/text.ts';
import { alarmErrors } from './errors.ts';

/** Events that may wait for a journal that refuses them. */
const maxWaitingEvents = 100_000;
const retryMs = 2000;

interface Waiting {
  readonly event: NewEvent;
  readonly done: (event: Event) => void;
  readonly failed: (error: LifelineError) => void;
}

/** The part of the journal that is needed here. */
export interface EventLog {
  append(events: readonly NewEvent[]): Promise<readonly Event[]>;
}

/**
 * Brings events into the journal in order. When the journal refuses (full disk, say) they wait and are tried again;
 * none is dropped before `maxWaitingEvents`.
 */
export class EventRecorder {
  private waiting: Waiting[] = [];
  private writing: Promise<void> | undefined;
  private timer: Timer | undefined;
  private readonly journal: EventLog;
  private readonly clock: Clock;
  private readonly log: Log;

  constructor(journal: EventLog, clock: Clock, log: Log) {
    this.journal = journal;
    this.clock = clock;
    this.log = log;
  }

  /** Resolves once the event is synced to disk. Rejects only when the outbox is full. */
  record(event: NewEvent): Promise<Event> {
    return new Promise((done, failed) => {
      if (this.waiting.length >= maxWaitingEvents) {
        failed(
          alarmErrors.create(
            'OUTBOX-FULL',
            both(`${maxWaitingEvents} events wait for the journal`, `${maxWaitingEvents} 条事件等待写入日志`),
          ),
        );
        return;
      }
      this.waiting.push({ event, done, failed });
      if (!this.timer) this.write();
    });
  }

  /** Events not on disk yet. */
  get pending(): number {
    return this.waiting.length;
  }

  /** One last try for what waits; resolves when it is written or refused. */
  async stop(): Promise<void> {
    this.cancelRetry();
    // one write calls for the next until all is on disk or one fails
    while (this.writing) await this.writing;
    if (this.waiting.length > 0) await this.flush();
    this.cancelRetry();
  }

  private cancelRetry(): void {
    this.timer?.cancel();
    this.timer = undefined;
  }

  private write(): void {
    this.writing ??= this.flush().finally(() => {
      this.writing = undefined;
      if (this.waiting.length > 0 && !this.timer) this.write();
    });
  }

  private async flush(): Promise<void> {
    const part = this.waiting.slice(0, 1000);
    try {
      const events = await this.journal.append(part.map((entry) => entry.event));
      this.waiting = this.waiting.slice(part.length);
      part.forEach((entry, index) => {
        entry.done(events[index] as Event);
      });
    } catch (error) {
      const code = error instanceof LifelineError ? error.code : undefined;
      this.log.error({ code, waiting: this.waiting.length, subject: 'journal' }, describeError(error));
      this.timer = this.clock.after(retryMs, () => {
        this.timer = undefined;
        this.write();
      });
    }
  }
}
