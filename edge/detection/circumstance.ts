import { z } from 'zod';
import type { Evidence } from '../core/finding.ts';
import { bindEach, withoutRoles } from './binding.ts';
import {
  type Attachment,
  byClaim,
  claimOf,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type OwnWatch,
  type Snapshot,
  watchOver,
} from './detector.ts';
import { recall, remembered } from './memory.ts';
import { tagsOfRole } from './role-tags.ts';

/** What a role shows: exactly one of `above`, `below`, `equals`. */
const condition = z
  .strictObject({
    /** A role of the asset, or `upstream.<role>` or `downstream.<role>` of its neighbour. */
    role: z.string(),
    above: z.number().optional(),
    below: z.number().optional(),
    equals: z.number().optional(),
  })
  .refine(
    ({ above, below, equals }) => [above, below, equals].filter((bound) => bound !== undefined).length === 1,
    'give exactly one of above, below, equals',
  );
type Condition = z.output<typeof condition>;

const options = z.strictObject({
  /** What comes to pass: it did not hold in the scan before … */
  event: condition,
  /** … and what was so in the scan in which it first held: what came first is the cause of it. */
  amid: z.array(condition).min(1),
  /** So long the event must last, s. */
  forS: z.number().min(0).max(3600).default(0),
});

/** What is remembered of an event. */
const memory = ['held', 'found', 'sinceMs', 'active'] as const;

/** A condition with the tag that shows it. */
interface Bound extends Condition {
  readonly tag: number;
}

interface Watched {
  readonly attachment: Attachment;
  readonly event: Bound;
  readonly amid: readonly Bound[];
  readonly forS: number;
  /** Whether the event held in the last scan that told; undefined before the first. */
  held: boolean | undefined;
  /** Whether it came amid what was asked for, and when it came (monotonic ms). */
  found: boolean;
  sinceMs: number;
  active: boolean;
}

/**
 * Events that are told apart by what stood when they came: a main that loses its pressure while its station holds, and one
 * whose station has lost it. The first-out principle of alarm panels (ISA 18.1), for values; as fine as they are polled.
 */
class CircumstanceDetector implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];
  /** Those of whose conditions one has no tag. */
  private readonly unwatched: readonly OwnWatch[];

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    const bind = (attachment: Attachment) => bound(attachment, context);
    const { watched, unwatched } = bindEach(context, attachments, bind, 'events');
    this.watched = watched;
    this.unwatched = unwatched;
  }

  tick(wallMs: number, monotonicMs: number): void {
    for (const one of this.watched) {
      if (!this.context.trust.usable(one.event.tag)) continue;
      const holds = this.holds(one.event);
      if (holds && one.held === false) {
        one.found = one.amid.every((bound) => this.context.trust.usable(bound.tag) && this.holds(bound));
        one.sinceMs = monotonicMs;
      }
      one.held = holds;
      one.found &&= holds;
      const active = one.found && (one.active || monotonicMs - one.sinceMs >= one.forS * 1000);
      if (active === one.active) continue;
      one.active = active;
      const { asset, kind } = one.attachment;
      this.context.emit({
        ...{ asset: asset.id, kind, from: 'circumstance', active, score: active ? 1 : 0, time: wallMs },
        evidence: this.evidence(one),
      });
    }
  }

  watches(): readonly OwnWatch[] {
    const own = this.watched.map((one) => {
      const { attachment, active, event } = one;
      const evidence = this.evidence(one);
      if (active) return watchOver(attachment, 'claimed', { evidence, score: 1 });
      if (this.context.trust.usable(event.tag)) return watchOver(attachment, 'watching', { evidence, score: 0 });
      return watchOver(attachment, 'waiting', { reason: 'values', roles: [event.role] });
    });
    return [...own, ...this.unwatched];
  }

  snapshot(): Snapshot {
    return remembered(byClaim(this.watched), memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(byClaim(this.watched), memory, snapshot);
    return this.watched.filter(({ active }) => active).map(({ attachment }) => claimOf(attachment));
  }

  private holds({ tag, above, below, equals }: Bound): boolean {
    const value = this.context.live.values[tag] as number;
    if (above !== undefined) return value > above;
    return below === undefined ? value === equals : value < below;
  }

  private evidence({ event, amid }: Watched): Evidence[] {
    return [event, ...amid].map(({ tag, above, below, equals }) => {
      const { name, unit } = this.context.tags.at(tag);
      const expected = above ?? below ?? equals ?? Number.NaN;
      return { tag: name, observed: this.context.live.values[tag] as number, expected, unit, windowS: 0 };
    });
  }
}

function bound(attachment: Attachment, { assets }: DetectorContext): Watched | OwnWatch {
  const { event, amid, forS } = options.parse(attachment.options);
  const tagOf = ({ role }: Condition) => tagsOfRole(role, attachment.asset, assets)[0];
  const missing = [event, ...amid].filter((one) => tagOf(one) === undefined).map(({ role }) => role);
  if (missing.length > 0) return withoutRoles(attachment, missing);
  const withTag = (one: Condition): Bound => ({ ...one, tag: tagOf(one) as number });
  const fresh = { held: undefined, found: false, sinceMs: Number.NaN, active: false };
  return { attachment, event: withTag(event), amid: amid.map(withTag), forS, ...fresh };
}

export const circumstanceFactory: DetectorFactory = {
  rung: 1,
  options,
  create: (context, attachments) => new CircumstanceDetector(context, attachments),
};
