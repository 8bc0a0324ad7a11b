import { z } from 'zod';
import type { Evidence } from '../core/finding.ts';
import { limitAt, type PackLimit } from '../core/pack.ts';
import { isBrokenInput, Quality, qualityName } from '../core/quality.ts';
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
import { Judgement, judge } from './limit.ts';
import { recall, remembered } from './memory.ts';
import { type Reach, reachOf, soundnessOf } from './reach.ts';

/** A limit of safety is blind once its instrument has failed for so long; a restart of a module takes less. Design choice. */
const blindAfterMs = 10_000;
/** It sees again once all instruments have measured for so long. */
const soundAfterMs = 10_000;

/** An instrument that a limit of safety reads, or on which it depends. */
interface Guard {
  readonly tag: number;
  readonly reach: Reach;
  /** Between which values it measures rather than has failed. */
  readonly sound: Reach;
  /** Limits of safety that read the value itself. */
  readonly limits: readonly PackLimit[];
  /** Monotonic ms since which it has failed; NaN while it measures. */
  failedSinceMs: number;
}

interface Watched {
  readonly attachment: Attachment;
  readonly guards: readonly Guard[];
  active: boolean;
  /** Monotonic ms of the last moment at which an instrument of a standing claim had failed. */
  turned: number;
}

const memory = ['active', 'turned'] as const;

/**
 * Safety that has lost its instrument (rung 0): the input is broken, or shows what no instrument measures, away from the limit;
 * towards the limit it is the limit that alarms. What is merely silent is told of by `data-quality` and by the device.
 */
class SafetyBlind implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    const turned = context.clock.monotonicMs();
    this.watched = attachments.flatMap((attachment) => {
      const guards = guardsOf(attachment, context);
      return guards.length > 0 ? [{ attachment, guards, active: false, turned }] : [];
    });
  }

  tick(wallMs: number, monotonicMs: number): void {
    for (const asset of this.watched) {
      let [failing, long] = [false, false];
      for (const guard of asset.guards) {
        guard.failedSinceMs = sinceWhen(this.hasFailed(guard), guard.failedSinceMs, monotonicMs);
        failing ||= !Number.isNaN(guard.failedSinceMs);
        long ||= monotonicMs - guard.failedSinceMs >= blindAfterMs;
      }
      if (failing) asset.turned = monotonicMs;
      const turns = asset.active ? monotonicMs - asset.turned >= soundAfterMs : long;
      if (!turns) continue;
      asset.active = !asset.active;
      this.claim(asset, wallMs);
    }
  }

  watches(): readonly OwnWatch[] {
    return this.watched.map(({ attachment, guards, active }) => {
      const failed = guards.filter(({ failedSinceMs }) => !Number.isNaN(failedSinceMs)).map(({ tag }) => tag);
      const roles = rolesFilledBy(attachment.asset, failed);
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

  private hasFailed({ tag, reach, sound, limits }: Guard): boolean {
    const { values, quality } = this.context.live;
    const [value, code] = [values[tag] ?? Number.NaN, quality[tag] ?? Quality.notConnected];
    if (!isBrokenInput(code) && !(value < sound.low || value > sound.high)) return false;
    return limits.every((limit) => judge(limit, true, value, code, reach) !== Judgement.beyond);
  }

  private claim({ attachment, guards, active }: Watched, time: number): void {
    const { tags, live } = this.context;
    const told = guards.filter(({ failedSinceMs }) => !active || !Number.isNaN(failedSinceMs));
    const evidence = told.map(({ tag, reach }): Evidence => {
      const { name, unit } = tags.at(tag);
      return {
        tag: name,
        observed: live.values[tag] ?? Number.NaN,
        expected: reach.low,
        unit,
        windowS: blindAfterMs / 1000,
      };
    });
    const decision = told.map(({ tag }) => [tags.at(tag).name, qualityName(live.quality[tag] ?? Quality.notConnected)]);
    const { asset, kind } = attachment;
    const score = active ? 1 : 0;
    this.context.emit({
      ...{ asset: asset.id, kind, from: 'safety-blind', active, score, time, evidence },
      decision: Object.fromEntries(decision),
    });
  }
}

/** Each instrument once, with the limits of safety that read it; a condition of one is an instrument that none reads. */
function guardsOf({ asset, packAsset }: Attachment, { tags }: DetectorContext): readonly Guard[] {
  const limits = new Map<number, PackLimit[]>();
  for (const limit of packAsset.limits.filter(({ kind }) => packAsset.alarms[kind]?.safety)) {
    const tag = asset.roles[limit.role];
    if (tag === undefined) continue;
    limits.set(tag, [...(limits.get(tag) ?? []), limitAt(limit, asset)]);
    const condition = limit.when && asset.roles[limit.when.role];
    if (condition !== undefined) limits.set(condition, limits.get(condition) ?? []);
  }
  return [...limits].map(([tag, own]) => ({
    ...{ tag, limits: own, reach: reachOf(tags.at(tag)), sound: soundnessOf(tags.at(tag)), failedSinceMs: Number.NaN },
  }));
}

export const safetyBlindFactory: DetectorFactory = {
  rung: 0,
  options: z.strictObject({}),
  create: (context, attachments) => new SafetyBlind(context, attachments),
};
