import { z } from 'zod';
import type { Evidence } from '../core/finding.ts';
import { isBrokenInput, isGood, Quality, qualityName } from '../core/quality.ts';
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

/** A required role must be untrustworthy this long before it is a finding. */
const BAD_AFTER_S = 30;
/** All required roles must be trusted this long before the finding ends. */
const TRUSTED_AFTER_S = 10;

/** What is remembered of an asset. */
const memory = ['active', 'turned'] as const;

/** One asset's required tags and how long they have been well or ill. */
interface Watched {
  readonly attachment: Attachment;
  readonly tags: readonly number[];
  active: boolean;
  /** Monotonic ms of the last moment at which all tags were trusted, or (while active) at which one was not. */
  turned: number;
}

/** Watches whether the wire delivers what assets require. An input that its PLC calls broken is `instrument`'s to name. */
class DataQuality implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];
  /** Monotonic ms since which the wire calls a tag less than good; NaN while it does not. */
  private readonly illSince: Float64Array;

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    const now = context.clock.monotonicMs();
    this.watched = attachments.map((attachment) => ({
      attachment,
      tags: requiredTags(attachment),
      active: false,
      turned: now,
    }));
    this.illSince = new Float64Array(context.tags.size).fill(Number.NaN);
  }

  tick(wallMs: number, monotonicMs: number): void {
    for (const asset of this.watched) {
      let [ill, long] = [false, false];
      for (const tag of asset.tags) {
        if (!this.isIll(tag, monotonicMs)) continue;
        ill = true;
        long ||= this.isLong(tag, monotonicMs);
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
      const { roles } = attachment.asset;
      const ill = Object.keys(roles).filter((role) => {
        const tag = roles[role] as number;
        return tags.includes(tag) && !Number.isNaN(this.illSince[tag]);
      });
      return watchOver(attachment, active ? 'claimed' : 'watching', { roles: ill, score: active ? 1 : 0 });
    });
  }

  snapshot(): Snapshot {
    return remembered(byClaim(this.watched), memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(byClaim(this.watched), memory, snapshot);
    return this.watched.filter(({ active }) => active).map(({ attachment }) => claimOf(attachment));
  }

  private isIll(tag: number, monotonicMs: number): boolean {
    const code = this.context.live.quality[tag] ?? Quality.notConnected;
    const ill = !isGood(code) && !isBrokenInput(code);
    if (!ill) this.illSince[tag] = Number.NaN;
    else if (Number.isNaN(this.illSince[tag])) this.illSince[tag] = monotonicMs;
    return ill;
  }

  private isLong(tag: number, monotonicMs: number): boolean {
    return monotonicMs - (this.illSince[tag] as number) > BAD_AFTER_S * 1000;
  }

  private claim(asset: Watched, time: number, monotonicMs: number): void {
    const decision: Record<string, string> = {};
    const told = asset.tags.filter((tag) => !asset.active || this.isLong(tag, monotonicMs));
    const evidence = told.map((tag): Evidence => {
      const { name } = this.context.tags.at(tag);
      const illS = asset.active ? (monotonicMs - (this.illSince[tag] as number)) / 1000 : 0;
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

/** Tags of the roles that the pack calls required, each once. */
function requiredTags({ asset, packAsset }: Attachment): number[] {
  const tags = Object.entries(asset.roles).filter(([role]) => packAsset.roles[role]?.required);
  return [...new Set(tags.map(([, tag]) => tag))];
}

export const dataQualityFactory: DetectorFactory = {
  rung: 0,
  options: z.strictObject({}),
  create: (context, attachments) => new DataQuality(context, attachments),
};
