import { it } from 'vitest';
import { zoneDesigns } from '../../simulator/gallery/layout.ts';
import { createPlant } from '../../simulator/gallery/plant.ts';
import { expectPlausible, survey, weeks } from '../city/plausibility.ts';

const roles = ['temperature', 'humidity', 'oxygen', 'ch4', 'h2s', 'co', 'sump-level'] as const;
const stepS = 20;

const days = (start: string) =>
  survey(createPlant, start, 2, stepS, (run) =>
    Object.fromEntries(roles.map((role) => [role, zoneDesigns.map(({ id }) => run.role(id, role))])),
  );
const changes = (cabin: 'combined' | 'gas') =>
  zoneDesigns
    .filter((zone) => zone.cabin === cabin)
    .flatMap(({ ventilation: { normal, emergency } }) => [normal, emergency]);

it('gallery: two days of winter and two of summer are plausible, and the README tells them as they are', async () => {
  const seasons = [await days(weeks[0]), await days(weeks[1])];
  const row = (
    quantity: string,
    role: (typeof roles)[number],
    digits: number,
    unit: string,
    within: readonly [number, number],
  ) => ({ quantity, digits, unit, within, seasons: seasons.map((season) => season(role)) });
  const air = (quantity: string, cabin: 'combined' | 'gas') => ({
    ...{ quantity, seasons: [changes(cabin)], digits: 0, unit: 'changes an hour' },
    within: [2, 12] as const,
  });
  expectPlausible('gallery', [
    row('air temperature', 'temperature', 1, '°C', [-8, 40]),
    row('relative humidity', 'humidity', 0, '%', [10, 100]),
    row('oxygen', 'oxygen', 2, '%', [19.5, 21]),
    row('methane', 'ch4', 2, '% LEL', [0, 20]),
    row('hydrogen sulphide', 'h2s', 2, 'mg/m³', [0, 10]),
    row('carbon monoxide', 'co', 1, 'mg/m³', [0, 20]),
    row('level of the sumps', 'sump-level', 2, 'm', [0.2, 1.1]),
    air('ventilation of combined cabins, normal and emergency', 'combined'),
    air('ventilation of gas cabins, normal and emergency', 'gas'),
  ]);
}, 300_000);
