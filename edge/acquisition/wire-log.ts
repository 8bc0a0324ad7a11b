import type { WireListener } from '../../drivers/api.ts';
import type { Clock } from '../core/clock.ts';
import type { WireCounts, WireFigures, WireFrame } from '../core/diagnostics.ts';
import { DurationHistogram } from '../core/duration-histogram.ts';

const kinds = ['sentBytes', 'receivedBytes', 'requests', 'timeouts', 'exceptions', 'strays'] as const;
type Kind = (typeof kinds)[number];
const column = Object.fromEntries(kinds.map((kind, index) => [kind, index])) as Readonly<Record<Kind, number>>;

/** The last minute is kept in slots of five seconds: it is 55 to 60 s long. */
const slots = 12;
const slotMs = 5_000;

/** Counts and round trips of one device's wire since start, across its sessions; passes frames on to who asked for them. */
export class WireLog implements WireListener {
  private readonly clock: Clock;
  private readonly roundTrips = new DurationHistogram();
  private readonly totals = new Float64Array(kinds.length);
  /** A row per slot, used in turn. */
  private readonly minute = new Uint32Array(slots * kinds.length);
  private slot = 0;
  private readonly readers = new Set<(frame: WireFrame) => void>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  get wantsFrames(): boolean {
    return this.readers.size > 0;
  }

  sent(bytes: number): void {
    this.add('requests', 1);
    this.add('sentBytes', bytes);
  }

  answered(bytes: number, roundTripMs: number, refused: boolean): void {
    this.roundTrips.add(roundTripMs);
    this.add('receivedBytes', bytes);
    if (refused) this.add('exceptions', 1);
  }

  failed(how: 'timeout' | 'stray'): void {
    this.add(how === 'timeout' ? 'timeouts' : 'strays', 1);
  }

  frame(frame: WireFrame): void {
    for (const reader of this.readers) reader(frame);
  }

  /** Calls the reader with every frame from now on; returns what ends it. */
  trace(reader: (frame: WireFrame) => void): () => void {
    const own = (frame: WireFrame) => reader(frame);
    this.readers.add(own);
    return () => this.readers.delete(own);
  }

  figures(): WireFigures {
    this.turn();
    const last = new Float64Array(kinds.length);
    for (const [index, count] of this.minute.entries()) {
      const kind = index % kinds.length;
      last[kind] = (last[kind] as number) + count;
    }
    const { roundTrips } = this;
    return {
      lastMinute: countsOf(last),
      total: countsOf(this.totals),
      roundTrips: {
        count: roundTrips.count,
        p50Ms: roundTrips.quantile(0.5),
        p99Ms: roundTrips.quantile(0.99),
        bars: roundTrips.bars(),
      },
    };
  }

  private add(kind: Kind, amount: number): void {
    this.turn();
    const place = (this.slot % slots) * kinds.length + column[kind];
    this.minute[place] = (this.minute[place] as number) + amount;
    this.totals[column[kind]] = (this.totals[column[kind]] as number) + amount;
  }

  /** Moves on to the slot of this moment, emptying those that nothing was counted in. */
  private turn(): void {
    const now = Math.floor(this.clock.monotonicMs() / slotMs);
    if (now - this.slot >= slots) this.minute.fill(0);
    else {
      for (let slot = this.slot + 1; slot <= now; slot++) {
        const row = (slot % slots) * kinds.length;
        this.minute.fill(0, row, row + kinds.length);
      }
    }
    this.slot = now;
  }
}

const countsOf = (columns: Float64Array): WireCounts =>
  Object.fromEntries(kinds.map((kind) => [kind, columns[column[kind]]])) as unknown as WireCounts;
