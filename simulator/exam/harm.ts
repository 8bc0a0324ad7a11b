import type { Signal } from './signals.ts';

/** From when on people suffer from a fault: a role of an asset that it affects falls below a value. */
export interface Harm {
  readonly role: string;
  readonly below: number;
}

/** By utility. Rooms are cold below 18 °C (GB 50736). */
export const harms: Readonly<Record<string, Harm>> = { heating: { role: 'room-temperature', below: 18 } };

/**
 * The first moment from `startMs` on at which one of the courses is below, ms since epoch; undefined where none comes there,
 * or was there before.
 */
export function harmedAtMs(
  courses: readonly Pick<Signal, 'times' | 'values'>[],
  startMs: number,
  { below }: Harm,
): number | undefined {
  const crossings = courses.flatMap(({ times, values }) => {
    const first = values.findIndex((value) => value < below);
    const atMs = times[first];
    return atMs === undefined || atMs < startMs ? [] : [atMs];
  });
  return crossings.length > 0 ? Math.min(...crossings) : undefined;
}
