import type { Graded } from '../../../simulator/exam/grading.ts';
import type { Planned } from './plan.ts';

/**
 * From when it counts to the first alarm that answers, s: 0 for one that came before that, infinite without one while it
 * lasts. Alarms from before the happening are none of its own.
 */
export function delayS(
  { strikes, happening, countsFromMs }: Planned,
  { alarms, endMs }: Pick<Graded, 'alarms' | 'endMs'>,
): number {
  const answer = alarms.find(
    ({ kind, raisedMs }) =>
      raisedMs >= happening.startMs && raisedMs <= endMs && (strikes.answers?.includes(kind) ?? true),
  );
  return answer ? Math.max(0, (answer.raisedMs - countsFromMs) / 1000) : Number.POSITIVE_INFINITY;
}

/** Median of delays of which some may be infinite; infinite when half of them or more are. */
export function medianDelayS(delays: readonly number[]): number {
  const sorted = [...delays].sort((a, b) => a - b);
  const [lower, upper] = [sorted[(sorted.length - 1) >>> 1], sorted[sorted.length >>> 1]];
  return lower === undefined || upper === undefined ? Number.POSITIVE_INFINITY : (lower + upper) / 2;
}
