import { z } from 'zod';
import type { SampleBatch } from '../../core/batch.ts';
import { isBrokenInput, isGood, Quality } from '../../core/quality.ts';
import type { Detector, DetectorContext, DetectorFactory, Snapshot } from '../detector.ts';
import { causeOfLeap } from './diagnosis.ts';
import { forget, keptCompany } from './leap.ts';
import { type Complaint, qualityOf, WatchedTag } from './watched-tag.ts';

/** What moves with an instrument does so within this time, whatever the periods of polling. */
const companyMs = 130_000;
/** A leap that tells nothing by its size must be so many times larger than a leap need be: plants surprise. */
const biasLeaps = 2;
/** A leap that nobody mends is what is normal after so long. */
const longestMs = 86_400_000;
/** An input that the PLC calls broken for so long is a claim. */
const brokenAfterMs = 30_000;
/** A complaint is over when it has not been heard for so long: noise and spikes come and go. */
const quietMs = 300_000;
/** Spikes are an instrument's when they have come for so long: a plant that is switched about may leap a few times, and noise begins like them. */
const spikesMs = 180_000;

/** A complaint: when it was heard first and last (monotonic ms), and whether it is claimed. */
interface Heard {
  readonly complaint: Complaint;
  readonly sinceMs: number;
  lastMs: number;
  claimed: boolean;
}

const figure = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const saved = z.object({
  complaint: z.string(),
  failing: z.boolean(),
  habits: z.record(z.string(), z.union([z.boolean(), figure])),
  from: figure,
  to: figure,
});

/**
 * Instruments that fail (rung 0), whatever they measure: stuck, spiking or noisy by their own habits; leaping alone, where a
 * plant that changes moves several values at once.
 */
class InstrumentDetector implements Detector {
  private readonly context: DetectorContext;
  private readonly watched: readonly WatchedTag[];
  /** What a claim about a tag is about: the first asset whose role it fills, else its device. */
  private readonly subjects: readonly string[];
  private readonly company: readonly (readonly number[])[];
  /** What tags complain of. */
  private readonly heard = new Map<number, Heard>();

  constructor(context: DetectorContext) {
    const { tags, assets, calibration } = context;
    this.context = context;
    const owners = new Map<number, string>();
    for (const { id, roles } of assets)
      for (const tag of Object.values(roles)) if (!owners.has(tag)) owners.set(tag, id);
    this.subjects = tags.definitions.map(({ device }, tag) => owners.get(tag) ?? device);
    this.watched = tags.definitions.map((tag) => new WatchedTag(tag, calibration?.tags[tag.name]));
    this.company = this.companies();
  }

  batch({ tags, values, quality, times }: SampleBatch): void {
    const { codes } = this.context.trust;
    const nowMs = this.context.clock.monotonicMs();
    for (let index = 0; index < tags.length; index++) {
      const tag = tags[index] as number;
      const watched = this.watched[tag];
      if (!watched) continue;
      const code = quality[index] as number;
      if (!isBrokenInput(code)) watched.badSinceMs = Number.NaN;
      else if (Number.isNaN(watched.badSinceMs)) watched.badSinceMs = nowMs;
      if (!isGood(code) && code !== Quality.outOfRange) continue;
      watched.take(values[index] as number, times[index] as number, nowMs);
      codes[tag] = qualityOf(watched.complaint);
    }
  }

  tick(wallMs: number, monotonicMs: number): void {
    for (const [tag, watched] of this.watched.entries()) {
      if (!Number.isNaN(watched.leap.leaptMs)) this.judgeLeap(tag, watched, monotonicMs);
      const broken = monotonicMs - watched.badSinceMs >= brokenAfterMs;
      const complaint = watched.complaint ?? (broken ? 'broken' : undefined);
      if (complaint !== undefined || this.heard.has(tag)) this.hear(tag, complaint, wallMs, monotonicMs);
    }
  }

  snapshot(): Snapshot {
    return Object.fromEntries(
      [...this.heard].map(([tag, { complaint }]) => {
        const { failing, habits, leap } = this.watched[tag] as WatchedTag;
        const { from, to } = leap;
        return [this.context.tags.at(tag).name, { complaint, failing: failing !== undefined, habits, from, to }];
      }),
    );
  }

  restore(snapshot: Snapshot): readonly string[] {
    const nowMs = this.context.clock.monotonicMs();
    const claims = Object.entries(snapshot).flatMap(([name, of]) => {
      const tag = this.context.tags.indexOf(name);
      const found = saved.safeParse(of);
      if (tag === undefined || !found.success) return [];
      const { complaint, failing, habits, from, to } = found.data;
      const watched = this.watched[tag] as WatchedTag;
      Object.assign(watched.habits, habits);
      Object.assign(watched, failing ? { failing: complaint } : { leapt: complaint });
      if (!failing) Object.assign(watched.leap, { from, to, newest: to, leaptMs: nowMs });
      this.heard.set(tag, { complaint: complaint as Complaint, sinceMs: nowMs, lastMs: nowMs, claimed: true });
      return [`${this.subjects[tag]}/${complaint}`];
    });
    return [...new Set(claims)];
  }

  /**
   * What moves with a tag when the plant does: everything else that its device tells, but for what belongs to other assets
   * where the device serves several.
   */
  private companies(): (readonly number[])[] {
    const { tags } = this.context;
    const tells = [...this.watched.keys()].filter((tag) => Number.isFinite(this.watched[tag]?.leapBounds.company));
    const byDevice = Map.groupBy(tells, (tag) => tags.at(tag).device);
    return tags.definitions.map(({ device }, tag) => {
      const subject = this.subjects[tag];
      const nearby = (other: number) => [subject, device].includes(this.subjects[other] ?? '') || subject === device;
      return (byDevice.get(device) ?? []).filter((other) => other !== tag && nearby(other));
    });
  }

  /** A leap counts when nothing around has moved with it, but for the one that it was exchanged with. */
  private judgeLeap(tag: number, watched: WatchedTag, nowMs: number): void {
    const { leap } = watched;
    const ageMs = nowMs - leap.leaptMs;
    if (ageMs < companyMs) return;
    if (ageMs > longestMs) forget(leap);
    if (watched.leapt !== undefined || ageMs > longestMs) return;
    const moved = (this.company[tag] ?? []).filter((other) =>
      keptCompany((this.watched[other] as WatchedTag).leap, leap.leaptMs, companyMs),
    );
    const [only] = moved;
    const { unit, scale, offset } = this.context.tags.at(tag);
    if (only === undefined) {
      if (!this.leapsAlone(tag, leap.leaptMs)) {
        forget(leap);
        return;
      }
      const [then, now] = [leap.to, leap.newest].map((to) => causeOfLeap(leap.from, to, unit, { scale, offset }));
      const known = then === now && then !== 'bias';
      if (known || watched.leapSize >= biasLeaps) watched.leapt = known ? then : 'bias';
      else forget(leap);
    } else if (moved.length === 1 && this.exchanged(tag, only)) {
      watched.leapt = 'swapped-wires';
    } else forget(leap);
  }

  /** Whether no other instrument of the whole gateway leapt then: two that lie at one moment are not to be believed. */
  private leapsAlone(tag: number, leaptMs: number): boolean {
    return this.watched.every(
      (other, index) => index === tag || !(Math.abs(other.leap.lastLeapMs - leaptMs) <= companyMs),
    );
  }

  /** Whether each of two went where the other was. */
  private exchanged(one: number, other: number): boolean {
    const [a, b] = [this.watched[one]?.leap, this.watched[other]?.leap];
    if (!a || !b || Number.isNaN(b.from)) return false;
    const tolerated = Math.abs(a.from - b.from) / 10;
    return Math.abs(a.to - b.from) <= tolerated && Math.abs(b.to - a.from) <= tolerated;
  }

  /** Takes in what a tag complains of now; what is plainer than what was heard before takes its place. */
  private hear(tag: number, complaint: Complaint | undefined, wallMs: number, nowMs: number): void {
    const before = this.heard.get(tag);
    if (before && (complaint === before.complaint || (complaint === 'spikes' && before.complaint === 'noise'))) {
      before.lastMs = nowMs;
    } else if (complaint !== undefined) {
      this.heard.set(tag, { complaint, sinceMs: nowMs, lastMs: nowMs, claimed: false });
    } else if (before && nowMs - before.lastMs >= quietMs) {
      this.heard.delete(tag);
    }
    this.claim(tag, wallMs, nowMs);
    const over = before !== undefined && this.heard.get(tag) !== before;
    if (over && before.claimed && !this.claimedElsewhere(tag, before.complaint)) {
      this.emit(tag, before.complaint, false, wallMs);
    }
  }

  private claim(tag: number, wallMs: number, nowMs: number): void {
    const heard = this.heard.get(tag);
    if (!heard || heard.claimed || (heard.complaint === 'spikes' && nowMs - heard.sinceMs < spikesMs)) return;
    const first = !this.claimedElsewhere(tag, heard.complaint);
    heard.claimed = true;
    if (first) this.emit(tag, heard.complaint, true, wallMs);
  }

  /** Several instruments of one asset that suffer alike make one claim. */
  private claimedElsewhere(tag: number, complaint: Complaint): boolean {
    const subject = this.subjects[tag];
    return [...this.heard].some(
      ([other, its]) => other !== tag && its.claimed && its.complaint === complaint && this.subjects[other] === subject,
    );
  }

  private emit(tag: number, kind: Complaint, active: boolean, time: number): void {
    const { name, unit } = this.context.tags.at(tag);
    const { leap } = this.watched[tag] as WatchedTag;
    const observed = leap.newest;
    const expected = Number.isNaN(leap.from) ? observed : leap.from;
    this.context.emit({
      ...{ asset: this.subjects[tag] ?? '', kind, from: 'instrument', active, score: active ? 1 : 0, time },
      evidence: [{ tag: name, observed, expected, unit, windowS: 0 }],
    });
  }
}

export const instrumentFactory: DetectorFactory = {
  options: z.strictObject({}),
  create: (context) => new InstrumentDetector(context),
};
