import type { LoadedGateway } from '../../edge/config/load.ts';
import type { Log } from '../../edge/core/log.ts';
import type { Happening, HappeningKind } from '../city/plant.ts';
import type { CityFeed } from './city-feed.ts';
import { drawHappenings } from './draw.ts';
import { examErrors } from './errors.ts';
import { fingerprint } from './fingerprint.ts';
import { type Grading, grade } from './grading.ts';
import { observableOf } from './observable.ts';
import { openRemoteCity } from './remote-city.ts';
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

/** The sitting itself, and the twins that tell what can be seen at all; both at the same time. */
export type ExamStage = 'sitting' | 'twins';

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
  const city = await openRemoteCity({ ...built, stepS });
  try {
    const happenings = happeningsOf(suite, seed, city.kinds);
    const gateway = await options.gatewayOf(city);
    city.play(happenings);
    const [sitting, observable] = await Promise.all([
      sit({
        ...{ city, gateway, seed, startMs, stepS, hours: suite.hours, dataDir, log },
        ...(signal ? { signal } : {}),
        onProgress: (share) => onProgress('sitting', share),
      }),
      observableOf(
        { seed, happenings, ...(utilities ? { utilities } : {}) },
        (done) => onProgress('twins', done / happenings.length),
        signal,
      ),
    ]);
    const { truths, events, hours } = sitting;
    const grading = grade({ truths, events, gateway, observable, endMs: startMs + hours * 3_600_000 });
    const scored = score(grading, gateway.assets, hours);
    return { suite, seed, startMs, hours, hash: fingerprint(sitting), sitting, grading, score: scored };
  } finally {
    await city.close();
  }
}
