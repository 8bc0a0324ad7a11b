import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { examinedGateway } from '../../edge/cli/exam/examined-gateway.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { CityFeed } from '../../simulator/exam/city-feed.ts';
import { grade } from '../../simulator/exam/grading.ts';
import { openRemoteCity } from '../../simulator/exam/remote-city.ts';
import { sit } from '../../simulator/exam/sitting.ts';
import type { BenchRow } from './row.ts';
import { type Course, courses, wanted } from './time-to-detect/courses.ts';
import { Crossings } from './time-to-detect/crossings.ts';
import { delayS, medianDelayS } from './time-to-detect/delay.ts';
import { type Planned, planOf } from './time-to-detect/plan.ts';

/** Each is a city of its own with a calibration of its own. */
const seeds = [101, 102] as const;
const stepS = 1;

/** What became of one strike. */
interface Trial {
  readonly planned: Planned;
  /** Undefined where what it counts from never came. */
  readonly delayS: number | undefined;
}

/**
 * How long the complete gateway takes to an alarm, in virtual time: kinds of happenings at several places, in several
 * sizes, in cities of several seeds, each calibrated from its own history. Tells of each strike on standard error.
 * @param only the name of the course that is run; all of them when left out
 */
export async function benchTimeToDetect(only?: string): Promise<readonly BenchRow[]> {
  const trials: Trial[] = [];
  const run = courses.filter(({ name }) => only === undefined || name === only);
  for (const course of run)
    for (const [index, seed] of seeds.entries()) {
      const played = await play(course, seed, index);
      for (const trial of played) process.stderr.write(`  ${lineOf(seed, trial)}\n`);
      trials.push(...played);
    }
  const struck = new Set(run.flatMap(({ strikes }) => strikes.map(({ row }) => row)));
  return wanted.flatMap(({ name, withinS }) => {
    if (!struck.has(name)) return [];
    const delays = trials.filter(({ planned }) => planned.strikes.row === name).flatMap((trial) => trial.delayS ?? []);
    const value = medianDelayS(delays);
    const found = delays.filter(Number.isFinite).length;
    return {
      ...{ name, value, unit: `s (${found} of ${delays.length})`, better: 'lower' },
      ...{
        peer: { name: 'wanted', value: withinS },
        ratio: value / withinS,
        target: `≤ ${withinS}`,
        ok: value <= withinS,
      },
    };
  });
}

async function play(course: Course, seed: number, index: number): Promise<readonly Trial[]> {
  const { startMs, hours, planned, happenings } = planOf(course, seed, index);
  const built = { seed, startMs, equipment: 'lean', utilities: course.utilities } as const;
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-'));
  const city = await openRemoteCity({ ...built, stepS });
  try {
    const examined = { file: undefined, models: undefined, folder: join(folder, 'gateway'), built };
    const gateway = await examinedGateway(examined, city, {});
    const crossings = new Crossings(city.scans, planned);
    city.play(happenings);
    const watched = watching(city, startMs, (timeMs) => crossings.take(timeMs));
    const { truths, events } = await sit({
      ...{ city: watched, gateway, seed, startMs, stepS, hours, dataDir: join(folder, 'data'), log: silentLog },
    });
    const labelled = truths.map((truth) => ({ ...truth, level: undefined }));
    const observable = new Set(happenings.map(({ id }) => id));
    const graded = grade({ truths: labelled, events, gateway, observable, endMs: startMs + hours * 3_600_000 });
    return planned.map((one): Trial => {
      const own = graded.happenings.find(({ truth }) => truth.happening.id === one.happening.id);
      if (!own) throw new Error(`${one.happening.id} was never played`);
      const countsFromMs = one.strikes.from ? crossings.of(one.happening.id) : one.countsFromMs;
      return { planned: one, delayS: countsFromMs && delayS({ ...one, countsFromMs }, own) };
    });
  } finally {
    await city.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same city, with somebody who looks at it after each step. */
function watching(city: CityFeed, startMs: number, look: (timeMs: number) => void): CityFeed {
  let nowMs = startMs;
  return {
    ...city,
    async step() {
      const truths = await city.step();
      nowMs += stepS * 1000;
      look(nowMs);
      return truths;
    },
  };
}

function lineOf(seed: number, { planned: { happening }, delayS: delay }: Trial): string {
  const { kind, target, magnitude } = happening;
  const came =
    delay === undefined ? 'never got so far' : Number.isFinite(delay) ? `${Number(delay.toFixed(1))} s` : 'no alarm';
  return `${kind} of ${magnitude} at ${target}, seed ${seed}: ${came}`;
}
