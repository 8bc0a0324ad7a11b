/** A sum is capped at this multiple of its limit, so that it comes down in bounded time. */
const SUM_CAP = 1.5;
/** A standing finding ends below this share of the limit. */
const CLEAR_SHARE = 0.5;

/** State of one chart: plain data. Sums in standard deviations. */
export interface ChartState {
  up: number;
  down: number;
  active: boolean;
}

/** Allowance k and limit h of a CUSUM, in standard deviations. */
export interface ChartLimits {
  readonly allowance: number;
  readonly limit: number;
}

const nextSum = (before: number, step: number, { allowance, limit }: ChartLimits): number =>
  Math.min(SUM_CAP * limit, Math.max(0, before + step - allowance));

/**
 * Two one-sided CUSUMs (Page 1954) of a standardised residual, in place.
 * @returns the larger sum over the limit, of the directions that are watched; 1 is the limit
 */
export function stepChart(
  state: ChartState,
  residual: number,
  limits: ChartLimits,
  direction: 'both' | 'up' | 'down',
): number {
  state.up = nextSum(state.up, residual, limits);
  state.down = nextSum(state.down, -residual, limits);
  const ratio = Math.max(direction === 'down' ? 0 : state.up, direction === 'up' ? 0 : state.down) / limits.limit;
  state.active = state.active ? ratio >= CLEAR_SHARE : ratio >= 1;
  return ratio;
}
