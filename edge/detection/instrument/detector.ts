import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { z } from 'zod';
import type { SampleBatch } from '../../core/batch.ts';
import { isBrokenInput, isGood, Quality } from '../../core/quality.ts';
import {
  type Attachment,
  type Detector,
  type DetectorContext,
  type DetectorFactory,
  type OwnWatch,
  type Snapshot,
  watchOver,
} from '../detector.ts';
import { causeOfLeap } from './diagnosis.ts';
import { utilitiesOf } from './kin.ts';
import { type Complaint, qualityOf, type TagFindings, WatchedTags } from './watched-tags.ts';

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

/** What goes with leaps that say nothing of the plant. */
const restless: ReadonlySet<Complaint | undefined> = new Set<Complaint | undefined>(['spikes', 'noise', 'word-order']);

/** A complaint: when it was heard first and last (monotonic ms), and whether it is claimed. */
interface Heard {
  readonly complaint: Complaint;
  readonly sinceMs: number;
  lastMs: number;
  claimed: boolean;
}

const options = { params: { [constants.ZSTD_c_compressionLevel]: 1 } };

/** What is remembered over a restart. Columns in one text: of a hundred thousand tags objects would hold everything up for a second. */
interface Memory {
  /** Monotonic ms. */
  readonly takenAtMs: number;
  readonly tags: readonly string[];
  /** The numbers of each of them, by zstd and in base64. */
  readonly rows: string;
  /** What is found and heard, by the name of a tag. */
  readonly findings: Readonly<Record<string, TagFindings>>;
  readonly heard: Readonly<Record<string, Heard>>;
}

/**
 * Instruments that fail (rung 0), whatever they measure: stuck, spiking or noisy by their own habits; leaping alone, where a
 * plant that changes moves several values at once.
 */
class InstrumentDetector implements Detector {
  private readonly context: DetectorContext;
  private readonly attachments: readonly Attachment[];
  private readonly watched: WatchedTags;
  /** 1 for tags that a tick must look at: what is ordinary needs no look, and nearly all of it is. */
  private readonly conspicuous: Uint8Array;
  /** What a claim about a tag is about: the first asset whose role it fills, else its device. */
  private readonly subjects: readonly string[];
  /** Which utility a tag tells of; '' where nobody knows. */
  private readonly utilities: readonly string[];
  /** Tags that can tell whether a plant moves, by device. */
  private readonly telling: ReadonlyMap<string, readonly number[]>;
  /** What tags complain of. */
  private readonly heard = new Map<number, Heard>();

  constructor(context: DetectorContext, attachments: readonly Attachment[]) {
    const { tags, assets, calibration } = context;
    this.context = context;
    this.attachments = attachments;
    const owners = new Map<number, string>();
    for (const { id, roles } of assets)
      for (const tag of Object.values(roles)) if (!owners.has(tag)) owners.set(tag, id);
    this.subjects = tags.definitions.map(({ device }, tag) => owners.get(tag) ?? device);
    this.utilities = utilitiesOf(tags.definitions, assets);
    const calibrations = tags.definitions.map(({ name }) => calibration?.tags[name]);
    this.watched = new WatchedTags(tags.definitions, calibrations);
    this.conspicuous = new Uint8Array(tags.definitions.length);
    const tells = [...tags.definitions.keys()].filter((tag) => Number.isFinite(this.watched.leaps.companySize(tag)));
    this.telling = Map.groupBy(tells, (tag) => tags.at(tag).device);
  }

  batch({ tags, values, quality, times }: SampleBatch): void {
    const { watched, conspicuous } = this;
    const { badSinceMs } = watched;
    const { codes } = this.context.trust;
    const nowMs = this.context.clock.monotonicMs();
    for (let index = 0; index < tags.length; index++) {
      const tag = tags[index] as number;
      if (tag >= conspicuous.length) continue;
      const code = quality[index] as number;
      if (!isBrokenInput(code)) badSinceMs[tag] = Number.NaN;
      else if (Number.isNaN(badSinceMs[tag])) badSinceMs[tag] = nowMs;
      const delivered = isGood(code) || code === Quality.outOfRange;
      if (delivered) watched.take(tag, values[index] as number, times[index] as number, nowMs);
      if (watched.isConspicuous(tag)) {
        conspicuous[tag] = 1;
        if (delivered) codes[tag] = qualityOf(watched.complaint(tag));
      } else if (delivered) codes[tag] = Quality.good;
    }
  }

  tick(wallMs: number, monotonicMs: number): void {
    const { watched, conspicuous } = this;
    for (let tag = 0; tag < conspicuous.length; tag++) {
      if (conspicuous[tag] === 0) continue;
      if (watched.leaps.isOpen(tag)) this.judgeLeap(tag, monotonicMs);
      const broken = monotonicMs - (watched.badSinceMs[tag] as number) >= brokenAfterMs;
      const complaint = watched.complaint(tag) ?? (broken ? 'broken' : undefined);
      if (complaint !== undefined || this.heard.has(tag)) this.hear(tag, complaint, wallMs, monotonicMs);
      if (!this.heard.has(tag) && !watched.isConspicuous(tag)) conspicuous[tag] = 0;
    }
  }

  /** Without a calibration only inputs that are called broken and clocks that stand are seen. */
  watches(): readonly OwnWatch[] {
    return this.attachments.map((attachment) => {
      const { id, roles } = attachment.asset;
      const tags = Object.values(roles);
      const known = tags.filter((tag) => this.context.calibration?.tags[this.context.tags.at(tag).name]).length;
      const progress = { done: known, of: tags.length, unit: 'tag' } as const;
      const ill = Object.keys(roles).filter((role) => this.heard.get(roles[role] as number)?.claimed);
      const claimed = ill.filter((role) => this.subjects[roles[role] as number] === id);
      if (claimed.length > 0) return watchOver(attachment, 'claimed', { roles: ill, score: 1, progress });
      if (known === 0) return watchOver(attachment, 'waiting', { reason: 'calibration', progress });
      return watchOver(attachment, 'watching', { roles: ill, score: 0, progress });
    });
  }

  snapshot(): Snapshot {
    const { watched, heard } = this;
    const { definitions } = this.context.tags;
    const known = [...definitions.keys()].filter((tag) => watched.isKnown(tag) || heard.has(tag));
    const nameOf = (tag: number) => this.context.tags.at(tag).name;
    const found = known.flatMap((tag) => {
      const findings = watched.findingsOf(tag);
      return findings ? [[nameOf(tag), findings] as const] : [];
    });
    const memory: Memory = {
      takenAtMs: this.context.clock.monotonicMs(),
      tags: known.map(nameOf),
      rows: zstdCompressSync(watched.rowsOf(known), options).toString('base64'),
      findings: Object.fromEntries(found),
      heard: Object.fromEntries(Array.from(heard, ([tag, its]) => [nameOf(tag), { ...its }])),
    };
    return { ...memory };
  }

  restore(snapshot: Snapshot): readonly string[] {
    const { takenAtMs, tags, rows, findings, heard } = snapshot as Partial<Memory>;
    if (!tags || rows === undefined) return [];
    const pausedMs = this.context.clock.monotonicMs() - Number(takenAtMs);
    const indexOf = (name: string) => this.context.tags.indexOf(name) ?? -1;
    const known = tags.map(indexOf);
    if (!this.watched.goOn(known, zstdDecompressSync(Buffer.from(rows, 'base64')), pausedMs > companyMs)) return [];
    for (const [name, its] of Object.entries(findings ?? {}))
      if (indexOf(name) >= 0) this.watched.find(indexOf(name), its);
    for (const [name, its] of Object.entries(heard ?? {})) if (indexOf(name) >= 0) this.heard.set(indexOf(name), its);
    for (const tag of known)
      if (tag >= 0 && (this.heard.has(tag) || this.watched.isConspicuous(tag))) this.conspicuous[tag] = 1;
    const claimed = [...this.heard].filter(([, its]) => its.claimed);
    return [...new Set(claimed.map(([tag, { complaint }]) => `${this.subjects[tag]}/${complaint}`))];
  }

  /**
   * What moved at that time of what moves with a tag when the plant does: of everything else that its device tells, but for
   * what belongs to other assets where the device serves several.
   */
  private movedWith(tag: number, leaptMs: number): readonly number[] {
    const { device } = this.context.tags.at(tag);
    const subject = this.subjects[tag];
    return (this.telling.get(device) ?? []).filter((other) => {
      const its = this.subjects[other];
      const nearby = subject === device || its === subject || its === device;
      return other !== tag && nearby && this.watched.leaps.keptCompany(other, leaptMs, companyMs);
    });
  }

  /** A leap counts when nothing around has moved with it, but for the one that it was exchanged with. */
  private judgeLeap(tag: number, nowMs: number): void {
    const { leaps, leapt } = this.watched;
    const leaptMs = leaps.leaptMs(tag);
    const ageMs = nowMs - leaptMs;
    if (ageMs < companyMs) return;
    if (ageMs > longestMs) leaps.forget(tag);
    if (leapt[tag] !== undefined || ageMs > longestMs) return;
    const moved = this.movedWith(tag, leaptMs);
    // no plant goes where no value of the tag can be, whatever else moves
    const certain = this.watched.isImplausible(tag, leaps.to(tag)) ? this.knownCause(tag) : undefined;
    if (certain) leapt[tag] = certain;
    else if (moved.length === 0) leapt[tag] = this.causeAlone(tag, leaptMs);
    else if (moved.some((other) => this.exchanged(tag, other))) leapt[tag] = 'swapped-wires';
    // what a leap has put an end to is told of and lasts no longer
    if (leapt[tag] === undefined || this.watched.ended(tag)) leaps.forget(tag);
  }

  /** What a leap is that no neighbour moved with; nothing when it may be the plant's all the same. */
  private causeAlone(tag: number, leaptMs: number): Complaint | undefined {
    const { leaps } = this.watched;
    if (!this.leapsAlone(tag, leaptMs)) return undefined;
    const ended = this.watched.ended(tag);
    if (ended) return ended;
    const known = this.knownCause(tag);
    if (known) return known;
    if (this.watched.isBack(tag)) return undefined;
    return this.watched.leapSize(tag) >= biasLeaps && !leaps.isRestless(tag) ? 'bias' : undefined;
  }

  /** What the size of a leap tells, now as then; nothing where it tells nothing. */
  private knownCause(tag: number): Complaint | undefined {
    const { leaps } = this.watched;
    const { unit, scale, offset } = this.context.tags.at(tag);
    const [then, now] = [leaps.to(tag), leaps.newest(tag)].map((to) =>
      causeOfLeap(leaps.from(tag), to, unit, { scale, offset }),
    );
    return then === now && then !== 'bias' ? then : undefined;
  }

  /** Whether no other instrument of the utility leapt then, but for one that is known to be restless: two that lie at one moment are not to be believed. */
  private leapsAlone(tag: number, leaptMs: number): boolean {
    const { leaps } = this.watched;
    const utility = this.utilities[tag];
    return this.utilities.every(
      (its, other) =>
        other === tag ||
        (its !== utility && its !== '' && utility !== '') ||
        restless.has(this.heard.get(other)?.complaint) ||
        !(Math.abs(leaps.lastLeapMs(other) - leaptMs) <= companyMs),
    );
  }

  /** Whether each of two went where the other was, as far as it can show. */
  private exchanged(one: number, other: number): boolean {
    const { watched } = this;
    const { leaps } = watched;
    const { tags } = this.context;
    const [fromOne, fromOther] = [leaps.from(one), leaps.from(other)];
    if (Number.isNaN(fromOther) || tags.at(one).unit !== tags.at(other).unit) return false;
    const tolerated = Math.abs(fromOne - fromOther) / 10;
    const went = (tag: number, where: number) => Math.abs(leaps.to(tag) - watched.shown(tag, where)) <= tolerated;
    return went(one, fromOther) && went(other, fromOne);
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
    const { leaps } = this.watched;
    const observed = leaps.newest(tag);
    const expected = Number.isNaN(leaps.from(tag)) ? observed : leaps.from(tag);
    this.context.emit({
      ...{ asset: this.subjects[tag] ?? '', kind, from: 'instrument', active, score: active ? 1 : 0, time },
      evidence: [{ tag: name, observed, expected, unit, windowS: 0 }],
    });
  }
}

export const instrumentFactory: DetectorFactory = {
  rung: 0,
  options: z.strictObject({}),
  create: (context, attachments) => new InstrumentDetector(context, attachments),
};
