import type { Clock, Timer } from './clock.ts';

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly run: () => void;
}

/**
 * A clock that moves only when told. `advanceTo` runs what falls due in order of time, then of registration, and
 * between two callbacks lets the promises they started settle, so a run never depends on the machine's speed.
 */
export class VirtualClock implements Clock {
  private nowMs = 0;
  private order = 0;
  private epochMs: number;
  private readonly entries = new Set<Entry>();

  constructor(startWallMs = 0) {
    this.epochMs = startWallMs;
  }

  wallMs(): number {
    return this.epochMs + this.nowMs;
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  after(delayMs: number, run: () => void): Timer {
    const entry: Entry = { dueMs: this.nowMs + Math.max(0, delayMs), order: this.order++, run };
    this.entries.add(entry);
    return { cancel: () => this.entries.delete(entry) };
  }

  /** Moves the wall clock only, as an operator or NTP would; monotonic time is untouched. */
  jumpWall(deltaMs: number): void {
    this.epochMs += deltaMs;
  }

  /** Moves forward by `deltaMs`, running every timer that falls due on the way. */
  async advance(deltaMs: number): Promise<void> {
    const endMs = this.nowMs + deltaMs;
    for (;;) {
      await settle();
      const next = this.nextDue(endMs);
      if (!next) break;
      this.entries.delete(next);
      this.nowMs = Math.max(this.nowMs, next.dueMs);
      next.run();
    }
    this.nowMs = endMs;
  }

  private nextDue(endMs: number): Entry | undefined {
    let best: Entry | undefined;
    for (const entry of this.entries) {
      if (entry.dueMs > endMs) continue;
      if (!best || entry.dueMs < best.dueMs || (entry.dueMs === best.dueMs && entry.order < best.order)) best = entry;
    }
    return best;
  }
}

/** Lets pending promise reactions and immediate callbacks run. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
