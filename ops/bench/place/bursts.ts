import { seededRandom } from '../../../edge/core/random.ts';
import { median } from '../../../edge/detection/order-statistics.ts';
import { gaugeFactor } from '../../../edge/detection/place/gauge-log.ts';
import type { PlaceMatrix } from '../../../edge/detection/place/matrix.ts';
import type { Shown } from '../../../edge/detection/place/observation.ts';
import { type CityOptions, createCity } from '../../../simulator/city/city.ts';
import type { Truth } from '../../../simulator/city/plant.ts';
import { createScans } from '../../../simulator/plc/scan.ts';

const coarseS = 60;
/** What is taken as before: a minute that ends a minute earlier. */
const quietS = 120;
const beforeScans = 60;

/** What breaks, and what is taken as after. */
export interface Breaks {
  readonly kind: string;
  readonly targets: readonly string[];
  readonly magnitude: readonly [low: number, high: number];
  /** Between two of them: the repair, and so many minutes that a day's hours all get their share. */
  readonly restS: number;
  /** After so many seconds so many scans are taken, as detection takes them. */
  readonly waitS: number;
  readonly afterScans: number;
  /** So much later it is looked at again; not at all when left out. */
  readonly laterS?: number;
}

/** What gauges showed around one burst, and the truth about it. */
export interface ShownBurst {
  readonly truth: Truth;
  readonly shown: Shown;
  /** What they show later; the same where nothing is looked at again. */
  readonly later: Shown;
}

/**
 * Mains that break where chance picks, one after another round the clock, in a city with demand, instruments and pump
 * control as they are; seen second by second.
 */
export async function shownBursts(
  options: CityOptions,
  matrix: PlaceMatrix,
  { kind, targets, magnitude: [low, high], restS, waitS, afterScans, laterS = 0 }: Breaks,
  count: number,
): Promise<readonly ShownBurst[]> {
  const city = await createCity(options);
  const random = seededRandom(options.seed, 'bench-place');
  const scans = createScans(city.plcs, random.fork('plc'));
  const gauges = matrix.sensors.map(({ asset, role, quantity }) => {
    for (const scan of scans) {
      const index = scan.plc.points.findIndex((point) => point.asset === asset && point.role === role);
      const point = scan.plc.points[index];
      if (!point) continue;
      const factor = gaugeFactor(quantity, point.unit) ?? Number.NaN;
      return { read: () => scan.engineering(index) * factor, noise: point.noise * factor };
    }
    throw new RangeError(`no PLC shows ${role} of ${asset}`);
  });
  const read = () => {
    for (const scan of scans) scan.scan();
    return gauges.map((gauge) => gauge.read());
  };
  const watch = (seconds: number) =>
    Array.from({ length: seconds }, () => {
      city.step(1);
      return read();
    });
  const over = (rows: readonly number[][], take: (values: number[]) => number) =>
    Float64Array.from(gauges, (_, gauge) => take(rows.map((row) => row[gauge] ?? Number.NaN)));
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  try {
    return Array.from({ length: count }, (_, number): ShownBurst => {
      for (let rest = 0; rest < restS; rest += coarseS) city.step(coarseS);
      const quiet = watch(quietS).slice(0, beforeScans);
      const id = `burst-${number}`;
      const target = targets[random.integer(0, targets.length - 1)] ?? '';
      const magnitude = low + (high - low) * random.next();
      const truth = city.start({ id, kind, target, startMs: city.nowMs, durationS: 0, magnitude });
      const struck = watch(waitS + laterS + afterScans);
      city.end(id);
      const noise = Float64Array.from(gauges, (gauge) => gauge.noise);
      const before = over(quiet, median);
      const shownFrom = (second: number): Shown => ({
        ...{ before, noise },
        after: over(struck.slice(second, second + afterScans), mean),
      });
      return { truth, shown: shownFrom(waitS), later: shownFrom(waitS + laterS) };
    });
  } finally {
    city.dispose();
  }
}
