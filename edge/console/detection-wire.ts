import type { ShelfVersion } from '../core/model-shelf.ts';
import type { Text } from '../core/text.ts';
import type { BudgetedAlarms, WidenedClaim } from '../core/verdict.ts';
import type {
  BudgetStatus,
  Distrusted,
  LearningStatus,
  OutOfModel,
  RecalibrationProposal,
  Watch,
} from '../core/watch.ts';
import type { Wire } from './wire.ts';

/** One asset in the list of what is watched. */
export interface WatchedAssetView {
  readonly asset: string;
  readonly watches: number;
  readonly claimed: number;
  readonly waiting: number;
  /** Highest rung on which something is judged; null while nothing is. */
  readonly rung: number | null;
  /** Largest score; null while nothing is judged. */
  readonly score: number | null;
  readonly distrusted: number;
  readonly outOfModel: boolean;
  /** Share of the judged minutes since the start that were out of model; null before the first. */
  readonly outsideShare: number | null;
}

/** `GET /api/detection`: the most conspicuous assets first, at most `maxAssetsShown`; totals count all. */
export interface DetectionView {
  /** Where the calibration in use comes from; null without one. */
  readonly calibration: Readonly<Record<string, string>> | null;
  /** ms since epoch of the oldest sample kept; null while there is none. */
  readonly historySince: number | null;
  /** What it learns by itself. */
  readonly learning: LearningStatus;
  readonly budget: BudgetView;
  /** Claims whose limits verdicts have made wider, the newest first, at most `maxProposalsShown`; and how many there are. */
  readonly widened: readonly WidenedClaim[];
  readonly widenedTotal: number;
  /** Assets for which a new calibration is proposed, at most `maxProposalsShown`; and how many there are. */
  readonly proposals: readonly RecalibrationProposal[];
  readonly proposalsTotal: number;
  readonly total: number;
  readonly rungs: readonly RungView[];
  readonly assets: readonly WatchedAssetView[];
}

/** The alarm budget: what is asked for, what held-out history lets expect, and what came of it. */
export interface BudgetView extends BudgetStatus {
  readonly counted: BudgetedAlarms;
  /** False alarms per asset-week since then: those judged a nuisance, and with those that nobody has judged; null in the first day. */
  readonly realised: readonly [judged: number, atMost: number] | null;
}

/** How many claims each detector makes, and where they stand. */
export interface RungView {
  readonly rung: number;
  readonly detector: string;
  readonly watches: number;
  readonly watching: number;
  readonly idle: number;
  readonly claimed: number;
  readonly outOfModel: number;
  readonly waiting: number;
  /** Of those that wait: how many for a calibration, for a role. */
  readonly uncalibrated: number;
  /** Days of history at least that such a calibration is learned from; 0 where none waits for one. */
  readonly historyDays: number;
  readonly unmapped: number;
}

export type WatchView = Wire<Watch> & { readonly meaning: Text | null };

/** `GET /api/detection/asset`. */
export interface WatchedView {
  readonly asset: string;
  readonly historySince: number | null;
  readonly watches: readonly WatchView[];
  readonly distrusted: readonly Distrusted[];
  readonly outOfModel: Wire<OutOfModel> | null;
}

/** `GET /api/detection/course`; null where nothing can be drawn. */
export interface ClaimCourseView {
  readonly course: CourseView | null;
}

/** Columns, oldest first; `null` where nobody can say. */
export interface CourseView {
  readonly quantity: string;
  readonly unit: string;
  readonly times: readonly number[];
  readonly observed: readonly (number | null)[];
  readonly expected: readonly (number | null)[];
  readonly low: readonly (number | null)[];
  readonly high: readonly (number | null)[];
}

/** `GET /api/models`. */
export interface ModelsView {
  readonly versions: readonly Wire<ShelfVersion>[];
}
