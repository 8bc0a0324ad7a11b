/** Share of the signals outside what training showed from which a row counts as unlike it, and below which it does not. */
const UNLIKE = 0.5;
const ALIKE = 0.2;
/** How far beyond the widest of training a level must be. */
export const ENVELOPE_MARGIN = 1.15;
/** Fewer signals than this cannot tell a drift of the whole from the fault of one. */
const LEAST_SIGNALS = 4;
/** Within out of model a row is worth an alarm when it stands out this many mean deviations from what is usual there. */
const SUDDEN = 6;
const USUAL = 0.25;
const SHOWN = 0.3;
const LEAST_DEVIATION = 0.05;
/** What is usual moves at most a mean deviation in as many rows as training had, times this. */
const FOLLOW = 0.5;

/**
 * Tells when rows after training are not comparable with training: most of the signals outside its envelope, from the
 * start (training did not cover what is normal) or by creeping there. A change that comes at once later on is a fault
 * or a new mode, and is alarmed. Out of model, scores shrink to what stays comparable: how much a row stands out from what
 * the first rows there showed as usual. That is followed so slowly that no fault is learnt away. All figures are design choices.
 */
export class Envelope {
  outOfModel = false;
  /** Rows out of model. */
  rows = 0;
  private readonly openingRows: number;
  private readonly creepRows: number;
  private readonly followRows: number;
  private readonly signals: number;
  private seen = 0;
  private opening = 0;
  private share = 0;
  private lastAlike = 0;
  private unlike = false;
  /** Out of model since training ended. */
  private fromStart = false;
  private usual = 0;
  private deviation = LEAST_DEVIATION;

  constructor(trainedRows: number, signals: number) {
    this.signals = signals;
    this.openingRows = Math.round(Math.max(30, Math.min(2000, trainedRows / 20)));
    this.creepRows = Math.max(500, trainedRows / 2);
    this.followRows = FOLLOW * trainedRows;
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
    if (!this.outOfModel) return surprise;
    this.rows++;
    if (!this.fromStart) return surprise;
    this.learn(surprise);
    const sudden =
      USUAL + ((1 - USUAL) * (surprise - this.usual)) / (SUDDEN * Math.max(LEAST_DEVIATION, this.deviation));
    return Math.min(surprise, Math.max(surprise / (SHOWN + surprise), sudden));
  }

  private follow(outside: number): void {
    if (this.seen <= this.openingRows) this.opening += outside / this.openingRows;
    this.share += (10 / this.creepRows) * (outside - this.share);
    if (this.signals < LEAST_SIGNALS) return;
    if (this.seen === this.openingRows && this.opening >= UNLIKE) {
      this.share = Math.max(this.share, this.opening);
      this.outOfModel = true;
      this.fromStart = true;
    }
    if (this.share >= UNLIKE && !this.unlike) {
      this.unlike = true;
      if (this.seen - this.lastAlike > this.creepRows / 4) this.outOfModel = true;
    }
    if (this.share >= ALIKE || this.seen < this.openingRows) return;
    this.lastAlike = this.seen;
    this.unlike = false;
    this.outOfModel = false;
    this.fromStart = false;
  }

  /** The first rows out of model are averaged; later ones hardly move what is usual. */
  private learn(surprise: number): void {
    const known = this.seen - this.openingRows + 1;
    const step = surprise - this.usual;
    const settling = known <= this.openingRows;
    const reach = settling ? Number.POSITIVE_INFINITY : Math.max(LEAST_DEVIATION, this.deviation);
    const weight = 1 / (settling ? known : this.followRows);
    this.usual += weight * Math.max(-reach, Math.min(reach, step));
    this.deviation += weight * (Math.min(Math.abs(step), 2 * reach) - this.deviation);
  }
}
