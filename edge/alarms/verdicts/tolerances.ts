import type { Event, NewEvent } from '../../core/event.ts';
import type { Text } from '../../core/text.ts';
import type { WidenedClaim } from '../../core/verdict.ts';
import type { Occurrence } from './book.ts';
import { type JudgedTolerance, toleranceBy } from './tolerance-rule.ts';

/** A claim with what the rule makes of the verdicts on its alarms. */
interface Ruled extends JudgedTolerance {
  readonly asset: string;
  readonly kind: string;
  readonly detector: string;
}

/** How wide verdicts have made limits, claim by claim: what is in force and journaled. */
export class Tolerances {
  /** By claim, `asset/kind`; only those that are not 1. */
  private readonly inForce = new Map<string, WidenedClaim>();
  private readonly follows: (detector: string) => boolean;

  /** @param follows whether a detector's limits may be moved at all */
  constructor(follows: (detector: string) => boolean) {
    this.follows = follows;
  }

  of(claim: string): number {
    return this.inForce.get(claim)?.factor ?? 1;
  }

  /** All that are widened, the newest first. */
  widened(): readonly WidenedClaim[] {
    return [...this.inForce.values()].sort((a, b) => b.since - a.since);
  }

  /** Replays a journaled move after a restart. */
  restore({ type, data }: Event): void {
    if (type !== 'detection.tolerance-changed') return;
    this.set(data as unknown as WidenedClaim);
  }

  /** Takes over moves that it does not have. */
  recall({ inForce }: Tolerances): void {
    for (const [claim, widened] of inForce) if (!this.inForce.has(claim)) this.inForce.set(claim, widened);
  }

  /** Lets the rule move what it moves by now; gives what is to be journaled of it. Safety claims are never moved. */
  review(occurrences: Iterable<Occurrence>, nowMs: number): NewEvent[] {
    const moved = this.ruled(occurrences, nowMs).filter(
      ({ asset, kind, factor }) => factor !== this.of(`${asset}/${kind}`),
    );
    return moved.map((ruled) => {
      const before = this.of(`${ruled.asset}/${ruled.kind}`);
      this.set(ruled);
      const { asset, kind, detector, factor, since, until, why } = ruled;
      const data = { asset, kind, detector, factor, before, since, until, why, message: messageOf(ruled, before) };
      return { type: 'detection.tolerance-changed', time: nowMs, subject: asset, utility: 'gateway', data };
    });
  }

  private ruled(occurrences: Iterable<Occurrence>, nowMs: number): Ruled[] {
    const judged = [...occurrences].filter(
      ({ judgement, safety, detector }) => judgement && !safety && this.follows(detector),
    );
    const byClaim = Map.groupBy(judged, ({ asset, kind }) => `${asset}/${kind}`);
    const ruled = [...byClaim.values()].flatMap((own): Ruled[] => {
      const newest = own.at(-1);
      if (!newest) return [];
      const { asset, kind, detector } = newest;
      return [
        {
          asset,
          kind,
          detector,
          ...toleranceBy(
            own.flatMap(({ judgement }) => judgement ?? []),
            nowMs,
          ),
        },
      ];
    });
    // nobody remembers the verdicts any more by which these were moved
    const forgotten = this.widened().filter(({ asset, kind }) => !byClaim.has(`${asset}/${kind}`));
    return [
      ...ruled,
      ...forgotten.map((claim): Ruled => ({ ...claim, factor: 1, since: nowMs, until: 0, why: 'expired' })),
    ];
  }

  private set({ asset, kind, detector, factor, since, until }: WidenedClaim): void {
    if (factor > 1) this.inForce.set(`${asset}/${kind}`, { asset, kind, detector, factor, since, until });
    else this.inForce.delete(`${asset}/${kind}`);
  }
}

const reasons: Readonly<Record<JudgedTolerance['why'], Text>> = {
  nuisance: { zh: '14 天内三次被评为误扰', en: 'three times judged a nuisance within 14 days' },
  useful: { zh: '被评为有用', en: 'judged useful' },
  expired: { zh: '放宽期满', en: 'the time of the wider limits is over' },
  unmoved: { zh: '评价已更改', en: 'verdicts were changed' },
};

function messageOf({ asset, kind, factor, why }: Ruled, before: number): Text {
  const moved = `× ${Number(before.toFixed(2))} → × ${Number(factor.toFixed(2))}`;
  const { zh, en } = reasons[why];
  return { zh: `${asset}/${kind} 的限值 ${moved}：${zh}`, en: `limits of ${asset}/${kind} ${moved}: ${en}` };
}
