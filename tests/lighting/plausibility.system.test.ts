import { it } from 'vitest';
import { circuits } from '../../simulator/lighting/circuits.ts';
import { createPlant } from '../../simulator/lighting/plant.ts';
import { expectPlausible, type Reader, survey } from '../city/plausibility.ts';
import { runPlant } from '../gas/city-day.ts';

const stepS = 60;
const led = circuits.filter(({ lamp }) => lamp === 'led');
const amps = (run: Reader, id: string) =>
  ['current-a', 'current-b', 'current-c'].reduce((sum, role) => sum + run.role(id, role), 0);
const lit = (run: Reader, id: string, dimming: number) =>
  run.role(id, 'feedback') === 1 && run.role(id, 'dimming') === dimming;
const factors = (run: Reader, dimming: number) =>
  led.filter(({ id }) => lit(run, id, dimming)).map(({ id }) => run.role(id, 'power-factor'));

/** A day and night from noon on. */
const night = (start: string) =>
  survey(createPlant, start, 1, stepS, (run) => ({
    ...Object.fromEntries(circuits.map(({ id }) => [`${id} is lit`, [run.role(id, 'feedback')]])),
    voltage: circuits.map(({ id }) => run.role(id, 'voltage')),
    leakage: circuits.map(({ id }) => run.role(id, 'leakage')),
    full: factors(run, 100),
    half: factors(run, 50),
    lamp: led
      .filter(({ id, lampW }) => lampW === 150 && lit(run, id, 100))
      .map(({ id, lamps }) => (amps(run, id) / lamps) * (run.role(id, 'voltage') / 220)),
  }));

/** Current of sodium circuits in the half hour after they were switched on, against that at its end. */
async function warmUp(): Promise<{ readonly atStart: number[]; readonly minutes: number[] }> {
  const run = await runPlant(createPlant, '2026-12-21T15:00:00+08:00', 1);
  const sodium = circuits.filter(({ lamp }) => lamp === 'hps');
  const courses = sodium.map((): number[] => []);
  run.go(2.5 * 3600, 5, () => {
    for (const [index, { id }] of sodium.entries()) {
      const course = courses[index];
      if (course && run.role(id, 'feedback') === 1 && course.length < 360) course.push(amps(run, id));
    }
  });
  const settled = (course: readonly number[]) => course.at(-1) ?? Number.NaN;
  return {
    atStart: courses.map((course) => Math.max(...course) / settled(course)),
    minutes: courses.map((course) => (course.findIndex((value) => value < 1.02 * settled(course)) * 5) / 60),
  };
}

it('lighting: the longest and the shortest night are plausible, and the README tells them as they are', async () => {
  const seasons = [await night('2026-12-21T12:00:00+08:00'), await night('2026-06-21T12:00:00+08:00')];
  const sodium = await warmUp();
  const hours = seasons.map((season) =>
    circuits.map(({ id }) => (season(`${id} is lit`).filter((value) => value === 1).length * stepS) / 3600),
  );
  const named = (name: string) => seasons.map((season) => season(name));
  expectPlausible('lighting', [
    { quantity: 'lit from noon to noon', seasons: hours, digits: 1, unit: 'h', within: [7, 15.5] },
    {
      quantity: 'current of a 150 W LED lamp at 220 V',
      seasons: named('lamp'),
      digits: 2,
      unit: 'A',
      within: [0.7, 0.75],
    },
    {
      quantity: 'phase voltage at the circuits',
      seasons: named('voltage'),
      digits: 1,
      unit: 'V',
      within: [198, 235.4],
    },
    { quantity: 'power factor of LED drivers', seasons: named('full'), digits: 2, unit: '', within: [0.9, 1] },
    {
      quantity: 'power factor of LED drivers, dimmed to half',
      seasons: named('half'),
      digits: 2,
      unit: '',
      within: [0.85, 1],
    },
    {
      quantity: 'residual current of a sound circuit',
      seasons: named('leakage'),
      digits: 0,
      unit: 'mA',
      within: [0, 100],
    },
    {
      quantity: 'current of sodium lamps at the start',
      seasons: [sodium.atStart],
      digits: 2,
      unit: 'of the settled one',
      within: [1.2, 1.5],
    },
    {
      quantity: 'until the current of sodium lamps has settled',
      seasons: [sodium.minutes],
      digits: 0,
      unit: 'min',
      within: [4, 10],
    },
  ]);
}, 300_000);
