import type { ShelfChange, ShelfVersion } from '../core/model-shelf.ts';
import type { Text } from '../core/text.ts';
import type { LearningStatus, RecalibrationProposal, WatchReport } from '../core/watch.ts';

/** The course of what a claim rests on, oldest first; columns of equal length, NaN where nobody can say. */
export interface ConsoleCourse {
  /** Tag name, or a derived quantity such as `net-inflow`. */
  readonly quantity: string;
  readonly unit: string;
  /** ms since epoch. */
  readonly times: Float64Array;
  readonly observed: Float64Array;
  readonly expected: Float64Array;
  /** Within these it is ordinary. */
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** What the console knows of detection. */
export interface ConsoleDetection {
  /** At most a second old. */
  report(): WatchReport;
  /** What a claim means, in words of the pack; undefined where it has none. */
  meaning(asset: string, kind: string): Text | undefined;
  /** ms since epoch of the oldest sample kept; undefined while there is none. */
  historySince(): Promise<number | undefined>;
  /** Undefined where it cannot be drawn. */
  course(asset: string, kind: string, fromMs: number, toMs: number): Promise<ConsoleCourse | undefined>;
  /** How far the gateway has come in learning by itself what is normal. */
  learning(): LearningStatus;
  /** Assets for which a new calibration is proposed. */
  proposals(): readonly RecalibrationProposal[];
  /** Ends a proposal in the name of a person, once it is journaled; false where there is none. */
  settleProposal(asset: string, by: string): Promise<boolean>;
  models(): Promise<readonly ShelfVersion[]>;
  /** Done when it is journaled; rejects with the coded reason (`LL-MODEL-…`) when it may not be done. */
  changeModel(change: ShelfChange, by: string): Promise<void>;
}
