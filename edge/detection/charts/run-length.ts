/** Cells of the discretised chart: the run length is exact to a part in a thousand. */
const CELLS = 121;
const BISECTIONS = 40;

/** Chebyshev fit of the complementary error function, highest power first (Press et al., Numerical Recipes, 6.2): relative error below 1.2e-7. */
const ERFC_FIT = [
  0.17087277, -0.82215223, 1.48851587, -1.13520398, 0.27886807, -0.18628806, 0.09678418, 0.37409196, 1.00002368,
  -1.26551223,
];

/** Standard normal distribution function; exact in the lower tail too. */
function normalDistribution(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const tail = (t / 2) * Math.exp(-x * x + ERFC_FIT.reduce((sum, factor) => sum * t + factor, 0));
  return z < 0 ? tail : 1 - tail;
}

/**
 * Mean samples between false alarms of one one-sided CUSUM on independent standard normal values: absorbing Markov chain
 * (Brook & Evans 1972), started from zero.
 * @param allowance k, in standard deviations
 * @param limit h, in standard deviations
 */
export function cusumRunLength(allowance: number, limit: number): number {
  const width = (2 * limit) / (2 * CELLS - 1);
  return runLength((from, to) => {
    const centre = from * width;
    const upper = normalDistribution((to + 0.5) * width - centre + allowance);
    return to === 0 ? upper : upper - normalDistribution((to - 0.5) * width - centre + allowance);
  }, 0);
}

/**
 * Mean samples between false alarms of a two-sided EWMA chart on independent standard normal values (Lucas & Saccucci
 * 1990), started from zero.
 * @param weight λ of the newest value
 * @param limit L, in standard deviations of the chart's own steady state
 */
export function ewmaRunLength(weight: number, limit: number): number {
  const edge = limit * Math.sqrt(weight / (2 - weight));
  const width = (2 * edge) / CELLS;
  const centreOf = (cell: number) => -edge + (cell + 0.5) * width;
  return runLength(
    (from, to) => {
      const rest = (1 - weight) * centreOf(from);
      const reach = (value: number) => normalDistribution((value - rest) / weight);
      return reach(centreOf(to) + width / 2) - reach(centreOf(to) - width / 2);
    },
    (CELLS - 1) / 2,
  );
}

/** The CUSUM limit h that lets a false alarm happen every `samples` samples on average. */
export const cusumLimit = (allowance: number, samples: number): number =>
  limitFor(samples, (limit) => cusumRunLength(allowance, limit));

/** The EWMA limit L that lets a false alarm happen every `samples` samples on average. */
export const ewmaLimit = (weight: number, samples: number): number =>
  limitFor(samples, (limit) => ewmaRunLength(weight, limit));

function limitFor(samples: number, runLengthAt: (limit: number) => number): number {
  let low = 0.1;
  let high = 1;
  while (runLengthAt(high) < samples && high < 60) high *= 1.5;
  for (let step = 0; step < BISECTIONS && high - low > 1e-4 * high; step++) {
    const middle = (low + high) / 2;
    if (runLengthAt(middle) < samples) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** Mean steps until the chain leaves its cells: (I − Q)·steps = 1, by elimination. */
function runLength(chance: (from: number, to: number) => number, start: number): number {
  const rows = Array.from({ length: CELLS }, (_, from) =>
    Float64Array.from({ length: CELLS + 1 }, (_, to) =>
      to === CELLS ? 1 : (from === to ? 1 : 0) - Math.max(0, chance(from, to)),
    ),
  );
  for (const [pivot, row] of rows.entries()) {
    const head = row[pivot] as number;
    for (const [index, other] of rows.entries()) {
      const factor = index === pivot ? 0 : (other[pivot] as number) / head;
      if (factor === 0) continue;
      for (let at = pivot; at <= CELLS; at++) other[at] = (other[at] as number) - factor * (row[at] as number);
    }
  }
  const row = rows[start] as Float64Array;
  return (row[CELLS] as number) / (row[start] as number);
}
