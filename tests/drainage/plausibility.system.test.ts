import { it } from 'vitest';
import { manholeDesigns, stationDesigns } from '../../simulator/drainage/layout.ts';
import { createPlant } from '../../simulator/drainage/plant.ts';
import { expectPlausible, survey, weeks } from '../city/plausibility.ts';

const manholes = manholeDesigns.map(({ id }) => id);
const combined = manholeDesigns.filter((design) => design.combined).map(({ id }) => id);
const stations = stationDesigns.map(({ id }) => id);

const week = (start: string) =>
  survey(createPlant, start, 7, 300, (run) => ({
    filling: manholes.map((id) => run.role(id, 'filling')),
    freeboard: manholes.map((id) => run.role(id, 'freeboard')),
    warmth: combined.map((id) => run.point(`drain-${id}/water-temp`)),
    salt: combined.map((id) => run.point(`drain-${id}/conductivity`)),
    h2s: manholes.map((id) => run.role(id, 'h2s')),
    ch4: manholes.map((id) => run.role(id, 'ch4')),
    well: stations.map((id) => run.point(`drain-${id}/level`)),
    battery: manholes.map((id) => run.role(id, 'battery')),
  }));

it('drainage: a week of winter and one of summer are plausible, and the README tells them as they are', async () => {
  const seasons = [await week(weeks[0]), await week(weeks[1])];
  const row = (quantity: string, name: string, digits: number, unit: string, within: readonly [number, number]) => ({
    ...{ quantity, digits, unit, within, seasons: seasons.map((season) => season(name)) },
  });
  expectPlausible('drainage', [
    row('filling of the sewers', 'filling', 0, '%', [0, 300]),
    row('water below the street', 'freeboard', 1, 'm', [0, 8]),
    row('temperature of sewage', 'warmth', 1, '°C', [4, 28]),
    row('conductivity of sewage', 'salt', 2, 'mS/cm', [0.1, 1.5]),
    row('hydrogen sulphide in manholes', 'h2s', 1, 'mg/m³', [0, 10]),
    row('methane in manholes', 'ch4', 1, '% LEL', [0, 20]),
    row('wells of the stations', 'well', 1, 'm', [0, 8]),
    row('batteries of the manholes', 'battery', 2, 'V', [3, 4]),
  ]);
}, 300_000);
