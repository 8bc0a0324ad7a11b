/**
 * The default alarm budget: expected share of normal rows above the threshold. Design choice, in the order of what the
 * published operating points of plant monitoring tolerate.
 */
export const defaultBudget = 0.001;

/** How often a row must repeat itself: the second largest of the last three. */
const WINDOW = 3;

/**
 * How surprising, from 0 up, in units of the alarm budget: log(chance) / log(budget). 1 is the threshold, 2 what normal
 * rows reach by the square of the budget.
 */
export const surpriseOf = (chance: number, budget: number): number => Math.log(chance) / Math.log(budget);

/** One scale for everything: 0..1, 0.5 at the budget. The chance of a score s is budget^(s / (1 − s)). */
export const scoreOf = (surprise: number): number => Math.max(0, surprise) / (1 + Math.max(0, surprise));

/** Two of three persistence: what a surprise is worth when one row alone counts for nothing. */
export class Persistence {
  private readonly last = new Float64Array(WINDOW);
  private next = 0;

  /** Takes the newest surprise, gives the second largest of the last three. */
  take(surprise: number): number {
    this.last[this.next] = surprise;
    this.next = (this.next + 1) % WINDOW;
    const [a = 0, b = 0, c = 0] = this.last;
    return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
  }
}
