import { seededRandom } from '../../edge/core/random.ts';
import { type CityOptions, createCity } from '../city/city.ts';
import type { Happening, HappeningKind, PlantAsset, Truth } from '../city/plant.ts';
import { createScans, type PlcScan } from '../plc/scan.ts';

/** A city as an exam meets it: what its PLCs see, second by second, and the truth beside. */
export interface CityFeed {
  readonly assets: readonly PlantAsset[];
  readonly kinds: readonly HappeningKind[];
  /** Rewritten by each step. */
  readonly scans: readonly PlcScan[];
  /** Moves the city one step on; resolves with the truth about what began in it. */
  step(): Promise<readonly Truth[]>;
  close(): Promise<void>;
}

export interface CityFeedOptions extends CityOptions {
  readonly stepS: number;
  /** What is to happen, of the kinds that the city plays; each starts with the first step whose end reaches its `startMs`. */
  readonly happeningsOf: (kinds: readonly HappeningKind[]) => readonly Happening[];
}

/** The city in this thread. RangeError for a utility, kind or target that it does not have. */
export async function openCity(options: CityFeedOptions): Promise<CityFeed> {
  const { seed, stepS } = options;
  const city = await createCity(options);
  const scans = createScans(city.plcs, seededRandom(seed, 'plc'));
  const waiting = [...options.happeningsOf(city.happenings)].sort((a, b) => a.startMs - b.startMs);
  return {
    ...{ assets: city.assets, kinds: city.happenings, scans },
    async step() {
      const truths: Truth[] = [];
      for (let next = waiting[0]; next && next.startMs <= city.nowMs + stepS * 1000; next = waiting[0]) {
        truths.push(city.start(next));
        waiting.shift();
      }
      city.step(stepS);
      for (const scan of scans) scan.scan();
      return truths;
    },
    close: async () => city.dispose(),
  };
}
