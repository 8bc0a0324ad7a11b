import type { LoadedGateway } from '../../edge/config/load.ts';
import type { Log } from '../../edge/core/log.ts';
import type { Happening, HappeningKind } from '../city/plant.ts';
import { type CityFeed, openCity } from './city-feed.ts';
import { drawHappenings } from './draw.ts';
import { examErrors } from './errors.ts';
import { fingerprint } from './fingerprint.ts';
import { type Grading, grade } from './grading.ts';
import { isObservable } from './observable.ts';
import { type Score, score } from './score.ts';
import { type Sitting, sit } from './sitting.ts';
import type { Suite } from './suites.ts';

/** A step of the city: what its fastest PLCs scan in. */
const stepS = 1;

export interface ExamOptions {
  readonly suite: Suite;
  readonly seed: number;
  /** All of the city's when left out. */
  readonly utilities?: readonly string[];
  /** Gives the gateway that is examined, once the city stands; rejects when there is none. */
  readonly gatewayOf: (city: Pick<CityFeed, 'scans' | 'assets' | 'kinds'>) => Promise<LoadedGateway>;
  /** Folder for the gateway's state, empty at the start. */
  readonly dataDir: string;
  readonly log: Log;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: ExamStage, share: number) => void;
}

export type ExamStage = 'run' | 'observability';

/** Everything that came of an exam. */
export interface Exam {
  readonly suite: Suite;
  readonly seed: number;
  readonly startMs: number;
  /** Shorter than the suite where it was broken off. */
  readonly hours: number;
  /** The same for the same suite, seed, city, gateway and code, on any machine. */
  readonly hash: string;
  readonly sitting: Sitting;
  readonly grading: Grading;
  readonly score: Score;
}

/** Which happenings of a suite a city plays; throws `LL-EXAM-NOTHING` when there are none. */
export function happeningsOf(suite: Suite, seed: number, kinds: readonly HappeningKind[]): readonly Happening[] {
  const happenings = drawHappenings(suite, seed, kinds);
  if (happenings.length > 0) return happenings;
  throw examErrors.create('NOTHING', `this city plays nothing of suite ${suite.name}`);
}

/** Runs a suite: the city plays what the seed draws, the gateway watches, its alarms are graded against the truth. */
export async function runExam(options: ExamOptions): Promise<Exam> {
  const { suite, seed, utilities, dataDir, log, signal, onProgress = () => undefined } = options;
  const startMs = suite.startMs(seed);
  const built = { seed, startMs, ...(utilities ? { utilities } : {}) };
  const city = await openCity({ ...built, stepS, happeningsOf: (kinds) => happeningsOf(suite, seed, kinds) });
  try {
    const gateway = await options.gatewayOf(city);
    const sitting = await sit({
      ...{ city, gateway, seed, startMs, stepS, hours: suite.hours, dataDir, log },
      ...(signal ? { signal } : {}),
      onProgress: (share) => onProgress('run', share),
    });
    const observable = new Set<string>();
    for (const [index, { happening }] of sitting.truths.entries()) {
      if (signal?.aborted) break;
      if (await isObservable(happening, { seed, ...(utilities ? { utilities } : {}) })) observable.add(happening.id);
      onProgress('observability', (index + 1) / sitting.truths.length);
    }
    const { truths, events, hours } = sitting;
    const grading = grade({ truths, events, gateway, observable, endMs: startMs + hours * 3_600_000 });
    const scored = score(grading, gateway.assets, hours);
    return { suite, seed, startMs, hours, hash: fingerprint(sitting), sitting, grading, score: scored };
  } finally {
    await city.close();
  }
}
