import { expect } from 'vitest';
import { type City, createCity } from '../../simulator/city/city.ts';
import type { Wire } from '../../simulator/city/couplings.ts';
import type { PlcPoint } from '../../simulator/city/plant.ts';
import { cityWiring } from '../../simulator/city/wiring.ts';

/** Night in January: frost, lamps on, heating in full swing. */
export const startMs = Date.parse('2027-01-12T19:00:00+08:00');

/** One cause in one utility, and the wires over which it shows in another. */
export interface Cascade {
  /** Kind, target and magnitude of the only thing that happens. */
  readonly cause: readonly [kind: string, target: string, magnitude: number];
  readonly utilities: readonly string[];
  /** The utility in which the consequence shows. */
  readonly child: string;
  /** Wires of these kinds to the child carry it. */
  readonly wires: readonly Wire['kind'][];
  readonly minutes: number;
  readonly stepS: number;
}

/** A line of 10 kV trips; the consequence shows in the utility it supplies. */
export const outage = (feeder: string, child: string, minutes = 5): Cascade => ({
  ...{ cause: ['power.feeder-trip', feeder, 6], utilities: ['power', child], child, wires: ['supply'], minutes },
  stepS: 1,
});

/** Reads true values by `asset:role`. */
export const readerOf = (city: City) => {
  const points = new Map<string, PlcPoint>();
  for (const point of city.plcs.flatMap((plc) => plc.points)) points.set(`${point.asset}:${point.role}`, point);
  return (tag: string) => points.get(tag)!.read();
};

/** Every true value of one utility, so that two runs can be compared bit by bit. */
const valuesOf = (city: City, utility: string) =>
  city.plcs.filter((plc) => plc.utility === utility).flatMap(({ points }) => points.map((point) => point.read()));

/** Plays a cause, or nothing, in a city with the given wires. */
export async function play(cascade: Cascade, wiring: readonly Wire[], happens: boolean): Promise<City> {
  const city = await createCity({ seed: 5, startMs, utilities: cascade.utilities, wiring });
  const [kind, target, magnitude] = cascade.cause;
  if (happens) city.start({ id: 'cause', kind, target, magnitude, durationS: 0, startMs });
  for (let doneS = 0; doneS < cascade.minutes * 60; doneS += cascade.stepS) city.step(cascade.stepS);
  return city;
}

/** What tags of the child show without and with the cause; without its wire the child lives as if nothing had happened. */
export async function consequences(cascade: Cascade, tags: readonly string[]) {
  const { child, wires } = cascade;
  const cut = cityWiring.filter(({ kind, to }) => !(wires.includes(kind) && to.startsWith(`${child}/`)));
  expect(cut.length).toBeLessThan(cityWiring.length);
  const struck = await play(cascade, cityWiring, true);
  const quiet = await play(cascade, cut, false);
  const unwired = await play(cascade, cut, true);
  expect(valuesOf(unwired, child)).toEqual(valuesOf(quiet, child));
  const shown = tags.map((tag) => [readerOf(quiet)(tag), readerOf(struck)(tag)] as const);
  for (const city of [struck, quiet, unwired]) city.dispose();
  return shown;
}
