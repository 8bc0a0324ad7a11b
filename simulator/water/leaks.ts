import type { Happening } from '../city/plant.ts';
import type { Junction } from './network.ts';

/** How an opening grows and goes: seconds from nothing to full and back. */
interface Course {
  readonly openS: number;
  readonly closeS: number;
  /** Duration when the happening names none; 0 lasts. */
  readonly defaultS: number;
}

const courses: Readonly<Record<string, Course>> = {
  // A main breaks at once; the crew closes valves over a minute.
  'water.burst': { openS: 0.6, closeS: 60, defaultS: 0 },
  // A hydrant is opened and closed by hand.
  'water.hydrant-flush': { openS: 8, closeS: 8, defaultS: 180 },
  // A hose is coupled and its valve opened; nobody closes it before somebody comes.
  'water.theft': { openS: 40, closeS: 40, defaultS: 0 },
  // Area grows linearly over two days (domain reference 1.1: 2–60 d).
  'water.slow-leak': { openS: 2 * 86_400, closeS: 60, defaultS: 0 },
};

/** Head at which a leak's magnitude is nominal, m. */
export const nominalHeadM = 30;

/** A hole in a junction: q = C √h with C from q at 30 m, that is Cd A √(2g h) in EPANET's emitter form. */
export interface Leak {
  readonly junction: Junction;
  /** L/s per √m when fully open. */
  readonly coefficient: number;
  readonly happening: Happening;
}

export const isLeak = (kind: string): boolean => kind in courses;

const fromHydrants: ReadonlySet<string> = new Set(['water.hydrant-flush', 'water.theft']);
/** Whether a leak of this kind is drawn from a hydrant: it escapes under no street. */
export const isDrawn = (kind: string): boolean => fromHydrants.has(kind);

/** Emitter coefficient, L/s per √m, of a flow at 30 m head. */
export const coefficientOf = (flowLps: number): number => flowLps / Math.sqrt(nominalHeadM);

/** A leak of a happening's magnitude (L/s at 30 m head) at a junction. */
export const leakAt = (junction: Junction, happening: Happening): Leak => ({
  junction,
  coefficient: coefficientOf(happening.magnitude),
  happening,
});

/** Share of a leak's hole that is open at a moment, 0..1; undefined when it is over. */
export function opening(happening: Happening, timeMs: number): number | undefined {
  const course = courses[happening.kind];
  if (!course) return undefined;
  const agedS = (timeMs - happening.startMs) / 1000;
  const grown = Math.min(1, Math.max(0, agedS / course.openS));
  const lastsS = happening.durationS > 0 ? happening.durationS : course.defaultS;
  if (lastsS === 0) return grown;
  const atEnd = Math.min(1, lastsS / course.openS);
  const left = 1 - (agedS - lastsS) / course.closeS;
  if (left <= 0) return undefined;
  return agedS < lastsS ? grown : atEnd * left;
}
