/** Phases lie within this, so that a long period does not mean a long wait for the first value. */
const maxPhaseMs = 1000;
/** Neighbouring multiples of the golden ratio, taken modulo 1, lie as far apart as they can, however many there are. */
const goldenRatio = 0.618034;

/** When the polls of a group are due: at phaseMs + k × periodMs of the monotonic clock, for every whole k. */
export interface PollGrid {
  readonly periodMs: number;
  readonly phaseMs: number;
}

/**
 * The grid of a group by the places of its device and of itself: the devices of a gateway do not fire together, nor do
 * the groups of one, and both keep their times over reconnects and restarts.
 */
export function gridOf(periodMs: number, devicePlace: number, groupPlace: number): PollGrid {
  const share = ((devicePlace + 1) * goldenRatio + groupPlace * Math.SQRT2) % 1;
  return { periodMs, phaseMs: share * Math.min(periodMs, maxPhaseMs) };
}

/** The first due time from now on. */
export function nextDueMs({ periodMs, phaseMs }: PollGrid, nowMs: number): number {
  return phaseMs + Math.ceil((nowMs - phaseMs) / periodMs) * periodMs;
}

/** When to read once beside the grid, so that a device that has just connected need not wait for a long period; or not at all. */
export function earlyReadMs(grid: PollGrid, nowMs: number): number | undefined {
  return nextDueMs(grid, nowMs) - nowMs > maxPhaseMs ? nowMs + grid.phaseMs : undefined;
}
