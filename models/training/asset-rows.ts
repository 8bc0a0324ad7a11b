import { calendarAt } from '../../edge/detection/learned/site-manifest.ts';
import type { FoundModes } from './modes.ts';
import { Split, type Use } from './split.ts';
import type { StepGrid } from './step-grid.ts';

/**
 * The rows of one asset as a model is given them: the newest value of each role, earlier ones, hour, free day, and the
 * states that tell modes, where there are modes.
 */
export class AssetRows {
  readonly roles: number;
  readonly grid: StepGrid;
  readonly utcOffsetMinutes: number;
  readonly modes: FoundModes | undefined;
  private readonly columns: readonly Float32Array[];
  private readonly split: Split;

  /** @param places column of each role in the grid */
  constructor(grid: StepGrid, places: readonly number[], utcOffsetMinutes: number, modes?: FoundModes) {
    this.grid = grid;
    this.roles = places.length;
    this.utcOffsetMinutes = utcOffsetMinutes;
    this.modes = modes;
    this.columns = places.map((place) => grid.columns[place] as Float32Array);
    this.split = new Split(grid.steps, grid.stepS);
  }

  /** Times, ms since epoch, and values of a role in the steps of one use (and one mode) that have one. */
  signal(role: number, use: Use, mode?: number): { readonly times: Float64Array; readonly values: Float64Array } {
    const column = this.columns[role] as Float32Array;
    const steps: number[] = [];
    for (let step = 0; step < column.length; step++)
      if (this.split.useOf(step) === use && !Number.isNaN(column[step]) && this.isOf(mode, step)) steps.push(step);
    return {
      times: Float64Array.from(steps, (step) => this.grid.timeMs(step)),
      values: Float64Array.from(steps, (step) => column[step] as number),
    };
  }

  /** Every whole row of one use (and one mode, or of any that is known) in order of time; the array is used again by the next. */
  *rows(use: Use, lags: number, mode?: number): Generator<Float32Array> {
    const width = this.roles * (lags + 1);
    const states = this.modes?.states ?? [];
    const row = new Float32Array(width + 2 + states.length);
    for (let step = lags; step < this.grid.steps; step++) {
      if (this.split.useOf(step) !== use || !this.split.whole(step, lags) || !this.isOf(mode, step)) continue;
      let complete = true;
      for (let at = 0; at < width && complete; at++) {
        row[at] = (this.columns[at % this.roles] as Float32Array)[step - Math.floor(at / this.roles)] as number;
        complete = !Number.isNaN(row[at]);
      }
      if (!complete) continue;
      row.set(calendarAt(this.grid.timeMs(step), this.utcOffsetMinutes), width);
      for (const [at, place] of states.entries()) row[width + 2 + at] = this.grid.columns[place]?.[step] ?? Number.NaN;
      yield row;
    }
  }

  private isOf(mode: number | undefined, step: number): boolean {
    if (!this.modes) return true;
    const found = this.modes.ofStep[step] as number;
    return mode === undefined ? found >= 0 : found === mode;
  }
}
