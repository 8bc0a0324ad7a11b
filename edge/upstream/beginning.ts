import type { Clock } from '../core/clock.ts';
import type { Event } from '../core/event.ts';
import type { Journal } from '../store/api.ts';
import type { SinkMemory } from './api.ts';

const memoryName = 'beginning';
const hourMs = 3_600_000;

/** What a new sink is given of the events before it: none, those of so many hours, or all. */
export type BeginFrom = 'now' | 'beginning' | number;

/** What a beginning is chosen by. */
export interface BeginningParts {
  readonly from: BeginFrom;
  /** Sequence of the newest event that was there before the sink. */
  readonly newest: number;
  readonly journal: Pick<Journal, 'read' | 'last'>;
  readonly memory: SinkMemory;
  readonly clock: Pick<Clock, 'wallMs'>;
  /** When the oldest of the alarms that stand was raised, ms since epoch; undefined where none stands. */
  standingSinceMs(): number | undefined;
  /** Whether an event belongs to an alarm that stands. */
  stands(event: Event): boolean;
}

/**
 * Where a sink begins that has no cursor. Of what is older than it is to have, only the events of alarms that stand go, so
 * that the far end knows of what is open and is told of no case that was closed long ago.
 */
export class Beginning {
  /** Events up to this sequence go only where their alarm stands. */
  private upTo = 0;
  private readonly parts: BeginningParts;

  constructor(parts: BeginningParts) {
    this.parts = parts;
  }

  /** Goes on with what was chosen at an earlier start. */
  async load(): Promise<void> {
    this.upTo = Number((await this.parts.memory.load()).get(memoryName) ?? 0);
  }

  /** The first cursor; what it means is on disk when it resolves. */
  async choose(): Promise<number> {
    const { from, newest, clock, memory, standingSinceMs } = this.parts;
    if (from === 'beginning') return 0;
    this.upTo = from === 'now' ? newest : Math.min(newest, await this.before(clock.wallMs() - from * hourMs));
    await memory.save(new Map([[memoryName, String(this.upTo)]]));
    const sinceMs = standingSinceMs();
    return sinceMs === undefined ? this.upTo : Math.min(this.upTo, await this.before(sinceMs));
  }

  wants(event: Event): boolean {
    return event.sequence > this.upTo || this.parts.stands(event);
  }

  /** Sequence of the last event before a time; by halves, as times rise but where a clock was set. */
  private async before(timeMs: number): Promise<number> {
    const { journal } = this.parts;
    let [low, high] = [0, journal.last];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const [event] = await journal.read(middle, 1);
      if (event && event.sequence <= high && event.time < timeMs) low = event.sequence;
      else high = middle;
    }
    return low;
  }
}
