import { seededRandom } from '../../../edge/core/random.ts';
import { median } from '../../../edge/detection/order-statistics.ts';
import type { PlaceMatrix } from '../../../edge/detection/place/matrix.ts';
import type { Shown } from '../../../edge/detection/place/observation.ts';
import { toKilopascal, toLitresPerSecond } from '../../../edge/detection/units.ts';
import { type CityOptions, createCity } from '../../../simulator/city/city.ts';
import type { Truth } from '../../../simulator/city/plant.ts';
import { createScans } from '../../../simulator/plc/scan.ts';

/** Between two bursts: the repair, and so many minutes that a day's hours all get their share. */
const restS = 47 * 60;
const coarseS = 60;
/** What is taken as before: a minute that ends a minute earlier; as after: some seconds from the fifth on, as detection takes. */
const quietS = 120;
const beforeScans = 60;
const waitS = 4;
const afterScans = 3;

/** What gauges showed around one burst, and the truth about it. */
export interface ShownBurst {
  readonly truth: Truth;
  readonly shown: Shown;
}

/**
 * Bursts of 25 to 80 L/s at junctions that chance picks, one after another round the clock, in a city with demand,
 * instruments and pump control as they are; seen second by second.
 */
export async function shownBursts(
  options: CityOptions,
  matrix: PlaceMatrix,
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
      const factor = (quantity === 'pressure' ? toKilopascal : toLitresPerSecond)(point.unit) ?? Number.NaN;
      return { read: () => scan.engineering(index) * factor, noise: point.noise * factor };
    }
    throw new RangeError(`no PLC shows ${role} of ${asset}`);
  });
  const districts = [...new Set(matrix.sensors.map(({ asset }) => asset))];
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
      const target = districts[random.integer(0, districts.length - 1)] ?? '';
      const magnitude = 25 + 55 * random.next();
      const truth = city.start({ id, kind: 'water.burst', target, startMs: city.nowMs, durationS: 0, magnitude });
      const struck = watch(waitS + afterScans).slice(waitS);
      city.end(id);
      const noise = Float64Array.from(gauges, (gauge) => gauge.noise);
      return { truth, shown: { before: over(quiet, median), after: over(struck, mean), noise } };
    });
  } finally {
    city.dispose();
  }
}
