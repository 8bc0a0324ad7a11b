import type { TagCalibration } from '../calibration.ts';

/** A leap is this much larger than the largest change within a minute of the history … */
const leapMargin = 1.5;
/** … and this many robust standard deviations of the difference. */
const leapScales = 10;
/** What else changes by this share of its own largest change, and so many deviations, moves with it. */
const companyShare = 0.1;
const companyScales = 6;
/** What moves more often than so many times an hour is restless by nature: it keeps nobody company. */
const oftenPerHour = 6;
/** One that leaps again and again, if not so often, is no instrument whose zero has moved. */
const restlessPerHour = 3;
const hourMs = 3_600_000;
/** A leap that has gone back by this share is over. */
const returnShare = 0.5;

/** Places in the row of a tag, NaN for never: the newest value, and the values before and after the leap that is looked at. */
const newest = 0;
const from = 1;
const to = 2;
/** Monotonic ms of that leap and of the last change that could keep others company. */
const leaptMs = 3;
const movedMs = 4;
/** Monotonic ms of the newest leap, forgotten ones included. */
const lastLeapMs = 5;
/** Such changes within the last hour, older ones fading. */
const moves = 6;
/** From which change on a tag leaps, and from which it keeps another company; Infinity where nobody knows. */
const leapSize = 7;
const companySize = 8;
const width = 9;

/** Where all tags stand with regard to leaps: a row of numbers each, one after another, as for habits. */
export class Leaps {
  private readonly rows: Float64Array;

  constructor(tags: readonly (TagCalibration | undefined)[]) {
    this.rows = new Float64Array(width * tags.length).fill(Number.NaN);
    for (const [tag, calibration] of tags.entries()) this.rows.set([0, ...boundsOf(calibration)], tag * width + moves);
  }

  /** Takes one sample in: a leap begins (of a calm value only), goes on or is over. */
  step(tag: number, value: number, nowMs: number, calm: boolean): void {
    const { rows } = this;
    const at = tag * width;
    const before = rows[at + newest] as number;
    if (value === before) return;
    const size = Math.abs(value - before);
    rows[at + newest] = value;
    if (size > (rows[at + companySize] as number)) {
      const lastMs = rows[at + movedMs] as number;
      const since = Number.isNaN(lastMs) ? hourMs : nowMs - lastMs;
      rows[at + moves] = (rows[at + moves] as number) * Math.exp(-since / hourMs) + 1;
      rows[at + movedMs] = nowMs;
    }
    if (this.isOpen(tag)) {
      const reached = this.to(tag);
      if ((value - reached) / (this.from(tag) - reached) > returnShare) this.forget(tag);
    } else if (calm && size > (rows[at + leapSize] as number)) {
      this.begin(tag, before, value, nowMs);
      rows[at + lastLeapMs] = nowMs;
    }
  }

  /** A leap is looked at from now on. */
  begin(tag: number, left: number, reached: number, nowMs: number): void {
    const at = tag * width;
    this.rows[at + from] = left;
    this.rows[at + to] = reached;
    this.rows[at + leaptMs] = nowMs;
  }

  /** What is remembered of a tag, sharing memory; `set` puts it back. */
  remembered(tag: number): Float64Array {
    return this.rows.subarray(tag * width, tag * width + leapSize);
  }

  /** After a pause the next value is no leap from the last one. */
  pause(tag: number): void {
    this.rows[tag * width + newest] = Number.NaN;
  }

  forget(tag: number): void {
    this.begin(tag, Number.NaN, Number.NaN, Number.NaN);
  }

  isOpen(tag: number): boolean {
    return !Number.isNaN(this.leaptMs(tag));
  }

  newest(tag: number): number {
    return this.rows[tag * width + newest] as number;
  }

  from(tag: number): number {
    return this.rows[tag * width + from] as number;
  }

  to(tag: number): number {
    return this.rows[tag * width + to] as number;
  }

  leaptMs(tag: number): number {
    return this.rows[tag * width + leaptMs] as number;
  }

  lastLeapMs(tag: number): number {
    return this.rows[tag * width + lastLeapMs] as number;
  }

  /** From which change on the tag leaps, and from which it keeps another company. */
  leapSize(tag: number): number {
    return this.rows[tag * width + leapSize] as number;
  }

  companySize(tag: number): number {
    return this.rows[tag * width + companySize] as number;
  }

  /** Whether a tag moves so often that one more leap says nothing: a fan that is switched about. */
  isRestless(tag: number): boolean {
    return (this.rows[tag * width + moves] as number) > restlessPerHour;
  }

  /** Whether a tag has moved about then, and does not do so all the time. */
  keptCompany(tag: number, aboutMs: number, withinMs: number): boolean {
    const at = tag * width;
    if ((this.rows[at + moves] as number) > oftenPerHour) return false;
    return Math.abs((this.rows[at + movedMs] as number) - aboutMs) <= withinMs;
  }
}

/** From which change within a minute on a value leaps, by what its history showed, tag's unit; 0 where it showed none. */
export function leapOf({ largestStep, differenceScale, caution }: TagCalibration): number {
  if (largestStep === undefined) return 0;
  const { factor, step } = caution ?? { factor: 1, step: 0 };
  return Math.max(step, factor * Math.max(leapMargin * largestStep, leapScales * differenceScale));
}

/** `leapSize` and `companySize` of a tag. */
function boundsOf(tag: TagCalibration | undefined): readonly [leap: number, company: number] {
  // what calibrations leave out are states, whose every change is company
  if (!tag) return [Number.POSITIVE_INFINITY, 0];
  const { differenceScale, largestStep } = tag;
  if (largestStep === undefined) return [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  if (differenceScale === 0) return [Number.POSITIVE_INFINITY, stands(tag) ? 0 : Number.POSITIVE_INFINITY];
  return [leapOf(tag), Math.max(companyShare * largestStep, companyScales * differenceScale)];
}

/** Whether a tag stands as a rule, so that a change of it says something: commands and set-points do; totals do not, which never fall. */
const stands = ({ largestStep, range }: TagCalibration): boolean => largestStep === 0 || range !== undefined;
