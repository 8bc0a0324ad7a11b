import type { Judgement } from '../../core/verdict.ts';

const dayMs = 86_400_000;
/** So many verdicts of nuisance … */
export const nuisances = 3;
/** … within this time, and none of useful in it, widen the limits of a claim by a step … */
export const withinMs = 14 * dayMs;
export const step = 1.25;
/** … to this at the most. */
export const mostTolerance = 2;
/** So long after the last step limits are as they were: what still disturbs then wants a new calibration. */
export const keptMs = 28 * dayMs;

/** How wide verdicts have made the limits of one claim. */
export interface JudgedTolerance {
  /** 1 to `mostTolerance`. */
  readonly factor: number;
  /** ms since epoch at which it came to be, and at which it ends by itself; both 0 where nothing has ever moved. */
  readonly since: number;
  readonly until: number;
  readonly why: 'nuisance' | 'useful' | 'expired' | 'unmoved';
}

const unmoved: JudgedTolerance = { factor: 1, since: 0, until: 0, why: 'unmoved' };

/**
 * The stated rule by which verdicts move thresholds: three of nuisance within 14 days, and none of useful in that time,
 * widen the limits of the claim by a quarter, up to twice; each step wants three more. A verdict of useful takes all of it
 * back, and so do 28 days. A wrong cause moves nothing: something was there.
 * @param judgements on the alarms of one claim, in any order
 */
export function toleranceBy(judgements: readonly Pick<Judgement, 'verdict' | 'at'>[], nowMs: number): JudgedTolerance {
  let standing = unmoved;
  let pending: readonly number[] = [];
  let usefulAt = Number.NEGATIVE_INFINITY;
  const inOrder = judgements.filter(({ at }) => at <= nowMs).sort((a, b) => a.at - b.at || rank(a) - rank(b));
  for (const { verdict, at } of inOrder) {
    standing = expired(standing, at);
    if (verdict === 'useful') {
      usefulAt = at;
      if (standing.factor > 1) standing = { factor: 1, since: at, until: 0, why: 'useful' };
    }
    if (verdict !== 'nuisance') continue;
    pending = [...pending.filter((time) => at - time < withinMs), at];
    if (pending.length < nuisances || at - usefulAt < withinMs || standing.factor >= mostTolerance) continue;
    const factor = Math.min(mostTolerance, standing.factor * step);
    standing = { factor, since: at, until: at + keptMs, why: 'nuisance' };
    pending = [];
  }
  return expired(standing, nowMs);
}

/** Of verdicts at one moment the useful one is the last word. */
const rank = ({ verdict }: Pick<Judgement, 'verdict'>): number => (verdict === 'useful' ? 1 : 0);

const expired = (standing: JudgedTolerance, nowMs: number): JudgedTolerance =>
  standing.factor > 1 && nowMs >= standing.until
    ? { factor: 1, since: standing.until, until: 0, why: 'expired' }
    : standing;
