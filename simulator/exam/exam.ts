import type { LoadedGateway } from '../../edge/config/load.ts';
import type { Log } from '../../edge/core/log.ts';
import type { CityOptions } from '../city/city.ts';
import type { HappeningKind, Truth } from '../city/happening.ts';
import type { PlannedHappening } from '../scenarios/plan.ts';
import type { CityFeed } from './city-feed.ts';
import { utilityOf } from './draw.ts';
import { fingerprint } from './fingerprint.ts';
import { type Grading, grade, type LabelledTruth } from './grading.ts';
import { harmedAtMs, harms } from './harm.ts';
import { doubtsIn, lingersOf } from './lingering.ts';
import { type Befallen, observableOf } from './observable.ts';
import { openRemoteCity } from './remote-city.ts';
import { type Score, score } from './score.ts';
import { type Sitting, sit } from './sitting.ts';
import type { Suite } from './suites.ts';

/** A step of the city: what its fastest PLCs scan in. */
const stepS = 1;

/** What is known of a city before it moves. */
export type ExamCity = Pick<CityFeed, 'scans' | 'assets' | 'kinds'>;

export interface ExamOptions {
  readonly suite: Suite;
  /** The city that is played. */
  readonly city: CityOptions;
  /** What happens, of what the city can play; rejects for what it cannot. */
  readonly happeningsOf: (city: ExamCity) => readonly PlannedHappening[];
  /** Gives the gateway that is examined, once the city stands; rejects when there is none. */
  readonly gatewayOf: (city: ExamCity) => Promise<LoadedGateway>;
  /** Folder for the gateway's state, empty at the start. */
  readonly dataDir: string;
  readonly log: Log;
  /** Detectors that stay out, to see what each contributes; none when left out. */
  readonly without?: ReadonlySet<string>;
  /** Ids of happenings that a sensor can show, where they are known from an exam of the same city and seed. */
  readonly observable?: ReadonlySet<string>;
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

/** Runs a suite: the city plays what is to happen, the gateway watches, its alarms are graded against the truth. */
export async function runExam(options: ExamOptions): Promise<Exam> {
  const { suite, dataDir, log, without, signal, onProgress = () => undefined } = options;
  const { seed, startMs } = options.city;
  const city = await openRemoteCity({ ...options.city, stepS });
  try {
    const happenings = options.happeningsOf(city);
    const gateway = await options.gatewayOf(city);
    city.play(happenings);
    const [sitting, observable] = await Promise.all([
      sit({
        ...{ city, gateway, seed, startMs, stepS, hours: suite.hours, dataDir, log },
        ...(signal ? { signal } : {}),
        ...(without ? { without } : {}),
        onProgress: (share) => onProgress('sitting', share),
      }),
      options.observable ??
        observableOf(
          { ...options.city, befallen: befallenIn(city, happenings) },
          (done) => onProgress('twins', done / happenings.length),
          signal,
        ),
    ]);
    const { events, outOfModel, hours } = sitting;
    const truths = labelled(sitting.truths, happenings, city.kinds);
    const endMs = startMs + hours * 3_600_000;
    const graded = { truths, events, gateway, observable, endMs, harmedMs: harmIn(sitting) };
    // an exam that was broken off asks too: what it does not ask counts as false
    const asking = signal?.aborted ? undefined : signal;
    const lingers = await lingersOf({ ...options.city, doubts: doubtsIn(grade(graded)) }, asking);
    const grading = grade({ ...graded, lingers });
    const scored = score(grading, gateway.assets, hours, outOfModel);
    return { suite, seed, startMs, hours, hash: fingerprint(sitting), sitting, grading, score: scored };
  } finally {
    await city.close();
  }
}

/** When people began to suffer from a happening, where its utility has a measure of that. */
const harmIn =
  ({ signals }: Sitting) =>
  ({ happening }: Truth): number | undefined => {
    const harm = harms[utilityOf(happening)];
    return harm && harmedAtMs(signals.ofRole(happening.id, harm.role), happening.startMs, harm);
  };

/** Each happening with its utility: that of its kind, or that of the PLC after which its target is named. */
function befallenIn({ scans }: ExamCity, happenings: readonly PlannedHappening[]): readonly Befallen[] {
  const utilityOfPlc = new Map(scans.map(({ plc: { id, utility } }) => [id, utility]));
  const utilities = new Set(utilityOfPlc.values());
  return happenings.map((happening) => {
    const [device = ''] = happening.target.split('/');
    const own = utilityOf(happening);
    return { happening, utility: utilities.has(own) ? own : utilityOfPlc.get(device) };
  });
}

/** The truth with what the kind, or the scenario, says of its weight. */
function labelled(
  truths: readonly Truth[],
  planned: readonly PlannedHappening[],
  kinds: readonly HappeningKind[],
): readonly LabelledTruth[] {
  return truths.map((truth) => {
    const { id, kind } = truth.happening;
    const hints = planned.find((one) => one.id === id)?.hints;
    const level = hints?.level ?? kinds.find((one) => one.kind === kind)?.level;
    return { ...truth, decoy: hints?.decoy ?? truth.decoy, level };
  });
}
