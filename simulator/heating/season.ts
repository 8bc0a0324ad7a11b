/** Course of the heating season in one controller. */
export type Phase = 'off' | 'starting' | 'on' | 'stopping';

/** Value of the `season` role: only in service (1) do limits on room and pump hold. */
export const seasonState = { off: 0, on: 1, starting: 2, stopping: 2 } as const satisfies Record<Phase, number>;

/**
 * Takes a controller through the season: heating up counts as done when `reached` says so, or after `longestStartS`;
 * after the season's end circulation goes on for `coastS`, so that the network cools gently.
 */
export class SeasonCourse {
  phase: Phase = 'off';
  /** Seconds in the present phase. */
  lastedS = 0;
  private readonly longestStartS: number;
  private readonly coastS: number;

  constructor(longestStartS: number, coastS: number) {
    this.longestStartS = longestStartS;
    this.coastS = coastS;
  }

  /** Puts the course in the middle of a season or out of it. */
  settle(season: boolean): void {
    this.enter(season ? 'on' : 'off');
  }

  step(dtS: number, season: boolean, reached: boolean): void {
    this.lastedS += dtS;
    const next = this.nextPhase(season, reached);
    if (next !== this.phase) this.enter(next);
  }

  private nextPhase(season: boolean, reached: boolean): Phase {
    const { phase, lastedS } = this;
    if (season) {
      if (phase === 'off' || phase === 'stopping') return 'starting';
      return phase === 'starting' && (reached || lastedS >= this.longestStartS) ? 'on' : phase;
    }
    if (phase === 'on' || phase === 'starting') return 'stopping';
    return phase === 'stopping' && lastedS >= this.coastS ? 'off' : phase;
  }

  private enter(phase: Phase): void {
    this.phase = phase;
    this.lastedS = 0;
  }
}

/** First-order lag, exact for any step. */
export function lagged(value: number, goal: number, dtS: number, timeConstantS: number): number {
  return goal + (value - goal) * Math.exp(-dtS / timeConstantS);
}

/** Moves towards a goal at a bounded rate per second. */
export function ramped(value: number, goal: number, dtS: number, ratePerS: number): number {
  const reach = ratePerS * dtS;
  return value + Math.max(-reach, Math.min(reach, goal - value));
}
