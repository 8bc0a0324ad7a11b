import { calendarAt } from '../../edge/detection/learned/site-manifest.ts';
import { Split, type Use } from './split.ts';
import type { StepGrid } from './step-grid.ts';

/** The rows of one asset as a model is given them: the newest value of each role, earlier ones, hour, free day. */
export class AssetRows {
  readonly roles: number;
  readonly grid: StepGrid;
  readonly utcOffsetMinutes: number;
  private readonly columns: readonly Float32Array[];
  private readonly split: Split;

  /** @param places column of each role in the grid */
  constructor(grid: StepGrid, places: readonly number[], utcOffsetMinutes: number) {
    this.grid = grid;
    this.roles = places.length;
    this.utcOffsetMinutes = utcOffsetMinutes;
    this.columns = places.map((place) => grid.columns[place] as Float32Array);
    this.split = new Split(grid.steps, grid.stepS);
  }

  /** Times, ms since epoch, and values of a role in the steps of one use that have one. */
  signal(role: number, use: Use): { readonly times: Float64Array; readonly values: Float64Array } {
    const column = this.columns[role] as Float32Array;
    const steps: number[] = [];
    for (let step = 0; step < column.length; step++)
      if (this.split.useOf(step) === use && !Number.isNaN(column[step])) steps.push(step);
    return {
      times: Float64Array.from(steps, (step) => this.grid.timeMs(step)),
      values: Float64Array.from(steps, (step) => column[step] as number),
    };
  }

  /** Every whole row of one use in order of time; the array is used again by the next. */
  *rows(use: Use, lags: number): Generator<Float32Array> {
    const width = this.roles * (lags + 1);
    const row = new Float32Array(width + 2);
    for (let step = lags; step < this.grid.steps; step++) {
      if (this.split.useOf(step) !== use || !this.split.whole(step, lags)) continue;
      let complete = true;
      for (let at = 0; at < width && complete; at++) {
        row[at] = (this.columns[at % this.roles] as Float32Array)[step - Math.floor(at / this.roles)] as number;
        complete = !Number.isNaN(row[at]);
      }
      if (!complete) continue;
      row.set(calendarAt(this.grid.timeMs(step), this.utcOffsetMinutes), width);
      yield row;
    }
  }
}
