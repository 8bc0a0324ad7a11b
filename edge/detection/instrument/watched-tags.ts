import { Quality, type QualityCode } from '../../core/quality.ts';
import type { TagDefinition, WireType } from '../../core/tag.ts';
import type { TagCalibration } from '../calibration.ts';
import { otherWordOrder } from './diagnosis.ts';
import { type Failing, Habits } from './habits.ts';
import { Leaps } from './leap.ts';
import { Ranges } from './ranges.ts';

/**
 * So many different values in a row that make sense in the other order of words only. Of values drawn at random about one in
 * twenty-five does, by its exponent; a steady value that does is no further evidence however often it comes.
 */
const reorderedValues = 4;
/** What lies in two registers: only there are two orders of words. */
const twoWords: ReadonlySet<WireType> = new Set<WireType>(['int32', 'uint32', 'float32']);
/** So many samples in a row a drifted value lies beyond its range before somebody mends it; noise comes back sooner. Design choice. */
const driftedSamples = 10;
/** A value this much smaller than what a tag usually moves by is no measurement; design choice. */
const leastShare = 1e-3;

/** What an instrument is found to suffer from. */
export type Complaint =
  | Failing
  | 'word-order'
  | 'drift'
  | 'times-ten'
  | 'unit-change'
  | 'broken'
  | 'bias'
  | 'swapped-wires';

/** How far a complaint lets the value be believed. */
const trustIn: Readonly<Partial<Record<Complaint, QualityCode>>> = { stuck: Quality.stuck, spikes: Quality.spike };
export const qualityOf = (complaint: Complaint | undefined): QualityCode =>
  complaint === undefined ? Quality.good : (trustIn[complaint] ?? Quality.uncertain);

/** What is found of a tag, as plain data. */
export interface TagFindings {
  readonly failing: Failing | 'word-order' | undefined;
  readonly leapt: Complaint | undefined;
}

/** All instruments of a gateway, and what is remembered of them; columns by tag index. */
export class WatchedTags {
  readonly habits: Habits;
  readonly leaps: Leaps;
  private readonly ranges: Ranges;
  /** What is wrong by itself, and what its leap was found to be. */
  readonly failing: (Failing | 'word-order' | undefined)[];
  readonly leapt: (Complaint | undefined)[];
  /** Monotonic ms since which the wire calls it bad; NaN while it does not. */
  readonly badSinceMs: Float64Array;
  private readonly definitions: readonly TagDefinition[];
  private readonly reordered: Uint8Array;
  /** The last value that made sense in the other order only; NaN while none does. */
  private readonly lastReordered: Float64Array;
  /** 1 where the leap that is looked at ended a standstill. */
  private readonly stood: Uint8Array;
  /** Samples in a row beyond the range; not a number where a leap led there. */
  private readonly strayed: Float64Array;
  /** 1 where the leap that is looked at ended a stay beyond the range to which no leap had led. */
  private readonly drifted: Uint8Array;
  /** What is remembered of a tag beside habits and leaps. */
  private readonly columns: readonly (Float64Array | Uint8Array)[];
  private readonly rowLength: number;

  /** @param calibrations of the tags, in their order */
  constructor(definitions: readonly TagDefinition[], calibrations: readonly (TagCalibration | undefined)[]) {
    const { length } = definitions;
    this.definitions = definitions;
    this.habits = new Habits(
      calibrations,
      definitions.map(({ periodMs }) => periodMs),
    );
    this.leaps = new Leaps(calibrations);
    this.ranges = new Ranges(calibrations);
    this.failing = new Array(length).fill(undefined);
    this.leapt = new Array(length).fill(undefined);
    this.badSinceMs = new Float64Array(length).fill(Number.NaN);
    this.reordered = new Uint8Array(length);
    this.lastReordered = new Float64Array(length).fill(Number.NaN);
    this.stood = new Uint8Array(length);
    this.strayed = new Float64Array(length);
    this.drifted = new Uint8Array(length);
    const { badSinceMs, reordered, lastReordered, stood, strayed, drifted } = this;
    this.columns = [badSinceMs, reordered, lastReordered, stood, strayed, drifted];
    this.rowLength = this.habits.remembered(0).length + this.leaps.remembered(0).length + this.columns.length;
  }

  /** Size of the leap that is looked at, in those that the tag takes to be one. */
  leapSize(tag: number): number {
    const { leaps } = this;
    return Math.abs(leaps.to(tag) - leaps.from(tag)) / leaps.leapSize(tag);
  }

  /** What the leap that is looked at put an end to: a standstill, or a drift that was mended; nothing when it began something. */
  ended(tag: number): Complaint | undefined {
    if (this.stood[tag] === 1) return 'stuck';
    return this.drifted[tag] === 1 && this.isBack(tag) ? 'drift' : undefined;
  }

  /** Whether the leap that is looked at led back into the range: it ends what it does not name. */
  isBack(tag: number): boolean {
    const { leaps, ranges } = this;
    return ranges.isBeyond(tag, leaps.from(tag)) && !ranges.isBeyond(tag, leaps.to(tag));
  }

  /** A leap explains the noise or the standstill after it, and is waited for. */
  complaint(tag: number): Complaint | undefined {
    const failing = this.failing[tag];
    const leapt = this.leapt[tag];
    if (leapt !== undefined || failing === 'word-order') return leapt ?? failing;
    return this.leaps.isOpen(tag) ? undefined : failing;
  }

  /** Whether there is anything about the tag that time alone may change; one that is not complains of nothing. */
  isConspicuous(tag: number): boolean {
    if (this.failing[tag] !== undefined || this.leapt[tag] !== undefined) return true;
    return this.leaps.isOpen(tag) || !Number.isNaN(this.badSinceMs[tag]);
  }

  /** Whether anything was delivered of a tag. */
  isKnown(tag: number): boolean {
    return !Number.isNaN(this.leaps.newest(tag));
  }

  /** What is found of a tag; undefined where nothing is. */
  findingsOf(tag: number): TagFindings | undefined {
    const [failing, leapt] = [this.failing[tag], this.leapt[tag]];
    return failing === undefined && leapt === undefined ? undefined : { failing, leapt };
  }

  /** The numbers remembered of some tags: a row of doubles each, as bytes. */
  rowsOf(tags: readonly number[]): Uint8Array {
    const rows = new Float64Array(tags.length * this.rowLength);
    let place = 0;
    for (const tag of tags) {
      for (const part of [this.habits.remembered(tag), this.leaps.remembered(tag)]) {
        rows.set(part, place);
        place += part.length;
      }
      for (const column of this.columns) rows[place++] = column[tag] as number;
    }
    return new Uint8Array(rows.buffer);
  }

  /**
   * Goes on with the rows of some tags, in whose place −1 stands for one that there is no more; returns whether these are
   * numbers as there are now.
   * @param paused for so long that the last value is nothing to the next one
   */
  goOn(tags: readonly number[], bytes: Uint8Array, paused: boolean): boolean {
    const { rowLength } = this;
    if (bytes.length !== tags.length * rowLength * Float64Array.BYTES_PER_ELEMENT) return false;
    const rows = new Float64Array(new Uint8Array(bytes).buffer);
    for (const [at, tag] of tags.entries())
      if (tag >= 0) this.takeRow(tag, rows.subarray(at * rowLength, (at + 1) * rowLength));
    if (paused) for (const tag of tags) if (tag >= 0) this.leaps.pause(tag);
    return true;
  }

  private takeRow(tag: number, row: Float64Array): void {
    let place = 0;
    for (const part of [this.habits.remembered(tag), this.leaps.remembered(tag)]) {
      part.set(row.subarray(place, place + part.length));
      place += part.length;
    }
    for (const column of this.columns) column[tag] = row[place++] as number;
  }

  /** Goes on with what was found of a tag. */
  find(tag: number, { failing, leapt }: TagFindings): void {
    this.failing[tag] = failing;
    this.leapt[tag] = leapt;
  }

  /** A value that the wire delivered. */
  take(tag: number, value: number, timeMs: number, nowMs: number): void {
    if (this.inOtherOrder(tag, value)) {
      if (value === this.lastReordered[tag]) return;
      const count = Math.min(reorderedValues, (this.reordered[tag] as number) + 1);
      this.reordered[tag] = count;
      this.lastReordered[tag] = value;
      if (count >= reorderedValues) this.failing[tag] = 'word-order';
      return;
    }
    this.reordered[tag] = 0;
    this.lastReordered[tag] = Number.NaN;
    const calm = this.habits.isCalm(tag);
    const stood = this.habits.stands(tag) ? 1 : 0;
    const drifted = (this.strayed[tag] as number) >= driftedSamples ? 1 : 0;
    this.stray(tag, value);
    const open = this.leaps.isOpen(tag);
    const failing = this.habits.watch(tag, value, timeMs);
    this.failing[tag] = failing === 'stuck' && this.isAtItsEnd(tag, value) ? undefined : failing;
    this.leaps.step(tag, value, nowMs, calm);
    if (!open && this.leaps.isOpen(tag)) {
      this.stood[tag] = stood;
      this.drifted[tag] = drifted;
    }
    if (this.leapt[tag] === undefined || this.leaps.isOpen(tag)) return;
    this.leapt[tag] = undefined;
    this.failing[tag] = undefined;
    this.habits.calmDown(tag);
  }

  /** Counts how long a tag has been beyond its range, and whether it got there little by little. */
  private stray(tag: number, value: number): void {
    const before = this.strayed[tag] as number;
    if (!this.ranges.isBeyond(tag, value)) this.strayed[tag] = 0;
    else if (before > 0 || Number.isNaN(before)) this.strayed[tag] = before + 1;
    else {
      const leapt = Math.abs(value - this.leaps.newest(tag)) > this.leaps.leapSize(tag);
      this.strayed[tag] = leapt ? Number.NaN : 1;
    }
  }

  /** Whether a tag cannot have such a value. */
  isImplausible(tag: number, value: number): boolean {
    const { low, high } = this.definitions[tag] as TagDefinition;
    return value < low || value > high;
  }

  /** What a tag can show of a value. */
  shown(tag: number, value: number): number {
    const { low, high } = this.definitions[tag] as TagDefinition;
    return Math.min(high, Math.max(low, value));
  }

  /** Whether the instrument shows all that it can show: what lies beyond moves unseen. */
  private isAtItsEnd(tag: number, value: number): boolean {
    const { low, high } = this.definitions[tag] as TagDefinition;
    return value <= low || value >= high;
  }

  /** Whether the value makes no sense as it is, and would with its words in the other order. */
  private inOtherOrder(tag: number, value: number): boolean {
    const { leaps } = this;
    const definition = this.definitions[tag] as TagDefinition;
    if (definition.wire !== undefined && !twoWords.has(definition.wire)) return false;
    const newest = leaps.newest(tag);
    const leapSize = leaps.leapSize(tag);
    if (Number.isNaN(newest) || value === 0 || leapSize === Number.POSITIVE_INFINITY) return false;
    const tolerated = Math.max(leaps.companySize(tag), Math.abs(newest) / 100);
    // next to nothing is what half of all exponents make of it: neither order is to be known by that
    const least = tolerated * leastShare;
    if (Math.abs(value - newest) <= leapSize && Math.abs(value) >= least) return false;
    return otherWordOrder(value, definition).some(
      (other) => Math.abs(other - newest) <= tolerated && Math.abs(other) >= least,
    );
  }
}
