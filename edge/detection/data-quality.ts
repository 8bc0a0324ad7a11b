import { z } from 'zod';
import type { SampleBatch } from '../core/batch.ts';
import type { Evidence } from '../core/finding.ts';
import { isGood, Quality, qualityName } from '../core/quality.ts';
import {
  type Attachment,
  claimOf,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type Snapshot,
} from './detector.ts';
import { newTagHealth, spikeFrom, stuckAfter, type TagHealth, watchTag } from './tag-health.ts';

/** A required role must be untrustworthy this long before it is a finding. */
const BAD_AFTER_S = 30;
/** All required roles must be trusted this long before the finding ends. */
const TRUSTED_AFTER_S = 10;

const savedAsset = z.object({ active: z.boolean() });
const savedTag = z.object({ newest: z.number(), previous: z.number(), run: z.number(), spikes: z.number() });

/** One asset's required tags and how long they have been well or ill. */
interface Watched {
  readonly attachment: Attachment;
  readonly tags: readonly number[];
  active: boolean;
  /** Monotonic ms of the last moment at which all tags were trusted, or (while active) at which one was not. */
  turned: number;
}

/** Watches the tags of assets for what makes them unfit to conclude from, and marks the distrusted for other detectors. */
class DataQuality implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];
  /** By tag; undefined for tags no asset of ours uses. */
  private readonly health: (TagHealth | undefined)[];
  private readonly stuckSamples: Float64Array;
  private readonly spikeSizes: Float64Array;
  /** Monotonic ms since which a tag cannot be trusted; NaN while it can. */
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
    const size = context.tags.size;
    this.health = new Array<TagHealth | undefined>(size).fill(undefined);
    this.stuckSamples = new Float64Array(size);
    this.spikeSizes = new Float64Array(size);
    this.illSince = new Float64Array(size).fill(Number.NaN);
    for (const { asset } of attachments) for (const tag of Object.values(asset.roles)) this.watchTagOf(tag);
  }

  batch({ tags, values, quality }: SampleBatch): void {
    const codes = this.context.trust.codes;
    for (let index = 0; index < tags.length; index++) {
      const tag = tags[index] as number;
      const health = this.health[tag];
      if (!health || !isGood(quality[index] as number)) continue;
      codes[tag] = watchTag(
        health,
        values[index] as number,
        this.stuckSamples[tag] as number,
        this.spikeSizes[tag] as number,
      );
    }
  }

  tick(wallMs: number, monotonicMs: number): void {
    for (const asset of this.watched) {
      const ill = asset.tags.filter((tag) => this.isIll(tag, monotonicMs));
      const long = ill.filter((tag) => monotonicMs - (this.illSince[tag] as number) > BAD_AFTER_S * 1000);
      if (asset.active === ill.length > 0) asset.turned = monotonicMs;
      const over = asset.active && monotonicMs - asset.turned >= TRUSTED_AFTER_S * 1000;
      if (asset.active ? over : long.length > 0) {
        asset.active = !asset.active;
        asset.turned = monotonicMs;
        this.claim(asset, long, wallMs, monotonicMs);
      }
    }
  }

  snapshot(): Snapshot {
    const assets = this.watched.map(({ attachment, active }) => [attachment.asset.id, { active }] as const);
    const tags = this.health.flatMap((health, tag) =>
      health && Number.isFinite(health.previous) ? [[this.context.tags.at(tag).name, { ...health }] as const] : [],
    );
    return { assets: Object.fromEntries(assets), tags: Object.fromEntries(tags) };
  }

  restore(snapshot: Snapshot): readonly string[] {
    const part = (name: string) => (snapshot[name] ?? {}) as Readonly<Record<string, unknown>>;
    for (const asset of this.watched) {
      const saved = savedAsset.safeParse(part('assets')[asset.attachment.asset.id]);
      if (saved.success) asset.active = saved.data.active;
    }
    for (const [tag, health] of this.health.entries()) {
      const saved = savedTag.safeParse(part('tags')[this.context.tags.at(tag).name]);
      if (health && saved.success) Object.assign(health, saved.data);
    }
    return this.watched.filter(({ active }) => active).map(({ attachment }) => claimOf(attachment));
  }

  private watchTagOf(tag: number): void {
    const calibration = this.context.calibration?.tags[this.context.tags.at(tag).name];
    this.health[tag] = newTagHealth();
    this.stuckSamples[tag] = stuckAfter(calibration);
    this.spikeSizes[tag] = spikeFrom(calibration);
  }

  private isIll(tag: number, monotonicMs: number): boolean {
    const ill = !this.context.trust.usable(tag);
    if (!ill) this.illSince[tag] = Number.NaN;
    else if (Number.isNaN(this.illSince[tag])) this.illSince[tag] = monotonicMs;
    return ill;
  }

  private claim(asset: Watched, tags: readonly number[], time: number, monotonicMs: number): void {
    const decision: Record<string, string> = {};
    const evidence = (asset.active ? tags : asset.tags).map((tag): Evidence => {
      const { name } = this.context.tags.at(tag);
      const reason = this.context.trust.reason(tag);
      const illS = asset.active ? (monotonicMs - (this.illSince[tag] as number)) / 1000 : 0;
      decision[name] = this.explain(tag, reason);
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

  private explain(tag: number, reason: number): string {
    const health = this.health[tag];
    if (reason === Quality.stuck && health) return `stuck: ${health.run + 1} equal samples`;
    return qualityName(reason);
  }
}

/** Tags of the roles that the pack calls required, each once. */
function requiredTags({ asset, packAsset }: Attachment): number[] {
  const tags = Object.entries(asset.roles).filter(([role]) => packAsset.roles[role]?.required);
  return [...new Set(tags.map(([, tag]) => tag))];
}

export const dataQualityFactory: DetectorFactory = {
  options: z.strictObject({}),
  create: (context, attachments) => new DataQuality(context, attachments),
};
