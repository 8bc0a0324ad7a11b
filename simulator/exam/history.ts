import { seededRandom } from '../../edge/core/random.ts';
import { type City, createCity } from '../city/city.ts';
import type { Equipment, Happening, PlantAsset, PlcPoint, Truth } from '../city/plant.ts';
import { createScans, type PlcScan } from '../plc/scan.ts';
import { isPowered } from '../plc/server.ts';
import type { NetworkFile } from '../water/network-file/source.ts';

/** What all PLCs of the city see after one step. Arrays are parallel; all but `values` are the same in every step. */
export interface HistoryStep {
  /** City time, ms since epoch. */
  readonly timeMs: number;
  /** `plc/point`, as the gateway of this city calls its tags. */
  readonly names: readonly string[];
  readonly points: readonly PlcPoint[];
  readonly assets: readonly PlantAsset[];
  /** Engineering values; not a number from a PLC without supply. The memory is used again by the next step: copy what is to be kept. */
  readonly values: Float64Array;
}

export interface HistoryOptions {
  readonly seed: number;
  /** City time before the first step, ms since epoch. */
  readonly startMs: number;
  readonly hours: number;
  readonly stepS: number;
  /** Each starts with the first step whose end reaches its `startMs`. */
  readonly happenings?: readonly Happening[];
  readonly utilities?: readonly string[];
  readonly waterNetwork?: NetworkFile;
  readonly equipment?: Equipment;
  readonly onStep: (step: HistoryStep) => void;
}

function collect(scans: readonly PlcScan[], values: Float64Array): void {
  let place = 0;
  for (const scan of scans) {
    const powered = isPowered(scan.plc);
    for (let index = 0; index < scan.raw.length; index++) {
      values[place++] = powered ? scan.engineering(index) : Number.NaN;
    }
  }
}

/**
 * Runs a city in virtual time without the wire: after each step `onStep` gets what the PLCs see, noise, range and
 * quantisation included. Returns the truth about the happenings that began, in order.
 */
export async function runHistory(options: HistoryOptions): Promise<readonly Truth[]> {
  const { seed, hours, stepS, onStep } = options;
  const city: City = await createCity(options);
  try {
    const scans = createScans(city.plcs, seededRandom(seed, 'plc'));
    const points = scans.flatMap(({ plc }) => plc.points);
    const names = scans.flatMap(({ plc }) => plc.points.map(({ name }) => `${plc.id}/${name}`));
    const values = new Float64Array(points.length);
    const waiting = [...(options.happenings ?? [])].sort((a, b) => a.startMs - b.startMs);
    const truths: Truth[] = [];
    for (let done = 0; done < hours * 3600; done += stepS) {
      for (let next = waiting[0]; next && next.startMs <= city.nowMs + stepS * 1000; next = waiting[0]) {
        truths.push(city.start(next));
        waiting.shift();
      }
      city.step(stepS);
      for (const scan of scans) scan.scan();
      collect(scans, values);
      onStep({ timeMs: city.nowMs, names, points, assets: city.assets, values });
    }
    return truths;
  } finally {
    city.dispose();
  }
}
