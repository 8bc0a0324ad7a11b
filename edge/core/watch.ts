import type { Evidence } from './finding.ts';
import type { Text } from './text.ts';

/**
 * Rungs of the ladder that detectors stand on: 0 data trust, 1 limits and physics, 2 a signal against its own past,
 * 3 signals against each other, 4 learned models.
 */
export type Rung = 0 | 1 | 2 | 3 | 4;

/**
 * Where the watch over one claim stands: `watching` judges, `claimed` found it true, `idle` has nothing to judge while its
 * condition does not hold (a pump that stands), `waiting` cannot judge yet or at present, `out-of-model` has inputs beyond
 * what was learned of them.
 */
export type WatchState = 'watching' | 'claimed' | 'idle' | 'waiting' | 'out-of-model';

/** What a watch waits for. */
export type WatchReason =
  /** Its figures have to be learned from history (`lifeline calibrate`). */
  | 'calibration'
  /** A role that the pack asks for has no tag. */
  | 'role'
  /** Values that can be trusted. */
  | 'values'
  /** The first window of values has to be full. */
  | 'window'
  /** The first night has to be over. */
  | 'night'
  /** Its model has to be loaded, or to be mended. */
  | 'model';

/** How far something that takes its time has come. */
export interface WatchProgress {
  readonly done: number;
  readonly of: number;
  readonly unit: 's' | 'min' | 'd' | 'night' | 'tag';
}

/** What one detector has to say of one claim about one asset at this moment. */
export interface Watch {
  readonly asset: string;
  readonly detector: string;
  readonly rung: Rung;
  /** Kind of the claim, e.g. `burst`; with the part where there are several, `pump-wear/pump-1`; empty for all kinds of one detector. */
  readonly kind: string;
  readonly state: WatchState;
  readonly reason?: WatchReason;
  readonly progress?: WatchProgress;
  /** Days of history at least that the calibration it waits for is learned from. */
  readonly historyDays?: number;
  /** Roles that are missing, not to be trusted, or beyond what was learned. */
  readonly roles: readonly string[];
  /** Code of what keeps its model from taking part. */
  readonly code?: string;
  /** 0..1, 0.5 is the alarm threshold; null while nothing is judged. */
  readonly score: number | null;
  /** Newest figures against what they are held to. */
  readonly evidence: readonly Evidence[];
}

/** A signal that patterns are not sought in at present. */
export interface Distrusted {
  readonly asset: string;
  readonly role: string;
  readonly tag: string;
  /** Name of the quality that the wire or the gateway itself gives it. */
  readonly reason: string;
}

/** An input that went beyond its training: the range that it was trained in, and how far it went since the start. */
export interface Excursion {
  readonly low: number;
  readonly high: number;
  readonly lowest: number;
  readonly highest: number;
}

/** How much of the time nothing could be said of an asset, because its inputs lay beyond what was trained. */
export interface OutOfModel {
  /** In the last minute. */
  readonly now: boolean;
  /** Minutes since the start in which something was or should have been judged, and those of them that were out of model. */
  readonly minutes: number;
  readonly outside: number;
  /** By role: what a calibration on newer history would have to cover. */
  readonly beyond: Readonly<Record<string, Excursion>>;
  /** Ways of running, in words, that training never showed; the first few. */
  readonly unseenModes: readonly string[];
}

/** Figures of the alarm budget, false alarms per asset-week. */
export interface BudgetStatus {
  /** What the configuration asks for; null where it leaves the limits as calibrated. */
  readonly wanted: number | null;
  /** How many times as wide as calibrated the limits are. */
  readonly tolerance: number;
  /** What the held-out history lets expect, and the range that can be asked for; null where it tells too little. */
  readonly expected: number | null;
  readonly supported: readonly [least: number, most: number] | null;
}

/** An asset whose calibration does not cover how it is run any more. */
export interface RecalibrationProposal {
  readonly asset: string;
  /** ms since epoch. */
  readonly since: number;
  /** Of the last day that counted, 0..1. */
  readonly share: number;
  /** Roles that went beyond what was trained. */
  readonly roles: readonly string[];
}

/** Everything that detection has to say of itself. */
export interface WatchReport {
  readonly watches: readonly Watch[];
  readonly distrusted: readonly Distrusted[];
  /** By asset. */
  readonly outOfModel: Readonly<Record<string, OutOfModel>>;
  /** Where the figures in use come from; undefined without a calibration. */
  readonly calibration: Readonly<Record<string, unknown>> | undefined;
  readonly budget: BudgetStatus;
}

/** One moment of a quantity beside what is expected of it; NaN where nobody can say. */
export interface Expected {
  readonly observed: number;
  readonly expected: number;
  /** Within these it is ordinary. */
  readonly low: number;
  readonly high: number;
}

/** How the course of a claim's quantity is reckoned from history. */
export interface ExpectedCourse {
  /** Tag name, or a derived quantity such as `net-inflow`. */
  readonly quantity: string;
  readonly unit: string;
  /** What it is reckoned from: each the mean of a tag over a minute, or the median of those of several tags. */
  readonly columns: readonly (readonly string[])[];
  /** @param now values of the columns, @param before those of the minute before, @param timeMs end of the minute */
  at(now: readonly number[], before: readonly number[], timeMs: number): Expected;
}

/** Days of history that a calibration asks for at least: a day of whole minutes, or a week of nights. */
export const leastHistory = { minutesDays: 1, nights: 7 } as const;

/** How far a gateway that learns by itself has come; each stage replaces what the one before it was cautious about. */
export const learningStages = ['first-hours', 'first-days', 'full'] as const;
export type LearningStage = (typeof learningStages)[number];
/** How much history each is made from, ms: hours teach what instruments do, days what follows from what, weeks limits as they are to be. */
export const stageHistoryMs: Readonly<Record<LearningStage, number>> = {
  'first-hours': 3 * 3_600_000,
  'first-days': 2 * 86_400_000,
  full: 14 * 86_400_000,
};

/** What a gateway learns by itself of its normal operation. */
export interface LearningStatus {
  /** Made by itself and in force; null before the first, and where a calibration is named or learning is turned off. */
  readonly stage: LearningStage | null;
  /** Made next, and from when on (ms since epoch); null once all is learnt, or where nothing is learnt by itself. */
  readonly next: { readonly stage: LearningStage; readonly at: number } | null;
  /** Share 0..1 of what is being learnt now; null while nothing is. */
  readonly share: number | null;
  /** Why the last try came to nothing; null after one that came to something. */
  readonly problem: Text | null;
}
