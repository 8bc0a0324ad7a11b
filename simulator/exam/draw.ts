import { type Random, seededRandom } from '../../edge/core/random.ts';
import { conditionsOf } from '../city/conditions.ts';
import type { Happening, HappeningKind } from '../city/plant.ts';
import { examErrors } from './errors.ts';
import type { Suite } from './suites.ts';

/** The gateway connects, and its detectors fill their windows, before anything happens. */
const leadMin = 10;
/** Of a happening so much at least lies within the exam. */
const tailMin = 10;

/**
 * What happens in a suite: kinds, places, sizes and times drawn by seed from whatever the city can play. Each utility goes
 * its own way, one happening after another; its kinds take turns in a drawn order, so that none is left out for long that
 * can come to pass.
 * Throws `LL-EXAM-NOTHING` where there are none but decoys.
 * @param startMs city time at which the exam begins
 */
export function drawHappenings(
  suite: Suite,
  seed: number,
  startMs: number,
  kinds: readonly HappeningKind[],
): readonly Happening[] {
  const wanted = kinds.filter(suite.includes).filter(({ targets }) => targets.length > 0);
  const utilities = [...new Set(wanted.map(utilityOf))];
  const random = seededRandom(seed, `exam/${suite.name}`);
  const holds = conditionsOf(seed);
  const drawn = utilities.flatMap((utility) =>
    drawUtility(
      suite,
      wanted.filter((kind) => utilityOf(kind) === utility),
      { random: random.fork(utility), startMs, holds },
    ),
  );
  if (!wanted.some(({ decoy }) => !decoy)) {
    throw examErrors.create('NOTHING', `this city plays nothing of suite ${suite.name}`);
  }
  return drawn
    .sort((a, b) => a.startMs - b.startMs || (a.kind < b.kind ? -1 : 1))
    .map((happening, index) => ({ ...happening, id: `${suite.name}-${seed}-${index + 1}` }));
}

/** The part of a kind's name before the dot. */
export const utilityOf = ({ kind }: Pick<HappeningKind, 'kind'>): string => kind.slice(0, kind.indexOf('.'));

interface Circumstances {
  readonly random: Random;
  /** City time at which the exam begins, ms since epoch. */
  readonly startMs: number;
  readonly holds: ReturnType<typeof conditionsOf>;
}

function drawUtility(
  suite: Suite,
  kinds: readonly HappeningKind[],
  { random, startMs, holds }: Circumstances,
): Happening[] {
  const faults = turns(
    kinds.filter(({ decoy }) => !decoy),
    random.fork('faults'),
  );
  const decoys = turns(
    kinds.filter(({ decoy }) => decoy),
    random.fork('decoys'),
  );
  const happenings: Happening[] = [];
  let minute = leadMin;
  for (;;) {
    minute += within(suite.pauseMin, random) * (happenings.length === 0 ? random.next() : 1);
    const wantedMin = within(suite.lastingMin, random);
    if (minute + Math.min(wantedMin, tailMin) > suite.hours * 60) return happenings;
    const beginMs = startMs + Math.round(minute * 60) * 1000;
    const possible = ({ when, lastsMin: [shortestMin] = [0, 0] }: HappeningKind) =>
      minute + shortestMin <= suite.hours * 60 && (when === undefined || holds(when, beginMs));
    const first = random.next() < suite.decoyShare ? decoys : faults;
    const kind = first(possible) ?? faults(possible) ?? decoys(possible);
    if (!kind) continue;
    const [shortestMin, longestMin] = kind.lastsMin ?? suite.lastingMin;
    const lastingMin = Math.min(longestMin, Math.max(shortestMin, wantedMin));
    happenings.push({
      ...{ id: '', kind: kind.kind, target: kind.targets[random.integer(0, kind.targets.length - 1)] as string },
      ...{ startMs: beginMs, durationS: Math.round(lastingMin * 60) },
      magnitude: Number(within([kind.magnitude.low, kind.magnitude.high], random).toPrecision(3)),
    });
    minute += lastingMin;
  }
}

type Possible = (kind: HappeningKind) => boolean;

/**
 * One kind after another, each once before any comes again, every round in an order of its own; those that are not
 * possible now keep their turn.
 */
function turns(kinds: readonly HappeningKind[], random: Random): (possible: Possible) => HappeningKind | undefined {
  let left: readonly HappeningKind[] = [];
  return (possible) => {
    if (!left.some(possible)) left = kinds;
    const now = left.filter(possible);
    const kind = now[random.integer(0, Math.max(0, now.length - 1))];
    if (kind) left = left.filter((other) => other !== kind);
    return kind;
  };
}

const within = ([low, high]: readonly [number, number], random: Random): number => low + (high - low) * random.next();
