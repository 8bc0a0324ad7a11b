import { Quality, type QualityCode } from '../../core/quality.ts';
import type { TagDefinition } from '../../core/tag.ts';
import type { TagCalibration } from '../calibration.ts';
import { otherWordOrder } from './diagnosis.ts';
import {
  type Bounds,
  boundsOf,
  calmDown,
  type Failing,
  type Habits,
  isCalm,
  newHabits,
  watchSample,
} from './habits.ts';
import { type LeapBounds, type LeapState, leapBoundsOf, newLeapState, stepLeap } from './leap.ts';

/** So many samples in a row that make sense in the other order of words only. */
const reorderedSamples = 5;

/** What an instrument is found to suffer from. */
export type Complaint = Failing | 'word-order' | 'times-ten' | 'unit-change' | 'broken' | 'bias' | 'swapped-wires';

/** How far a complaint lets the value be believed. */
const trustIn: Readonly<Partial<Record<Complaint, QualityCode>>> = { stuck: Quality.stuck, spikes: Quality.spike };
export const qualityOf = (complaint: Complaint | undefined): QualityCode =>
  complaint === undefined ? Quality.good : (trustIn[complaint] ?? Quality.uncertain);

/** One instrument, and what is remembered of it. */
export class WatchedTag {
  readonly habits: Habits = newHabits();
  readonly leap: LeapState = newLeapState();
  readonly leapBounds: LeapBounds;
  /** What is wrong by itself, and what its leap was found to be. */
  failing: Failing | 'word-order' | undefined;
  leapt: Complaint | undefined;
  /** Monotonic ms since which the wire calls it bad; NaN while it does not. */
  badSinceMs = Number.NaN;
  private readonly bounds: Bounds;
  private readonly definition: TagDefinition;
  private reordered = 0;

  constructor(definition: TagDefinition, calibration: TagCalibration | undefined) {
    this.definition = definition;
    this.bounds = boundsOf(calibration);
    this.leapBounds = leapBoundsOf(calibration);
  }

  /** Size of the leap that is looked at, in those that it takes to be one. */
  get leapSize(): number {
    return Math.abs(this.leap.to - this.leap.from) / this.leapBounds.leap;
  }

  /** A leap explains the noise or the standstill after it, and is waited for. */
  get complaint(): Complaint | undefined {
    if (this.leapt !== undefined || this.failing === 'word-order') return this.leapt ?? this.failing;
    return Number.isNaN(this.leap.leaptMs) ? this.failing : undefined;
  }

  /** A value that the wire delivered. */
  take(value: number, timeMs: number, nowMs: number): void {
    if (this.inOtherOrder(value)) {
      this.reordered++;
      if (this.reordered >= reorderedSamples) this.failing = 'word-order';
      return;
    }
    this.reordered = 0;
    const calm = isCalm(this.habits);
    this.failing = watchSample(this.habits, value, timeMs, this.bounds);
    stepLeap(this.leap, value, nowMs, this.leapBounds, calm);
    if (this.leapt === undefined || !Number.isNaN(this.leap.leaptMs)) return;
    this.leapt = undefined;
    this.failing = undefined;
    calmDown(this.habits);
  }

  /** Whether it is a leap that would be none with its words in the other order. */
  private inOtherOrder(value: number): boolean {
    const { newest } = this.leap;
    const { leap, company } = this.leapBounds;
    if (Number.isNaN(newest) || Math.abs(value - newest) <= leap) return false;
    const tolerated = Math.max(company, Math.abs(newest) / 100);
    // next to nothing is nothing in any order of words
    if (Math.abs(newest) <= 2 * tolerated) return false;
    return otherWordOrder(value, this.definition).some((other) => Math.abs(other - newest) <= tolerated);
  }
}
