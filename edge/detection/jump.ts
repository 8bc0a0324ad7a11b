import { z } from 'zod';
import type { Evidence } from '../core/finding.ts';
import { bindEach, rolesWithoutTag, withoutCalibration, withoutRoles } from './binding.ts';
import {
  type Attachment,
  claimOf,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type OwnWatch,
  rolesFilledBy,
  type Snapshot,
  scoreOfRatio,
  watchOver,
} from './detector.ts';
import { leapOf } from './instrument/leap.ts';
import { recall, remembered } from './memory.ts';

/** Values are compared with those so long ago, s: the history's largest step is from minute to minute. */
const windowS = 60;
/** One value of the window is kept for so many seconds. */
const stepS = 5;
const kept = windowS / stepS;
/** All must have jumped for so many seconds in a row … */
const holdsS = 3;
/** … and the claim ends when one of them has gone back by half for so many, */
const backS = 60;
/** or after a day: what nobody has mended is how things are now. */
const longestMs = 86_400_000;

const options = z.strictObject({
  /** What jumps, all at the same time. */
  jumps: z
    .array(
      z.strictObject({
        role: z.string(),
        moves: z.enum(['up', 'down']),
        /** A role of the same unit that is taken off first: what both do is no jump. */
        less: z.string().optional(),
        /** Which value it must have passed, in its unit; any when left out. */
        beyond: z.number().optional(),
      }),
    )
    .min(1),
  /** Only while a role has this value, before and after. */
  when: z.strictObject({ role: z.string(), equals: z.number() }).optional(),
});

/** What is remembered of the detector, of a claim and of a value. */
const memory = ['ticks', 'tickedMs', 'seconds', 'sinceMs', 'active', 'past', 'from'] as const;

/** One value that may jump. */
interface Jumper {
  readonly role: string;
  readonly tag: number;
  /** Of what is taken off; undefined for nothing. */
  readonly less: number | undefined;
  readonly sign: 1 | -1;
  readonly size: number;
  /** Which value it must have passed; any when undefined. */
  readonly beyond: number | undefined;
  /** Values of the last minute, one each `stepS`, NaN where there was none to trust; written in turn. */
  readonly past: Float64Array;
  /** Where it jumped from while the claim stands. */
  from: number;
}

/** One claim. */
interface Watched {
  readonly attachment: Attachment;
  readonly jumpers: readonly Jumper[];
  readonly whenTag: number;
  readonly whenEquals: number;
  /** Seconds in a row for which it has held, or, while active, for which it has not. */
  seconds: number;
  /** Monotonic ms since which it is claimed. */
  sinceMs: number;
  active: boolean;
}

/**
 * Several values of an asset that change within a minute by more than they ever did in calibration, each its own way:
 * a main that breaks draws more and loses pressure at once. It speaks within seconds, where `residual` asks for minutes,
 * and of what has left the trained range, where that is silent.
 */
class JumpDetector implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly Watched[];
  /** Those that cannot be watched. */
  private readonly unwatched: readonly OwnWatch[];
  private ticks = 0;
  private tickedMs = Number.NaN;

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    this.context = context;
    const { watched, unwatched } = bindEach(context, attachments, (one) => this.bind(one), 'jumps');
    this.watched = watched;
    this.unwatched = unwatched;
  }

  tick(wallMs: number, monotonicMs: number): void {
    this.forgetAfter(monotonicMs - this.tickedMs);
    this.tickedMs = monotonicMs;
    const place = Math.floor(this.ticks / stepS) % kept;
    const writes = this.ticks % stepS === 0;
    this.ticks++;
    for (const one of this.watched) {
      this.judge(one, (place + 1) % kept, wallMs, monotonicMs);
      if (writes)
        for (const jumper of one.jumpers) jumper.past[place] = this.usual(one) ? this.valueOf(jumper) : Number.NaN;
    }
  }

  watches(): readonly OwnWatch[] {
    return [...this.watched.map((one) => this.watch(one)), ...this.unwatched];
  }

  snapshot(): Snapshot {
    return remembered(this.named(), memory);
  }

  restore(snapshot: Snapshot): readonly string[] {
    recall(this.named(), memory, snapshot);
    return this.watched.filter(({ active }) => active).map(({ attachment }) => claimOf(attachment));
  }

  private named(): [string, object][] {
    const own = this.watched.flatMap((one): [string, object][] => [
      [claimOf(one.attachment), one],
      ...one.jumpers.map((jumper): [string, object] => [jumperName(one.attachment, jumper), jumper]),
    ]);
    return [['', this], ...own];
  }

  /** After a pause nothing is known of a minute ago. */
  private forgetAfter(pauseMs: number): void {
    if (!(pauseMs > windowS * 1000)) return;
    for (const { jumpers } of this.watched) for (const { past } of jumpers) past.fill(Number.NaN);
  }

  /** Until a minute is known, and while a value cannot be trusted, nothing can have jumped. */
  private watch(one: Watched): OwnWatch {
    const { attachment, jumpers, active } = one;
    const tolerance = this.context.tolerance(attachment);
    const oldest = Math.ceil(this.ticks / stepS) % kept;
    const moved = jumpers.map((jumper) => {
      const from = active ? jumper.from : (jumper.past[oldest] as number);
      return this.valueOf(jumper) - from;
    });
    const evidence = jumpers.map(({ tag, size, sign }, index): Evidence => {
      const { name, unit } = this.context.tags.at(tag);
      return { tag: name, observed: moved[index] as number, expected: sign * size * tolerance, unit, windowS };
    });
    if (active) return watchOver(attachment, 'claimed', { evidence, score: 1 });
    if (!this.usual(one)) return watchOver(attachment, 'idle', { evidence });
    const strange = jumpers.filter((jumper) => Number.isNaN(this.valueOf(jumper)));
    const roles = rolesFilledBy(
      attachment.asset,
      strange.map(({ tag }) => tag),
    );
    if (roles.length > 0) return watchOver(attachment, 'waiting', { reason: 'values', roles });
    if (moved.some(Number.isNaN)) {
      const done = Math.min(...jumpers.map(({ past }) => past.filter(Number.isFinite).length)) * stepS;
      return watchOver(attachment, 'waiting', { reason: 'window', progress: { done, of: windowS, unit: 's' } });
    }
    const ratio = Math.min(
      ...jumpers.map(({ sign, size }, index) => ((moved[index] as number) * sign) / (size * tolerance)),
    );
    return watchOver(attachment, 'watching', { evidence, score: scoreOfRatio(ratio) });
  }

  /** @param oldest where in the past the value of just under a minute ago stands */
  private judge(one: Watched, oldest: number, wallMs: number, nowMs: number): void {
    const { active, jumpers } = one;
    const turned = active ? jumpers.some((jumper) => this.isBack(jumper)) : this.haveJumped(one, oldest);
    one.seconds = turned ? one.seconds + 1 : 0;
    const over = active && nowMs - one.sinceMs >= longestMs;
    if (one.seconds < (active ? backS : holdsS) && !over) return;
    if (!active) for (const jumper of jumpers) jumper.from = jumper.past[oldest] as number;
    Object.assign(one, { active: !active, seconds: 0, sinceMs: nowMs });
    for (const { past } of jumpers) past.fill(Number.NaN);
    this.claim(one, wallMs);
  }

  private haveJumped(one: Watched, oldest: number): boolean {
    if (!this.usual(one)) return false;
    const tolerance = this.context.tolerance(one.attachment);
    return one.jumpers.every((jumper) => {
      const { beyond, past, sign, size } = jumper;
      const value = this.valueOf(jumper);
      const arrived = beyond === undefined || (value - beyond) * sign > 0;
      return arrived && (value - (past[oldest] as number)) * sign > size * tolerance;
    });
  }

  private isBack(jumper: Jumper): boolean {
    return (this.valueOf(jumper) - jumper.from) * jumper.sign < jumper.size / 2;
  }

  private usual({ whenTag, whenEquals }: Watched): boolean {
    return whenTag < 0 || this.context.live.values[whenTag] === whenEquals;
  }

  private valueOf({ tag, less }: Jumper): number {
    return less === undefined ? this.trusted(tag) : this.trusted(tag) - this.trusted(less);
  }

  private trusted(tag: number): number {
    const { trust, live } = this.context;
    return trust.usable(tag) ? (live.values[tag] as number) : Number.NaN;
  }

  private claim({ attachment: { asset, kind }, active, jumpers }: Watched, time: number): void {
    const { live, tags } = this.context;
    const evidence = jumpers.map(({ tag, less, from }): Evidence => {
      const { name, unit } = tags.at(tag);
      const expected = less === undefined ? from : from + (live.values[less] as number);
      return { tag: name, observed: live.values[tag] as number, expected, unit, windowS };
    });
    this.context.emit({ asset: asset.id, kind, from: 'jump', active, score: active ? 1 : 0, time, evidence });
  }

  private bind(attachment: Attachment): Watched | OwnWatch {
    const { asset } = attachment;
    const { jumps, when } = options.parse(attachment.options);
    const whenTag = when ? asset.roles[when.role] : -1;
    const { tags, calibration } = this.context;
    const jumpers = jumps.flatMap(({ role, less: other, moves, beyond }): Jumper[] => {
      const tag = asset.roles[role];
      const less = other === undefined ? undefined : asset.roles[other];
      if (tag === undefined || (other !== undefined && less === undefined)) return [];
      const habits = calibration?.tags[tags.at(tag).name];
      const size = habits ? leapOf(habits) : 0;
      const past = new Float64Array(kept).fill(Number.NaN);
      return [{ role, tag, less, sign: moves === 'up' ? 1 : -1, size, beyond, past, from: Number.NaN }];
    });
    if (jumpers.length < jumps.length || whenTag === undefined) {
      const roles = [...jumps.flatMap(({ role, less = role }) => [role, less]), ...(when ? [when.role] : [])];
      return withoutRoles(attachment, rolesWithoutTag(attachment, roles));
    }
    if (jumpers.some(({ size }) => size === 0)) return withoutCalibration(attachment);
    const start = { seconds: 0, sinceMs: Number.NaN, active: false };
    return { attachment, jumpers, whenTag, whenEquals: when?.equals ?? Number.NaN, ...start };
  }
}

const jumperName = (attachment: Attachment, { role }: Jumper): string => `${claimOf(attachment)} ${role}`;

export const jumpFactory: DetectorFactory = {
  rung: 1,
  statistical: true,
  options,
  create: (context, attachments) => new JumpDetector(context, attachments),
};
