import { it } from 'vitest';
import { feeders, sections, services } from '../../simulator/power/network.ts';
import { createPlant } from '../../simulator/power/plant.ts';
import { expectPlausible, type Reader, surveyCity, weeks } from '../city/plausibility.ts';
import { runPlant } from '../gas/city-day.ts';

const phases = ['a', 'b', 'c'] as const;
const buses = sections.map(({ bus }) => bus.id);
const transformers = sections.map(({ transformer }) => transformer.id);

/** Share of the bus's voltage that a consumer does not get, %: 400 V at its transformer stand for 10.5 kV. */
function lostPercent(reader: Reader, { id, feeder }: (typeof services)[number]): number {
  const bus = feeders.find((line) => line.id === feeder)?.bus ?? '';
  return 100 * (1 - (reader.role(id, 'voltage') / 400) * (10.5 / reader.role(bus, 'voltage')));
}

const week = (start: string) =>
  surveyCity(start, 7, 300, (city) => ({
    bus: buses.map((id) => city.role(id, 'voltage')),
    low: services.map(({ id }) => city.role(id, 'voltage')),
    lost: services.map((service) => lostPercent(city, service)),
    load: transformers.map((id) => city.role(id, 'load')),
    oil: transformers.map((id) => city.role(id, 'oil')),
    current: feeders.flatMap(({ id }) => phases.map((phase) => city.role(id, `current-${phase}`))),
    neutral: buses.map((id) => city.role(id, 'neutral')),
  }));

/** Voltages of the phases to earth while one of them lies on it, against those before. */
async function earthFault(): Promise<readonly number[]> {
  const run = await runPlant(createPlant, weeks[0], 1);
  const toEarth = () => phases.map((phase) => run.role('bus-11', `voltage-${phase}`));
  const before = toEarth();
  const fault = { id: 'fault', kind: 'power.earth-fault', target: 'feeder-2', magnitude: 100, durationS: 0 };
  run.plant.start({ ...fault, startMs: run.timeMs });
  run.go(10, 1);
  const during = toEarth();
  run.plant.dispose();
  return during.map((kv, phase) => kv / (before[phase] ?? Number.NaN));
}

it('power: a week of winter and one of summer are plausible, and the README tells them as they are', async () => {
  const seasons = [await week(weeks[0]), await week(weeks[1])];
  const row = (quantity: string, name: string, digits: number, unit: string, within: readonly [number, number]) => ({
    ...{ quantity, digits, unit, within, seasons: seasons.map((season) => season(name)) },
  });
  const batteryHours = services.map((service) => service.batteryHours);
  expectPlausible('power', [
    row('10 kV bus voltage, any hour', 'bus', 2, 'kV', [9.3, 10.7]),
    row('low voltage at consumers', 'low', 0, 'V', [353, 407]),
    row('voltage lost from bus to consumers', 'lost', 1, '%', [0, 5]),
    row('load of a transformer', 'load', 0, '%', [5, 65]),
    row('line current', 'current', 0, 'A of 400 A', [20, 280]),
    row('displacement of the neutral, healthy', 'neutral', 0, '%', [0, 15]),
    row('top-oil temperature', 'oil', 0, '°C', [-30, 85]),
    {
      ...{ quantity: 'phase to earth, full earth fault', seasons: [await earthFault()] },
      ...{ digits: 2, unit: 'times that before', within: [0, 1.74] },
    },
    { quantity: 'battery hours of controllers', seasons: [batteryHours], digits: 0, unit: 'h', within: [2, 24] },
  ]);
}, 300_000);
