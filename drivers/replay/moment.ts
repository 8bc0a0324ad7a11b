/** Raw values of one device that came together, as parallel columns. */
export interface Moment {
  /** When they came, ms since epoch by the clock of those days. */
  readonly at: number;
  /** Index into the device's points, one per sample. */
  readonly points: Int32Array;
  /** NaN where there is none. */
  readonly values: Float64Array;
  readonly quality: Uint8Array;
  /** Source times, ms since epoch. */
  readonly times: Float64Array;
  /** Texts by index into the device's points, for the samples that hold one. */
  readonly texts?: ReadonlyMap<number, string>;
}

/** What is wrong with a place of a file; the reader goes on. */
export type ReportProblem = (line: number, what: string) => void;

/** Moments in the order of a file. */
export interface MomentSource {
  /** File that is read, for messages. */
  readonly file: string;
  /** When the playing begins, ms since epoch of those days; the first moment when left out. */
  readonly start?: number;
  /**
   * Reads from the beginning; `undefined` now and then where a long stretch holds nothing, so that others get their turn.
   * Throws a coded error where reading cannot go on.
   */
  read(report: ReportProblem): Generator<Moment | undefined, void>;
}
