import type { CrossingCount, PackLimit } from '../core/pack.ts';
import { isBad, isGood } from '../core/quality.ts';
import { everywhere, isOver, isUnder, type Reach } from './reach.ts';

/** What one sample says of a limit; `within` is back inside but not yet beyond the hysteresis. */
export const Judgement = { unknown: 0, clear: 1, within: 2, beyond: 3 } as const;
export type JudgementCode = (typeof Judgement)[keyof typeof Judgement];

/** States of one limit's machine; an alarm stands in `active` and `clearing`. */
export const Phase = { normal: 0, pending: 1, active: 2, clearing: 3 } as const;
export type PhaseCode = (typeof Phase)[keyof typeof Phase];

/**
 * Judges a sample. A value that is not good says nothing, with one exception: for a safety limit every value that passes the
 * limit counts (over-range, stuck, spike alike), and so does an instrument that is at the end of its range on that side, with
 * a figure or without; only a good one within its range can clear it.
 */
export function judge(
  limit: PackLimit,
  safety: boolean,
  value: number,
  quality: number,
  reach: Reach = everywhere,
): JudgementCode {
  if (safety && isOffScale(limit, value, quality, reach)) return Judgement.beyond;
  if (!Number.isFinite(value) || isBad(quality)) return Judgement.unknown;
  const beyond = passes(limit, value, 0);
  const sound = isGood(quality) && value >= reach.low && value <= reach.high;
  if (!sound) return safety && beyond ? Judgement.beyond : Judgement.unknown;
  if (beyond) return Judgement.beyond;
  return passes(limit, value, limit.hysteresis) ? Judgement.within : Judgement.clear;
}

/**
 * Whether an instrument is at the end of its range on the side of the limit, or past it. A limit at that end or beyond it is
 * reached where the instrument shows its last value. Over the range of a state may be the state that is asked for.
 */
function isOffScale({ above, below }: PackLimit, value: number, quality: number, reach: Reach): boolean {
  if (below !== undefined) return isUnder(reach, value, quality) || (below <= reach.low && value <= reach.low);
  return isOver(reach, value, quality) || (above !== undefined && above >= reach.high && value >= reach.high);
}

/** Whether the value is past the limit moved back by `slack`. */
function passes(limit: PackLimit, value: number, slack: number): boolean {
  if (limit.above !== undefined) return value > limit.above - slack;
  if (limit.below !== undefined) return value < limit.below + slack;
  return value === limit.equals;
}

/**
 * The machine of one limit: on-delay and off-delay by sample time, hysteresis (IEC 62682 clause 10 alarm attributes).
 * @param since ms at which the present `pending` or `clearing` began
 * @returns the next phase; whoever holds the state sets `since` to `timeMs` when it enters a waiting phase.
 */
export function nextPhase(
  phase: PhaseCode,
  judgement: JudgementCode,
  timeMs: number,
  since: number,
  limit: Pick<PackLimit, 'onDelayS' | 'offDelayS'>,
): PhaseCode {
  if (judgement === Judgement.unknown) return phase;
  const waitedMs = timeMs - since;
  if (phase === Phase.normal || phase === Phase.pending) {
    if (judgement !== Judgement.beyond) return Phase.normal;
    const waited = phase === Phase.pending ? waitedMs : 0;
    return waited >= limit.onDelayS * 1000 ? Phase.active : Phase.pending;
  }
  if (judgement !== Judgement.clear) return Phase.active;
  const waited = phase === Phase.clearing ? waitedMs : 0;
  return waited >= limit.offDelayS * 1000 ? Phase.normal : Phase.clearing;
}

/** Crossings of a limit that asks for several: the machine of a single one, and when the last of them were told, ms, oldest first. */
export interface Crossings {
  readonly phase: PhaseCode;
  readonly since: number;
  readonly at: readonly number[];
}

export const noCrossings: Crossings = { phase: Phase.normal, since: 0, at: [] };

/**
 * Goes on counting: a value that stays beyond the limit for its on-delay has crossed it once, and must be clear of it
 * before it can cross it again.
 */
export function withSample(
  before: Crossings,
  judgement: JudgementCode,
  timeMs: number,
  { onDelayS, count }: Pick<PackLimit, 'onDelayS' | 'count'>,
): Crossings {
  const since = Math.min(before.since, timeMs);
  const phase = nextPhase(before.phase, judgement, timeMs, since, { onDelayS, offDelayS: 0 });
  if (phase === before.phase) return since === before.since ? before : { ...before, since };
  const crossed = stands(phase) && !stands(before.phase);
  const at = crossed ? [...before.at.map((time) => Math.min(time, timeMs)), timeMs].slice(-(count?.n ?? 1)) : before.at;
  return { phase, since: timeMs, at };
}

/** How many crossings lie within the time that counts, up to `n`. */
export const crossingsWithin = ({ at }: Crossings, timeMs: number, withinS: number): number =>
  at.filter((time) => time > timeMs - withinS * 1000).length;

/** What the crossings say in the place of a sample: beyond while there are as many as the limit asks for. */
export function judgeCrossings(
  crossings: Crossings,
  judgement: JudgementCode,
  timeMs: number,
  { n, withinS }: CrossingCount,
): JudgementCode {
  if (judgement === Judgement.unknown) return Judgement.unknown;
  return crossingsWithin(crossings, timeMs, withinS) >= n ? Judgement.beyond : Judgement.clear;
}

/** Whether an alarm stands in this phase. */
export const stands = (phase: PhaseCode): boolean => phase >= Phase.active;

/** The figure that was passed. */
export const boundOf = (limit: PackLimit): number => limit.above ?? limit.below ?? limit.equals ?? Number.NaN;
