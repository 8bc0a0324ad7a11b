import type { Asset } from '../core/asset.ts';
import type { Finding } from '../core/finding.ts';
import type { PackAlarm } from '../core/pack.ts';
import { claimOf, type Detector, type DetectorContext, type OwnWatch, type Snapshot } from './detector.ts';
import { recall, remembered } from './memory.ts';
import { median, robustDeviation } from './order-statistics.ts';

/** A value is kept so often … */
const stepMs = 300_000;
/** … for a day: it is usual as long as it takes less than half of it. */
const kept = 288;
/** Values that must be known before anything is usual: three hours. */
const leastKnown = 36;
/** From so many robust deviations on a value is away from what it usually is (Hampel 1974; Davies & Gather 1993) … */
const deviations = 3;
/** … and from this share of it on, where it has hardly moved for a day. */
const leastShare = 0.01;

/** What is remembered of a value. */
const memory = ['past', 'place', 'takenMs'] as const;

/** The last day of one value. */
interface Course {
  readonly tag: number;
  /** NaN where there was none to trust; written in turn. */
  readonly past: Float64Array;
  place: number;
  /** Monotonic ms of the last one. */
  takenMs: number;
}

/** What carries a claim, and how late at the most what lies above shows in it, ms. */
interface Carrier {
  readonly course: Course;
  readonly delayMs: number;
}

/**
 * Values by which an asset feels what happens above it: the water that reaches a substation, the pressure of a main. What one of them
 * brings about is the consequence of whatever moved it, for as long as it has not come back. Claims nothing by itself: it tells
 * of claims since when their cause has been on its way.
 */
export class Carriers implements Detector {
  private readonly context: DetectorContext;
  /** By claim. */
  private readonly carriers = new Map<string, Carrier>();
  /** By name of the tag. */
  private readonly courses = new Map<string, Course>();

  constructor(context: DetectorContext) {
    this.context = context;
    for (const asset of context.assets)
      for (const [kind, { carriedBy }] of Object.entries(context.packAssetOf(asset)?.alarms ?? {}))
        if (carriedBy) this.bind(asset, kind, carriedBy);
  }

  tick(_wallMs: number, monotonicMs: number): void {
    for (const course of this.courses.values()) {
      if (Number.isNaN(course.takenMs)) course.takenMs = monotonicMs - stepMs;
      // a pause leaves gaps
      const steps = Math.min(kept, Math.floor((monotonicMs - course.takenMs) / stepMs));
      for (let step = 1; step <= steps; step++) {
        course.place = (course.place + 1) % kept;
        course.past[course.place] = step === steps ? this.valueOf(course) : Number.NaN;
      }
      if (steps > 0) course.takenMs = monotonicMs;
    }
  }

  /** The claim with the time since when what carries it has been away from what it usually is, where it is. */
  dated(finding: Finding): Finding {
    const carrier = finding.active ? this.carriers.get(`${finding.asset}/${finding.kind}`) : undefined;
    const awayMs = carrier && this.awayMs(carrier);
    return awayMs === undefined ? finding : { ...finding, since: finding.time - awayMs };
  }

  watches(): readonly OwnWatch[] {
    return [];
  }

  snapshot(): Snapshot {
    return remembered(this.courses, memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(this.courses, memory, snapshot);
    return [];
  }

  /** How long ago what moved the value can have left from above; undefined where it is as usual, or not known for long enough. */
  private awayMs({ course, delayMs }: Carrier): number | undefined {
    const known = course.past.filter(Number.isFinite);
    if (known.length < leastKnown) return undefined;
    const usual = median(known);
    const reach = Math.max(deviations * robustDeviation(known, usual), leastShare * Math.abs(usual));
    const isAway = (value: number) => Math.abs(value - usual) > reach;
    if (!isAway(this.valueOf(course))) return undefined;
    // what was in the pipe when it began comes first: as long as the delay it may look as usual in between
    const bridged = Math.max(1, delayMs / stepMs);
    let away = 0;
    let between = 0;
    for (let age = 0; age < kept && between <= bridged; age++) {
      const value = course.past[(course.place - age + kept) % kept] as number;
      if (isAway(value)) {
        away = age + 1;
        between = 0;
      } else if (Number.isFinite(value)) between++;
    }
    return away * stepMs + delayMs;
  }

  private valueOf({ tag }: Course): number {
    const { trust, live } = this.context;
    return trust.usable(tag) ? (live.values[tag] as number) : Number.NaN;
  }

  private bind(asset: Asset, kind: string, { role, delayMin }: NonNullable<PackAlarm['carriedBy']>): void {
    const tag = asset.roles[role];
    if (tag === undefined) return;
    const { name } = this.context.tags.at(tag);
    const fresh = { tag, past: new Float64Array(kept).fill(Number.NaN), place: 0, takenMs: Number.NaN };
    const course = this.courses.get(name) ?? fresh;
    this.courses.set(name, course);
    this.carriers.set(claimOf({ asset, kind }), { course, delayMs: delayMin * 60_000 });
  }
}
