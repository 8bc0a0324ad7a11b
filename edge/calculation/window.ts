import { isBad, Quality } from '../core/quality.ts';
import type { Remembering } from './frame.ts';
import { type Frame, nowCell } from './frame.ts';

/** A window is kept in so many steps. */
const steps = 60;
const slots = steps + 2;

/**
 * Change over a window: per `perMs`, or as it is when that is undefined. It is measured from the newest kept value that
 * is at least a window old; with none that old it is uncertain, with none at all bad.
 */
export function rateOver(windowMs: number, perMs: number | undefined): Remembering {
  const times = new Float64Array(slots);
  const values = new Float64Array(slots);
  const stepMs = windowMs / steps;
  const ring = { oldest: 0, count: 0 };
  const at = (index: number) => (ring.oldest + index) % slots;
  const timeAt = (index: number) => times[at(index)] as number;

  /** Drops what a younger value makes needless, and the last when it is much too old. */
  function forget(nowMs: number, slackMs: number): void {
    while (ring.count > 1 && nowMs - timeAt(1) >= windowMs) drop();
    while (ring.count > 0 && nowMs - timeAt(0) > windowMs + slackMs) drop();
  }

  function drop(): void {
    ring.oldest = (ring.oldest + 1) % slots;
    ring.count--;
  }

  function keep(nowMs: number, value: number): void {
    if (ring.count > 0 && nowMs - timeAt(ring.count - 1) < stepMs) return;
    if (ring.count === slots) drop();
    const index = at(ring.count++);
    times[index] = nowMs;
    values[index] = value;
  }

  return {
    cells: 0,
    start: () => undefined,
    step({ values: registers, quality, time, periodMs }: Frame, _cells, from, to) {
      if (isBad(quality[from] as number)) return;
      const nowMs = time[nowCell] as number;
      const value = registers[from] as number;
      forget(nowMs, stepMs + 2 * periodMs);
      const spanMs = ring.count > 0 ? nowMs - timeAt(0) : 0;
      const change = value - (values[at(0)] as number);
      keep(nowMs, value);
      if (spanMs <= 0) quality[to] = Quality.bad;
      else if (spanMs < windowMs && (quality[to] as number) < Quality.uncertain) quality[to] = Quality.uncertain;
      registers[to] = perMs === undefined ? change : (change * perMs) / spanMs;
    },
  };
}
