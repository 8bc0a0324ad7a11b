/** What a step's rows are for. */
export type Use = 'fit' | 'limit' | 'verify';

/** The newest share of the time: never used but to see what the limits are worth. */
const VERIFY_SHARE = 0.2;
/** Blocks of the rest go by turns: three to fit, one to set limits. */
const TURN = 4;
const LEAST_BLOCKS = 16;
const DAY_S = 86_400;

/**
 * Divides history so that no row that sets or judges a limit has shaped the model: whole days by turns (hours where there
 * are few days), since neighbouring rows say nearly the same, and the newest fifth apart.
 */
export class Split {
  private readonly verifyFrom: number;
  private readonly blockSteps: number;

  constructor(steps: number, stepS: number) {
    this.verifyFrom = Math.floor(steps * (1 - VERIFY_SHARE));
    this.blockSteps = Math.max(1, Math.min(Math.floor(DAY_S / stepS), Math.floor(this.verifyFrom / LEAST_BLOCKS)));
  }

  useOf(step: number): Use {
    if (step >= this.verifyFrom) return 'verify';
    return Math.floor(step / this.blockSteps) % TURN === TURN - 1 ? 'limit' : 'fit';
  }

  /** Whether a row that reaches back so many steps lies in one part. */
  whole(step: number, lags: number): boolean {
    if (step < lags) return false;
    const block = (at: number) => (at >= this.verifyFrom ? -1 : Math.floor(at / this.blockSteps));
    return block(step) === block(step - lags);
  }
}
