import type { StepGrid } from '../../../models/training/step-grid.ts';
import type { PastWish } from './wish.ts';

/** What every source is asked with. */
export interface SourceRequest {
  /** Tags `device/point`: the columns of the grid. */
  readonly names: readonly string[];
  readonly timezone: string;
  readonly wish: PastWish;
  /** The share 0..1 that is read. */
  readonly onProgress: (share: number) => void;
  /** Hears good values as often as they were polled, by column of the grid, where the source has them so. */
  readonly onPolled?: (column: number, times: Float64Array, values: Float64Array) => void;
  /** How often a column is polled, ms. */
  readonly periodMsOf: (column: number) => number;
}

/** What a source gives beside the values. */
export interface Read {
  readonly grid: StepGrid;
  readonly source: string;
  readonly notes: readonly string[];
}
