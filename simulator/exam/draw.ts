import { type Random, seededRandom } from '../../edge/core/random.ts';
import type { Happening, HappeningKind } from '../city/plant.ts';
import { examErrors } from './errors.ts';
import type { Suite } from './suites.ts';

/** The gateway connects, and its detectors fill their windows, before anything happens. */
const leadMin = 10;
/** Of a happening so much at least lies within the exam. */
const tailMin = 10;

/**
 * What happens in a suite: kinds, places, sizes and times drawn by seed from whatever the city can play. Each utility goes
 * its own way, one happening after another; its kinds take turns in a drawn order, so that none is left out for long.
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
  const drawn = utilities.flatMap((utility) =>
    drawUtility(
      suite,
      wanted.filter((kind) => utilityOf(kind) === utility),
      random.fork(utility),
      startMs,
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

function drawUtility(suite: Suite, kinds: readonly HappeningKind[], random: Random, startMs: number): Happening[] {
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
    const lastingMin = within(suite.lastingMin, random);
    if (minute + Math.min(lastingMin, tailMin) > suite.hours * 60) return happenings;
    const kind = (random.next() < suite.decoyShare ? decoys() : faults()) ?? faults() ?? decoys();
    if (!kind) return happenings;
    happenings.push({
      ...{ id: '', kind: kind.kind, target: kind.targets[random.integer(0, kind.targets.length - 1)] as string },
      ...{ startMs: startMs + Math.round(minute * 60) * 1000, durationS: Math.round(lastingMin * 60) },
      magnitude: Number(within([kind.magnitude.low, kind.magnitude.high], random).toPrecision(3)),
    });
    minute += lastingMin;
  }
}

/** One kind after another, each once before any comes again, every round in an order of its own. */
function turns(kinds: readonly HappeningKind[], random: Random): () => HappeningKind | undefined {
  let left: HappeningKind[] = [];
  return () => {
    if (left.length === 0) left = [...kinds];
    return left.splice(random.integer(0, left.length - 1), 1)[0];
  };
}

const within = ([low, high]: readonly [number, number], random: Random): number => low + (high - low) * random.next();
