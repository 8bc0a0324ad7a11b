import { seededRandom } from '../../edge/core/random.ts';
import { type CityOptions, createCity } from '../city/city.ts';
import type { Happening, HappeningKind, PlantAsset, Truth } from '../city/plant.ts';
import { createScans, type PlcScan } from '../plc/scan.ts';

/** A city as an exam meets it: what its PLCs see, step by step, and the truth beside. */
export interface CityFeed {
  readonly assets: readonly PlantAsset[];
  readonly kinds: readonly HappeningKind[];
  /** Rewritten by each step. */
  readonly scans: readonly PlcScan[];
  /** What is to happen; each starts with the first step whose end reaches its `startMs`. Once, before the first step. */
  play(happenings: readonly Happening[]): void;
  /** Moves the city one step on; resolves with the truth about what began in it. RangeError for what it cannot play. */
  step(): Promise<readonly Truth[]>;
  close(): Promise<void>;
}

export interface CityFeedOptions extends CityOptions {
  readonly stepS: number;
}

/** The city in this thread. RangeError for a utility that it does not have. */
export async function openCity(options: CityFeedOptions): Promise<CityFeed> {
  const { seed, stepS } = options;
  const city = await createCity(options);
  const scans = createScans(city.plcs, seededRandom(seed, 'plc'));
  let waiting: Happening[] = [];
  return {
    ...{ assets: city.assets, kinds: city.happenings, scans },
    play(happenings) {
      waiting = [...happenings].sort((a, b) => a.startMs - b.startMs);
    },
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
