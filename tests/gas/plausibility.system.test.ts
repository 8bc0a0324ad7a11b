import { it } from 'vitest';
import { createPlant } from '../../simulator/gas/plant.ts';
import { expectPlausible, survey, weeks } from '../city/plausibility.ts';

const stations = [1, 2, 3, 4].map((number) => `reg-${number}`);
const districts = [1, 2, 3, 4].map((number) => `gas-d${number}`);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

const week = (start: string) =>
  survey(createPlant, start, 7, 300, (run) => {
    const all = (role: string) => stations.map((id) => run.role(id, role));
    return {
      gate: [run.role('gate-1', 'outlet-pressure')],
      inlet: all('inlet-pressure'),
      outlet: all('outlet-pressure'),
      end: districts.map((id) => run.role(id, 'pressure')),
      flow: [run.role('gate-1', 'flow')],
      temperature: all('temperature'),
      filter: all('filter-dp'),
      lel: all('lel'),
      battery: all('battery'),
      odorant: [run.role('gate-1', 'odorant')],
    };
  });

it('gas: a week of winter and one of summer are plausible, and the README tells them as they are', async () => {
  const seasons = [await week(weeks[0]), await week(weeks[1])];
  const row = (quantity: string, name: string, digits: number, unit: string, within: readonly [number, number]) => ({
    ...{ quantity, digits, unit, within, seasons: seasons.map((season) => season(name)) },
  });
  const [winter = 0, summer = 0] = seasons.map((season) => mean(season('flow')));
  expectPlausible('gas', [
    row('pressure behind the gate', 'gate', 3, 'MPa', [0.2, 0.4]),
    row('inlet of the stations', 'inlet', 3, 'MPa', [0.2, 0.4]),
    row('outlet of the stations', 'outlet', 2, 'kPa', [2.25, 3]),
    row('end of the districts', 'end', 2, 'kPa', [1.5, 3]),
    row('flow of the gate', 'flow', 0, 'Nm³/h', [100, 10_000]),
    {
      quantity: 'week of winter over week of summer',
      seasons: [[winter / summer]],
      digits: 1,
      unit: '',
      within: [2, 5],
    },
    row('gas behind the stations', 'temperature', 1, '°C', [-5, 20]),
    row('pressure loss of clean filters', 'filter', 1, 'kPa', [0, 50]),
    row('gas in the air of cabinets', 'lel', 1, '% LEL', [0, 20]),
    row('batteries of the stations', 'battery', 1, 'V', [11.4, 14.4]),
    row('odorant', 'odorant', 0, 'mg/Nm³', [16, 24]),
  ]);
}, 300_000);
