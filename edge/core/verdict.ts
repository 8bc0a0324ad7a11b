import type { MaintenancePeriod } from './maintenance.ts';

/**
 * What a person says of an alarm afterwards: it was worth its interruption; nobody needed it; something was wrong, but not
 * what the alarm said; it was work of our own, such as a flushing.
 */
export const verdicts = ['useful', 'nuisance', 'wrong-cause', 'planned'] as const;
export type Verdict = (typeof verdicts)[number];

/** A verdict with who gave it, when (ms since epoch) and what they had to add; an empty note is none. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly note: string;
  readonly by: string;
  readonly at: number;
}

/** What operators think of one detector's alarms. */
export interface DetectorReport {
  readonly detector: string;
  /** Alarms raised, judged or not. */
  readonly raised: number;
  readonly useful: number;
  readonly nuisance: number;
  readonly wrongCause: number;
  readonly planned: number;
  /** Of those judged; null while none is. */
  readonly nuisanceShare: number | null;
  readonly wrongCauseShare: number | null;
}

/** A claim whose limits verdicts have made wider. */
export interface WidenedClaim {
  readonly asset: string;
  readonly kind: string;
  /** Which raised its last judged alarm. */
  readonly detector: string;
  /** How many times as wide as they would be. */
  readonly factor: number;
  /** ms since epoch: since when, and until when if nobody says anything. */
  readonly since: number;
  readonly until: number;
}

/** What the detectors that follow the alarm budget have raised, safety left out: the rate that was had for the one asked for. */
export interface BudgetedAlarms {
  /** Over how many days up to now they are counted. */
  readonly days: number;
  readonly raised: number;
  readonly nuisance: number;
  /** Of which nobody has said anything. */
  readonly unjudged: number;
}

/** A time in which an asset did not run as usual, by the verdict on its alarm. */
export interface LabelledPeriod {
  readonly asset: string;
  readonly kind: string;
  readonly verdict: Verdict;
  /** ms since epoch: when the alarm was raised, and when its condition was over. */
  readonly from: number;
  readonly to: number;
}

/** The verdicts on all alarms that are remembered, and what they have moved. */
export interface VerdictReport {
  /** When the oldest remembered alarm was raised, ms since epoch; null while there is none. */
  readonly since: number | null;
  /** By detector, the one with most alarms first. */
  readonly detectors: readonly DetectorReport[];
  readonly budgeted: BudgetedAlarms;
  /** What is no normal operation, by the verdicts: all but nuisances, whose condition is over. In the order in which they began. */
  readonly labelled: readonly LabelledPeriod[];
  /** The newest first. */
  readonly widened: readonly WidenedClaim[];
  /** When assets or devices were under maintenance, in no order. */
  readonly maintenance: readonly MaintenancePeriod[];
}
