import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { seededRandom } from '../../edge/core/random.ts';
import { type City, createCity } from '../city/city.ts';
import type { Happening } from '../city/plant.ts';
import { plants } from '../city/plants.ts';
import { createScans, type PlcScan } from '../plc/scan.ts';
import { utilityOf } from './draw.ts';
import type { TwinReply, TwinWork } from './twin-thread.ts';

/** A difference counts from so many times the noise of its tag on, in so many samples. */
const sigmas = 3;
const samples = 3;
/** A step of the comparison, s: three samples of it are half a minute. */
const stepS = 10;
/** The twins live alike for so long before the happening. */
const leadS = 60;
/** What happens for good is looked at for so long. */
const longestS = 4 * 3600;
/** Consequences may show for so long after the end. */
const afterS = 600;
/** What the arithmetic of a model may differ by without anything having happened, as a share of a tag's range. */
const arithmetic = 1e-6;

export interface TwinOptions {
  readonly seed: number;
  readonly utilities?: readonly string[];
}

/**
 * Whether any sensor of the city can show a happening: of two cities of one seed, one with it and one without, some tag
 * differs by more than 3 σ of its noise in at least 3 samples. Both draw the same noise, so that what differs is the effect
 * alone; a tag without noise must differ by a step of its own.
 */
export async function isObservable(happening: Happening, options: TwinOptions): Promise<boolean> {
  const own = utilityOf(happening);
  const others = options.utilities ?? Object.keys(plants);
  // most show in their own utility, which is built in a fraction of the time
  if (others.length > 1 && others.includes(own) && (await twinsDiffer(happening, { ...options, utilities: [own] }))) {
    return true;
  }
  return twinsDiffer(happening, options);
}

async function twinsDiffer(happening: Happening, options: TwinOptions): Promise<boolean> {
  const startMs = happening.startMs - leadS * 1000;
  const twins = await Promise.all([createCity({ ...options, startMs }), createCity({ ...options, startMs })]);
  try {
    const [struck, spared] = twins.map((city) => ({
      city,
      scans: createScans(city.plcs, seededRandom(options.seed, 'plc')),
    }));
    return struck !== undefined && spared !== undefined && differs(struck, spared, happening);
  } finally {
    for (const city of twins) city.dispose();
  }
}

interface Twin {
  readonly city: City;
  readonly scans: readonly PlcScan[];
}

function differs(struck: Twin, spared: Twin, happening: Happening): boolean {
  const points = struck.scans.flatMap(({ plc }) => plc.points);
  const least = Float64Array.from(points, ({ noise, scale, low, high }) =>
    Math.max(sigmas * noise, Math.abs(scale) / 2, arithmetic * (high - low)),
  );
  const seen = new Uint16Array(points.length);
  const lastsS = happening.durationS > 0 ? Math.min(longestS, happening.durationS + afterS) : longestS;
  for (let passedS = -leadS; passedS < lastsS; passedS += stepS) {
    if (passedS === 0) struck.city.start(happening);
    for (const { city, scans } of [struck, spared]) {
      city.step(stepS);
      for (const scan of scans) scan.scan();
    }
    if (passedS >= 0 && enough(struck.scans, spared.scans, least, seen)) return true;
  }
  return false;
}

/** Counts where the twins differ now; true once one tag has done so often enough. */
function enough(
  struck: readonly PlcScan[],
  spared: readonly PlcScan[],
  least: Float64Array,
  seen: Uint16Array,
): boolean {
  let place = 0;
  for (const [plc, scan] of struck.entries()) {
    for (let index = 0; index < scan.raw.length; index++, place++) {
      const difference = scan.engineering(index) - (spared[plc]?.engineering(index) ?? Number.NaN);
      if (Math.abs(difference) > (least[place] as number)) seen[place] = (seen[place] as number) + 1;
      if ((seen[place] as number) >= samples) return true;
    }
  }
  return false;
}

/**
 * The ids of those happenings that some sensor can show, found in a thread of its own; `onProgress` hears how many are
 * done. Rejects with
 * what the thread threw; when `signal` aborts it resolves with what is known by then.
 */
export async function observableOf(
  work: TwinWork,
  onProgress: (done: number) => void,
  signal?: AbortSignal,
): Promise<ReadonlySet<string>> {
  const script = import.meta.url.endsWith('.ts') ? './twin-thread.ts' : './twin-thread.js';
  const worker = new Worker(new URL(script, import.meta.url), { workerData: work });
  const observable = new Set<string>();
  let done = 0;
  worker.on('message', ([id, seen]: TwinReply) => {
    if (seen) observable.add(id);
    onProgress(++done);
  });
  const stop = () => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  if (signal?.aborted) stop();
  await once(worker, 'exit');
  signal?.removeEventListener('abort', stop);
  return observable;
}
