/** Share of the signals outside what training showed from which a row counts as unlike it, and below which it does not. */
const UNLIKE = 0.3;
const ALIKE = 0.1;
/** How far beyond the widest of training a level must be. */
export const ENVELOPE_MARGIN = 1.15;
/** Fewer signals than this cannot tell a drift of the whole from the fault of one. */
const LEAST_SIGNALS = 4;
/** Within out of model a row is worth an alarm when it stands out this many mean deviations from the rows before it. */
const SUDDEN = 6;
const USUAL = 0.25;
const LEAST_DEVIATION = 0.05;

/**
 * Tells when rows after training are not comparable with training: most of the signals outside its envelope, from the
 * start (training did not cover what is normal) or by creeping there. A change that comes at once later on is a fault
 * or a new mode, and is alarmed. Out of model, scores shrink to what stays comparable: how suddenly things change. What
 * is usual there is followed slowly, and at most by three deviations a row, so that no fault is learnt away quickly.
 * All figures are design choices.
 */
export class Envelope {
  outOfModel = false;
  /** Rows out of model. */
  rows = 0;
  private readonly openingRows: number;
  private readonly creepRows: number;
  private readonly signals: number;
  private seen = 0;
  private opening = 0;
  private share = 0;
  private lastAlike = 0;
  private unlike = false;
  private usual = 0;
  private deviation = LEAST_DEVIATION;

  constructor(trainedRows: number, signals: number) {
    this.signals = signals;
    this.openingRows = Math.round(Math.max(30, Math.min(2000, trainedRows / 20)));
    this.creepRows = Math.max(500, trainedRows / 2);
  }

  /**
   * Takes a row after training.
   * @param outside share of the signals outside the envelope
   * @param surprise in units of the alarm budget
   * @returns the surprise that stays comparable
   */
  take(outside: number, surprise: number): number {
    this.seen++;
    this.follow(outside);
    this.rows += this.outOfModel ? 1 : 0;
    const before = { usual: this.usual, deviation: Math.max(LEAST_DEVIATION, this.deviation) };
    this.learn(surprise);
    if (!this.outOfModel) return surprise;
    const sudden = USUAL + ((1 - USUAL) * (surprise - before.usual)) / (SUDDEN * before.deviation);
    return Math.min(surprise, Math.max(0, sudden));
  }

  private follow(outside: number): void {
    if (this.seen <= this.openingRows) this.opening += outside / this.openingRows;
    this.share += (10 / this.creepRows) * (outside - this.share);
    if (this.seen === this.openingRows && this.opening >= UNLIKE) {
      this.outOfModel = true;
      this.share = Math.max(this.share, this.opening);
    }
    if (this.share >= UNLIKE && !this.unlike) {
      this.unlike = true;
      if (this.signals >= LEAST_SIGNALS && this.seen - this.lastAlike > this.creepRows / 4) this.outOfModel = true;
    }
    if (this.share >= ALIKE || this.seen < this.openingRows) return;
    this.lastAlike = this.seen;
    this.unlike = false;
    this.outOfModel = false;
  }

  private learn(surprise: number): void {
    const weight = 1 / Math.min(this.seen, this.openingRows);
    const reach = 3 * Math.max(LEAST_DEVIATION, this.deviation);
    const step = surprise - this.usual;
    const taken = this.outOfModel ? Math.max(-reach, Math.min(reach, step)) : step;
    this.usual += weight * taken;
    this.deviation += weight * (Math.abs(taken) - this.deviation);
  }
}
