import { createHash } from 'node:crypto';

/** Cells of all columns together, 4 bytes each: 256 MB. */
export const MOST_CELLS = 2 ** 26;
/** A value that has not been replaced for this long is not known any more, s. */
const HELD_S = 900;

/** A stretch of time, ms since epoch, half open. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * History on even steps: of each column the newest value in each step, as the gateway that looks at whole multiples of the
 * step sees it. Values are kept as the float32 that a model is given; NaN where nothing is known.
 */
export class StepGrid {
  /** Start of the first step, a multiple of the step, ms since epoch. */
  readonly startMs: number;
  readonly stepS: number;
  readonly steps: number;
  readonly names: readonly string[];
  readonly columns: readonly Float32Array[];

  /** The newest part of the span that `MOST_CELLS` leave room for. */
  constructor(names: readonly string[], span: Span, stepS: number) {
    const stepMs = stepS * 1000;
    const last = Math.floor(span.toMs / stepMs);
    const room = Math.floor(MOST_CELLS / Math.max(1, names.length));
    this.steps = Math.max(0, Math.min(last - Math.floor(span.fromMs / stepMs) + 1, room));
    this.startMs = (last - this.steps + 1) * stepMs;
    this.stepS = stepS;
    this.names = names;
    this.columns = names.map(() => new Float32Array(this.steps).fill(Number.NaN));
  }

  /** Takes a good value; one outside the span is passed over. Of several in a step the last one taken stays. */
  take(column: number, timeMs: number, value: number): void {
    const step = Math.floor((timeMs - this.startMs) / (this.stepS * 1000));
    if (step >= 0 && step < this.steps && Number.isFinite(value)) (this.columns[column] as Float32Array)[step] = value;
  }

  /** Values that are sent only when they change hold until the next, not longer than a quarter of an hour. */
  hold(): void {
    const most = Math.max(1, Math.floor(HELD_S / this.stepS));
    for (const column of this.columns) {
      let age = 0;
      for (let step = 1; step < column.length; step++) {
        age = Number.isNaN(column[step]) ? age + 1 : 0;
        if (age > 0 && age <= most) column[step] = column[step - 1] as number;
      }
    }
  }

  /**
   * Forgets stretches of time that are no normal operation, and every step that any of them touches.
   * @param columns those that forget; all when left out
   * @returns how many steps they cover
   */
  exclude(spans: readonly Span[], columns: readonly Float32Array[] = this.columns): number {
    let excluded = 0;
    for (let step = 0; step < this.steps; step++) {
      const endMs = this.timeMs(step);
      const beginMs = endMs - this.stepS * 1000;
      if (!spans.some(({ fromMs, toMs }) => beginMs < toMs && endMs > fromMs)) continue;
      excluded++;
      for (const column of columns) column[step] = Number.NaN;
    }
    return excluded;
  }

  /** The moment that a step's values are those of: its end, ms since epoch. */
  timeMs(step: number): number {
    return this.startMs + (step + 1) * this.stepS * 1000;
  }

  /** SHA-256 over names, times and values of these columns. */
  hash(columns: readonly number[]): string {
    const hash = createHash('sha256').update(`${this.startMs}/${this.stepS}/${this.steps}`);
    for (const column of columns) hash.update(`/${this.names[column]}/`).update(this.columns[column] as Float32Array);
    return hash.digest('hex');
  }
}
