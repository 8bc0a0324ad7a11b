import type { TelemetryGap } from './api.ts';
import { spanOf } from './series.ts';
import type { Remainder } from './tail.ts';

/** What telemetry a store that was open since `openedMs`, and never closed, may have lost. */
export function gapOf(remainders: readonly Remainder[], openedMs: number, nowMs: number): TelemetryGap {
  const newest = remainders.map(newestOf).filter((time) => time <= nowMs);
  return {
    fromMs: newest.reduce((latest, time) => Math.max(latest, time), Math.min(openedMs, nowMs)),
    toMs: nowMs,
    tags: new Set(remainders.map(({ id }) => id)).size,
  };
}

/** Source time of the last sample that was kept of an open chunk. */
const newestOf = ({ pieces }: Remainder): number =>
  pieces.reduce((latest, { times }) => Math.max(latest, spanOf(times)?.[1] ?? latest), Number.NEGATIVE_INFINITY);
