const TOP = 3;
const THRESHOLD = 0.5;

/** What was said of each row, in columns. */
export class RowVerdicts {
  readonly rows: number;
  /** 0..1; 0.5 is the alarm threshold at the default budget. */
  readonly scores: Float64Array;
  /** Which measure was the rarest; beyond the measures: a new state, a missing signal. */
  readonly causes: Uint8Array;
  /** 1 where the row cannot be compared with training. */
  readonly outOfModel: Uint8Array;
  private readonly tops: Int16Array;

  constructor(rows: number) {
    this.rows = rows;
    this.scores = new Float64Array(rows);
    this.causes = new Uint8Array(rows);
    this.outOfModel = new Uint8Array(rows);
    this.tops = new Int16Array(rows * TOP).fill(-1);
  }

  alarmAt(row: number): boolean {
    return (this.scores[row] as number) >= THRESHOLD;
  }

  /** Columns of the table that contribute most, the first most. */
  topAt(row: number): number[] {
    return [...this.tops.subarray(row * TOP, (row + 1) * TOP)].filter((column) => column >= 0);
  }

  /** Keeps the score to six digits, as it is written, so that alarm and written score agree. */
  set(row: number, score: number, cause: number, top: readonly number[]): void {
    this.scores[row] = Math.round(score * 1e6) / 1e6;
    this.causes[row] = cause;
    for (let place = 0; place < TOP; place++) this.tops[row * TOP + place] = top[place] ?? -1;
  }
}
