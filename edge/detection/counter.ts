import { z } from 'zod';
import type { Evidence } from '../core/finding.ts';
import { bindEach, rolesWithoutTag, withoutRoles } from './binding.ts';
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

/** A count and its condition are polled apart: an advance waits so long for what its condition was before and after, ms. */
const apartMs = 130_000;
/** What this gateway wrote may show in the count of a device this long after, ms. */
const ownWriteMs = 90_000;

const options = z.strictObject({
  /** A count that goes up, and may begin again at 0. */
  role: z.string(),
  /** More than this within the time below is a claim, which ends when no more has come for `quietS`. */
  above: z.number().min(0),
  withinS: z.number().positive().max(3600),
  quietS: z.number().positive().max(86_400).default(600),
  /** Counts only while a role has this value. */
  when: z.strictObject({ role: z.string(), equals: z.number() }).optional(),
  /** Not when this gateway has just written to the device … */
  exceptOwnWrites: z.boolean().default(false),
  /** … nor when this role names a lawful client as the one who did: an address, three digits an octet. */
  writer: z.string().optional(),
});

/** What is remembered of a count. */
const memory = ['count', 'countedMs', 'waiting', 'recent', 'lastMs', 'otherwiseMs', 'active'] as const;

/** One count that is watched. */
interface Watched {
  readonly attachment: Attachment;
  readonly options: z.output<typeof options>;
  readonly tag: number;
  readonly whenTag: number;
  /** The newest count, and when it was seen (monotonic ms); NaN before the first. */
  count: number;
  countedMs: number;
  /** Advances that wait for their condition, and those within the time; when they were seen (monotonic ms). */
  waiting: readonly { readonly atMs: number; readonly by: number }[];
  recent: readonly { readonly atMs: number; readonly by: number }[];
  /** Monotonic ms of the last advance that counted, and at which the condition last did not hold; NaN for never. */
  lastMs: number;
  otherwiseMs: number;
  active: boolean;
}

/** How far counts go up within a time: what limits, which see one value at a time, cannot judge. */
class CounterDetector implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];
  /** Those whose count, or condition, has no tag. */
  private readonly unwatched: readonly OwnWatch[];

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    const { watched, unwatched } = bindEach(context, attachments, bind, 'counts');
    this.watched = watched;
    this.unwatched = unwatched;
  }

  tick(wallMs: number, monotonicMs: number): void {
    const { trust, live } = this.context;
    for (const one of this.watched) {
      if (trust.usable(one.tag)) this.count(one, live.values[one.tag] as number, monotonicMs);
      this.settle(one, monotonicMs);
      const { above, withinS, quietS } = one.options;
      if (one.recent.length > 0) one.recent = one.recent.filter(({ atMs }) => monotonicMs - atMs <= withinS * 1000);
      const advanced = advanceOf(one);
      const over = one.active && monotonicMs - one.lastMs >= quietS * 1000;
      if (one.active ? !over : advanced <= above) continue;
      one.active = !one.active;
      this.claim(one, advanced, wallMs);
    }
  }

  watches(): readonly OwnWatch[] {
    const { live, trust } = this.context;
    const own = this.watched.map((one) => {
      const { attachment, active, tag, whenTag, options: asked } = one;
      const evidence = [this.evidence(one, advanceOf(one))];
      if (active) return watchOver(attachment, 'claimed', { evidence, score: 1 });
      if (!trust.usable(tag)) return watchOver(attachment, 'waiting', { reason: 'values', roles: [asked.role] });
      const idle = asked.when && live.values[whenTag] !== asked.when.equals;
      return watchOver(attachment, idle ? 'idle' : 'watching', { evidence, score: 0 });
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

  /**
   * An advance is looked at unless it is our own doing or a lawful client's; a count that fell began anew, as does one that
   * was not seen for longer than the time asked about: nobody knows when it came.
   */
  private count(one: Watched, count: number, nowMs: number): void {
    const by = nowMs - one.countedMs <= one.options.withinS * 1000 ? count - one.count : 0;
    Object.assign(one, { count, countedMs: nowMs });
    if (by > 0 && !this.isLawful(one, nowMs)) one.waiting = [...one.waiting, { atMs: nowMs, by }];
  }

  /** An advance counts once its condition is known to have held around it. */
  private settle(one: Watched, nowMs: number): void {
    const { when } = one.options;
    if (when && this.context.live.values[one.whenTag] !== when.equals) one.otherwiseMs = nowMs;
    if (one.waiting.length === 0) return;
    const due = one.waiting.filter(({ atMs }) => !when || nowMs - atMs >= apartMs);
    if (due.length === 0) return;
    one.waiting = one.waiting.filter((advance) => !due.includes(advance));
    const counted = due.filter(({ atMs }) => !(one.otherwiseMs >= atMs - apartMs));
    one.recent = [...one.recent, ...counted.map(({ by }) => ({ atMs: nowMs, by }))];
    if (counted.length > 0) one.lastMs = nowMs;
  }

  private isLawful({ attachment: { asset }, tag, options: own }: Watched, nowMs: number): boolean {
    const { exceptOwnWrites, writer } = own;
    const { live, tags, lastOwnWriteMs } = this.context;
    const writerTag = writer === undefined ? undefined : asset.roles[writer];
    if (writerTag !== undefined && asset.lawfulClients?.includes(addressOf(live.values[writerTag] as number)))
      return true;
    return exceptOwnWrites && nowMs - lastOwnWriteMs(tags.at(tag).device) <= ownWriteMs;
  }

  private evidence({ tag, options: { above, withinS } }: Watched, observed: number): Evidence {
    const { name, unit } = this.context.tags.at(tag);
    return { tag: name, observed, expected: above, unit, windowS: withinS };
  }

  private claim(one: Watched, observed: number, time: number): void {
    const { attachment, active } = one;
    this.context.emit({
      ...{ asset: attachment.asset.id, kind: attachment.kind, from: 'counter', active, score: active ? 1 : 0, time },
      evidence: [this.evidence(one, observed)],
    });
  }
}

/** How far the count has gone up within the time. */
const advanceOf = ({ recent }: Watched): number => recent.reduce((sum, { by }) => sum + by, 0);

/** `10.66.3.21` of 10066003021. */
export function addressOf(digits: number): string {
  const octet = (place: number) => Math.floor(digits / 1000 ** place) % 1000;
  return [3, 2, 1, 0].map(octet).join('.');
}

function bind(attachment: Attachment): Watched | OwnWatch {
  const parsed = options.parse(attachment.options);
  const { role, when } = parsed;
  const { roles } = attachment.asset;
  const tag = roles[role];
  const whenTag = when ? roles[when.role] : -1;
  if (tag === undefined || whenTag === undefined)
    return withoutRoles(attachment, rolesWithoutTag(attachment, [role, ...(when ? [when.role] : [])]));
  const fresh = {
    count: Number.NaN,
    countedMs: Number.NaN,
    waiting: [],
    recent: [],
    lastMs: Number.NaN,
    otherwiseMs: Number.NaN,
    active: false,
  };
  return { attachment, options: parsed, tag, whenTag, ...fresh };
}

export const counterFactory: DetectorFactory = {
  rung: 1,
  options,
  create: (context, attachments) => new CounterDetector(context, attachments),
};
