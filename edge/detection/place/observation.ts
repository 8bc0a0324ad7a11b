import type { Observation } from './likelihood.ts';
import type { PlaceMatrix } from './matrix.ts';

/** Demand drifts by about this share within the two minutes between before and after, of a metered flow. */
const flowDrift = 0.02;

/** What the sensors of a matrix showed, in its order, in kPa and L/s; NaN where nothing is known. */
export interface Shown {
  readonly before: Float64Array;
  readonly after: Float64Array;
  /** Standard deviation of one reading; NaN where it is not known: drift alone counts. */
  readonly noise: Float64Array;
}

/** Joins what was shown into what the likelihood asks for. */
export function observationOf(
  { sensors, candidates, driftKpa }: PlaceMatrix,
  { before, after, noise }: Shown,
): Observation {
  const loadOf = loadsOf(sensors, before);
  return {
    changes: after.map((value, sensor) => value - (before[sensor] as number)),
    deviations: Float64Array.from(sensors, ({ quantity, usual }, sensor) => {
      const reading = Math.SQRT2 * (noise[sensor] || 0);
      const flow = Math.max(Math.abs(before[sensor] || 0), Math.abs(usual));
      return Math.hypot(reading, quantity === 'pressure' ? driftKpa : flowDrift * flow);
    }),
    loads: Float64Array.from(candidates, ({ asset }) => loadOf(asset)),
  };
}

/**
 * Demand as a multiple of its mean: the net inflow of an asset over its usual one, that of all metered ones where an
 * asset's is not known, and 1 where none is.
 */
function loadsOf(sensors: PlaceMatrix['sensors'], before: Float64Array): (asset: string | null) => number {
  const net = new Map<string, { now: number; usual: number }>();
  for (const [sensor, { asset, into, usual }] of sensors.entries()) {
    if (into === 0) continue;
    const sum = net.get(asset) ?? { now: 0, usual: 0 };
    net.set(asset, { now: sum.now + into * (before[sensor] as number), usual: sum.usual + into * usual });
  }
  const known = [...net.values()].filter(({ now, usual }) => Number.isFinite(now) && usual > 0);
  const total = known.reduce((sum, { now, usual }) => ({ now: sum.now + now, usual: sum.usual + usual }), {
    ...{ now: 0, usual: 0 },
  });
  const ratio = ({ now, usual }: { readonly now: number; readonly usual: number }) => now / usual;
  return (asset) => {
    const own = asset === null ? undefined : net.get(asset);
    if (own && known.includes(own)) return ratio(own);
    return total.usual > 0 ? ratio(total) : 1;
  };
}
