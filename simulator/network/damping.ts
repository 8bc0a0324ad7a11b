/** Until this round steps are taken whole, however they go. */
const patientRounds = 10;
/** A step that is not shorter than the one before by this share of what was taken of it is swinging. */
const shrinking = 0.4;
/** Each swing cuts the share by this, down to the least; so many calm steps in a row give one cut back. */
const cut = 0.7;
const least = 0.1;
const calmRounds = 4;

/**
 * How much is taken of Newton's steps. Where a law has a bend — the end of a pump's curve, the edge of laminar flow — whole
 * steps may leap to and fro over it for ever; shorter ones do not. All figures are design choices.
 */
export class Damping {
  /** Share of the next step. */
  share = 1;
  private before = Number.POSITIVE_INFINITY;
  private round = 0;
  private calm = 0;

  /** Takes note of the length of a whole step. */
  note(length: number): void {
    this.round++;
    const swinging = length > this.before * (1 - shrinking * this.share);
    this.before = length;
    if (this.round < patientRounds) return;
    this.calm = swinging ? 0 : this.calm + 1;
    if (swinging) this.share = Math.max(least, this.share * cut);
    else if (this.calm % calmRounds === 0) this.share = Math.min(1, this.share / cut);
  }
}
