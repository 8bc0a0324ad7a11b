import type { Clock, Timer } from '../../edge/core/clock.ts';

/** Pauses that slow devices need between two exchanges: who is paused is not asked. */
export class Pauses<Key> {
  private readonly clock: Clock;
  private readonly wake: () => void;
  private readonly timers = new Map<Key, Timer>();

  /** @param wake called when a pause is over */
  constructor(clock: Clock, wake: () => void) {
    this.clock = clock;
    this.wake = wake;
  }

  /** Begins a pause, anew when one is under way; 0 ms is none. */
  begin(key: Key, pauseMs: number): void {
    if (pauseMs <= 0) return;
    this.timers.get(key)?.cancel();
    const timer = this.clock.after(pauseMs, () => {
      this.timers.delete(key);
      this.wake();
    });
    this.timers.set(key, timer);
  }

  holds(key: Key): boolean {
    return this.timers.has(key);
  }

  get any(): boolean {
    return this.timers.size > 0;
  }

  end(): void {
    for (const timer of this.timers.values()) timer.cancel();
    this.timers.clear();
  }
}
