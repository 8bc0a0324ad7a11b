import { z } from 'zod';
import type { Evidence } from '../core/finding.ts';
import { isBad, isBrokenInput, isGood, Quality, qualityName } from '../core/quality.ts';
import type { TagTable } from '../core/tag.ts';
import {
  type Attachment,
  byClaim,
  claimOf,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type OwnWatch,
  rolesFilledBy,
  type Snapshot,
  sinceWhen,
  watchOver,
} from './detector.ts';
import { recall, remembered } from './memory.ts';

/** A role must be untrustworthy, or missing, this long before it is a finding. */
const BAD_AFTER_S = 30;
/** All roles must be trusted this long before the finding ends. */
const TRUSTED_AFTER_S = 10;

/** What is remembered of an asset. */
const memory = ['active', 'turned'] as const;

/** A tag that something rests on. */
interface Needed {
  readonly tag: number;
  /** Of a role that the pack requires whatever is less than good is told; of others that they are missing. */
  readonly required: boolean;
  /** It is told after so long: at a start a slow poll may not have come yet. */
  readonly afterMs: number;
  /** Monotonic ms since which it is; NaN while it is not. */
  illSinceMs: number;
}

/** One asset's tags and how long they have been well or ill. */
interface Watched {
  readonly attachment: Attachment;
  readonly tags: readonly Needed[];
  active: boolean;
  /** Monotonic ms of the last moment at which all tags were trusted, or (while active) at which one was not. */
  turned: number;
}

/** Watches whether the wire delivers what assets require, and what their limits and detectors read. An input that its PLC calls broken is `instrument`'s to name. */
class DataQuality implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    const now = context.clock.monotonicMs();
    this.watched = attachments.map((attachment) => ({
      attachment,
      tags: neededTags(attachment, context.tags),
      active: false,
      turned: now,
    }));
  }

  tick(wallMs: number, monotonicMs: number): void {
    for (const asset of this.watched) {
      let [ill, long] = [false, false];
      for (const needed of asset.tags) {
        needed.illSinceMs = sinceWhen(this.isIll(needed), needed.illSinceMs, monotonicMs);
        ill ||= !Number.isNaN(needed.illSinceMs);
        long ||= isLong(needed, monotonicMs);
      }
      if (asset.active === ill) asset.turned = monotonicMs;
      const over = asset.active && monotonicMs - asset.turned >= TRUSTED_AFTER_S * 1000;
      if (asset.active ? over : long) {
        asset.active = !asset.active;
        asset.turned = monotonicMs;
        this.claim(asset, wallMs, monotonicMs);
      }
    }
  }

  watches(): readonly OwnWatch[] {
    return this.watched.map(({ attachment, tags, active }) => {
      const ill = tags.filter(({ illSinceMs }) => !Number.isNaN(illSinceMs)).map(({ tag }) => tag);
      const roles = rolesFilledBy(attachment.asset, ill);
      return watchOver(attachment, active ? 'claimed' : 'watching', { roles, score: active ? 1 : 0 });
    });
  }

  snapshot(): Snapshot {
    return remembered(byClaim(this.watched), memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(byClaim(this.watched), memory, snapshot);
    return this.watched.filter(({ active }) => active).map(({ attachment }) => claimOf(attachment));
  }

  private isIll({ tag, required }: Needed): boolean {
    const code = this.context.live.quality[tag] ?? Quality.notConnected;
    return (required ? !isGood(code) : isBad(code)) && !isBrokenInput(code);
  }

  private claim(asset: Watched, time: number, monotonicMs: number): void {
    const decision: Record<string, string> = {};
    const told = asset.tags.filter((needed) => !asset.active || isLong(needed, monotonicMs));
    const evidence = told.map(({ tag, illSinceMs }): Evidence => {
      const { name } = this.context.tags.at(tag);
      const illS = asset.active ? (monotonicMs - illSinceMs) / 1000 : 0;
      decision[name] = qualityName(this.context.live.quality[tag] ?? Quality.notConnected);
      return { tag: name, observed: Math.round(illS), expected: BAD_AFTER_S, unit: 's', windowS: BAD_AFTER_S };
    });
    const { asset: subject, kind } = asset.attachment;
    const { active } = asset;
    this.context.emit({
      asset: subject.id,
      kind,
      from: 'data-quality',
      active,
      score: active ? 1 : 0,
      time,
      evidence,
      decision,
    });
  }
}

const isLong = ({ illSinceMs, afterMs }: Needed, monotonicMs: number): boolean => monotonicMs - illSinceMs > afterMs;

/** Tags of the roles that the pack requires, that a limit reads or that the options of a detector name, each once. */
function neededTags({ asset, packAsset }: Attachment, table: TagTable): readonly Needed[] {
  const { roles, limits, detectors } = packAsset;
  const read = new Set([
    ...limits.flatMap(({ role, when }) => (when ? [role, when.role] : [role])),
    ...detectors.flatMap(({ options }) => wordsOf(options)),
  ]);
  const tags = new Map<number, Needed>();
  for (const [role, tag] of Object.entries(asset.roles)) {
    const required = (roles[role]?.required ?? false) || tags.get(tag)?.required === true;
    const afterMs = Math.max(BAD_AFTER_S * 1000, required ? 0 : 2 * table.at(tag).periodMs);
    if (required || read.has(role)) tags.set(tag, { tag, required, afterMs, illSinceMs: Number.NaN });
  }
  return [...tags.values()];
}

/** Every text within the options of a detector: roles are among them. */
function wordsOf(options: unknown): readonly string[] {
  if (typeof options === 'string') return [options];
  return typeof options === 'object' && options !== null ? Object.values(options).flatMap(wordsOf) : [];
}

export const dataQualityFactory: DetectorFactory = {
  rung: 0,
  options: z.strictObject({}),
  create: (context, attachments) => new DataQuality(context, attachments),
};
