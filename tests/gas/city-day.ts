import { createHash } from 'node:crypto';
import type { PackLimit } from '../../edge/core/pack.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { uncoupled } from '../../simulator/city/couplings.ts';
import { localTime } from '../../simulator/city/local-time.ts';
import type { Plant, PlantContext, PlcPoint } from '../../simulator/city/plant.ts';
import { harbinWeather } from '../../simulator/city/weather.ts';

/** A plant with the city's weather and clock around it. */
export interface PlantRun {
  readonly plant: Plant;
  timeMs: number;
  /** Goes on by `seconds` in steps of `dtS`; `after` sees every step. */
  go(seconds: number, dtS: number, after?: () => void): void;
  /** True value of an asset's role. */
  role(asset: string, role: string): number;
  /** The point of an asset's role, for who reads it at every step. */
  filled(asset: string, role: string): PlcPoint;
  /** True value of a point by `plc/point`. */
  point(name: string): number;
}

/** Makes a plant and warms it up over the day before `start` as the city does, in steps of 300 s. */
export async function runPlant(
  createPlant: (context: PlantContext) => Promise<Plant>,
  start: string,
  seed = 1,
  warmUpStepS = 300,
): Promise<PlantRun> {
  const plant = await createPlant({ random: seededRandom(seed, 'plant'), couplings: uncoupled });
  const weather = harbinWeather(seed);
  const points = new Map<string, PlcPoint>();
  for (const plc of plant.plcs) {
    for (const point of plc.points) {
      points.set(`${plc.id}/${point.name}`, point);
      if (point.asset) points.set(`${point.asset}:${point.role}`, point);
    }
  }
  const find = (name: string) => {
    const point = points.get(name);
    if (!point) throw new RangeError(`no point ${name}`);
    return point;
  };
  const run: PlantRun = {
    plant,
    timeMs: Date.parse(start) - 86_400_000,
    go(seconds, dtS, after) {
      for (let done = 0; done < seconds; done += dtS) {
        run.timeMs += dtS * 1000;
        plant.step({ timeMs: run.timeMs, dtS, ...localTime(run.timeMs), weather: weather(run.timeMs) });
        after?.();
      }
    },
    role: (asset, role) => find(`${asset}:${role}`).read(),
    filled: (asset, role) => find(`${asset}:${role}`),
    point: (name) => find(name).read(),
  };
  run.go(86_400, warmUpStepS);
  return run;
}

/** All true values, in the order of the PLCs. */
const valuesOf = (plant: Plant): number[] => plant.plcs.flatMap((plc) => plc.points.map((point) => point.read()));

/** A digest over everything a run shows, step by step. */
export function digestOf(run: PlantRun, seconds: number, dtS: number): string {
  const hash = createHash('sha256');
  run.go(seconds, dtS, () => hash.update(Float64Array.from(valuesOf(run.plant))));
  return hash.digest('hex');
}

/** Whether a value is beyond a limit by the limit's own comparison, with three sigma of noise to spare. */
export function beyond(limit: PackLimit, value: number, noise: number): boolean {
  if (limit.above !== undefined) return value + 3 * noise > limit.above;
  if (limit.below !== undefined) return value - 3 * noise < limit.below;
  return value === limit.equals;
}

/** Limits of an asset kind that the run broke for at least their on-delay, checked every `dtS`. */
export function brokenLimits(
  run: PlantRun,
  packLimits: ReadonlyMap<string, readonly PackLimit[]>,
  seconds: number,
  dtS: number,
): string[] {
  const filled = new Set(run.plant.plcs.flatMap(({ points }) => points.map(({ asset, role }) => `${asset}:${role}`)));
  // As in the gateway, a limit on a role that nothing fills is not watched.
  const watched = run.plant.assets.flatMap((asset) =>
    (packLimits.get(asset.type) ?? [])
      .filter(({ role }) => filled.has(`${asset.id}:${role}`))
      .map((limit) => {
        const condition = limit.when && { point: run.filled(asset.id, limit.when.role), equals: limit.when.equals };
        return {
          asset: asset.id,
          limit,
          point: run.filled(asset.id, limit.role),
          condition,
          lastedS: 0,
          crossedMs: [] as number[],
        };
      }),
  );
  const broken = new Set<string>();
  run.go(seconds, dtS, () => {
    for (const watch of watched) {
      const { asset, limit, point, condition } = watch;
      const holds = condition === undefined || condition.point.read() === condition.equals;
      const value = point.read();
      const bad = holds && beyond(limit, value, point.noise);
      // A single sample may stand for any time up to the step.
      const countedBefore = watch.lastedS > 0 && watch.lastedS >= limit.onDelayS;
      watch.lastedS = bad ? watch.lastedS + dtS : 0;
      if (!bad || watch.lastedS < limit.onDelayS) continue;
      if (!countedBefore) watch.crossedMs.push(run.timeMs);
      const { n, withinS } = limit.count ?? { n: 1, withinS: Number.POSITIVE_INFINITY };
      if (watch.crossedMs.filter((ms) => ms > run.timeMs - withinS * 1000).length >= n)
        broken.add(`${asset}/${limit.kind} at ${new Date(run.timeMs).toISOString()}: ${value}`);
    }
  });
  return [...broken];
}

/** Limits of a pack by asset type. */
export function limitsByType(pack: {
  readonly pack: string;
  readonly assets: Readonly<Record<string, { readonly limits: readonly PackLimit[] }>>;
}) {
  return new Map(Object.entries(pack.assets).map(([kind, asset]) => [`${pack.pack}.${kind}`, asset.limits]));
}
