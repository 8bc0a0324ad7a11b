import { seededRandom } from '../../edge/core/random.ts';
import type { Happening, HappeningKind } from '../city/happening.ts';

export const demoIncidents = ['burst', 'none', 'hydrant-flush'] as const;
export type DemoIncident = (typeof demoIncidents)[number];

/** What the demo's city is made of: the utilities for which a calibration is released. */
export const demoUtilities = ['water', 'heating', 'gas', 'gallery', 'lighting'] as const;

const kinds: Readonly<Record<Exclude<DemoIncident, 'none'>, string>> = {
  burst: 'water.burst',
  'hydrant-flush': 'water.hydrant-flush',
};

/** When the demo's incident begins: 15–30 s after the start, 20 s for seed 1. */
function startS(seed: number): number {
  const span = 16;
  return 15 + ((((5 + (seed - 1) * 7) % span) + span) % span);
}

/** What the city plays, and its time at the start, ms since epoch. */
interface PlayedCity {
  readonly happenings: readonly HappeningKind[];
  readonly startMs: number;
}

/** The demo's one incident: the seed decides when, where and how big within what the city can play. */
export function planDemo(
  incident: DemoIncident,
  seed: number,
  { happenings: known, startMs: cityStartMs }: PlayedCity,
): readonly Happening[] {
  if (incident === 'none') return [];
  const kind = known.find((candidate) => candidate.kind === kinds[incident]);
  if (!kind) throw new RangeError(`this city does not play ${kinds[incident]}`);
  const random = seededRandom(seed, 'demo');
  const target = kind.targets[random.integer(0, kind.targets.length - 1)] as string;
  const { low, high } = kind.magnitude;
  const magnitude = Math.round((low + (high - low) * random.next()) * 10) / 10;
  const startMs = cityStartMs + startS(seed) * 1000;
  return [{ id: `demo-${incident}`, kind: kind.kind, target, magnitude, durationS: 0, startMs }];
}
