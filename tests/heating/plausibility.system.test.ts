import { it } from 'vitest';
import { createPlant } from '../../simulator/heating/plant.ts';
import { expectPlausible, survey, weeks } from '../city/plausibility.ts';

const substations = Array.from({ length: 12 }, (_, index) => `sub-${index + 1}`);

it('heating: a week of winter is plausible, and the README tells it as it is', async () => {
  const season = await survey(createPlant, weeks[0], 7, 300, (run) => {
    const all = (role: string) => substations.map((id) => run.role(id, role));
    const plant = (role: string) => [run.role('heat-plant-1', role)];
    return {
      outdoor: plant('outdoor-temperature'),
      supply: plant('supply-temperature'),
      return: plant('return-temperature'),
      flow: plant('flow'),
      heat: plant('heat-power'),
      suction: plant('return-pressure'),
      discharge: plant('supply-pressure'),
      makeup: plant('makeup-flow'),
      far: [run.point('heat-plant-1/far-difference')],
      'secondary supply': all('secondary-supply-temperature'),
      'secondary return': all('secondary-return-temperature'),
      'secondary pressure': [...all('secondary-supply-pressure'), ...all('secondary-return-pressure')],
      room: all('room-temperature'),
      off: all('secondary-deviation').map(Math.abs),
    };
  });
  const row = (quantity: string, name: string, digits: number, unit: string, within: readonly [number, number]) => ({
    ...{ quantity, seasons: [season(name)], digits, unit, within },
  });
  expectPlausible('heating', [
    row('outdoor temperature', 'outdoor', 0, '°C', [-30, 5]),
    row('supply of the plant', 'supply', 0, '°C', [70, 115]),
    row('return of the plant', 'return', 0, '°C', [35, 58]),
    row('circulation', 'flow', 0, 'm³/h', [400, 1_400]),
    row('heat of the plant', 'heat', 0, 'MW', [20, 92]),
    row('pressure at the suction of the pump', 'suction', 2, 'MPa', [0.3, 0.4]),
    row('pressure behind the pump', 'discharge', 2, 'MPa', [0.4, 1.6]),
    row('pressure difference at the last substation', 'far', 0, 'kPa', [100, 250]),
    row('make-up', 'makeup', 1, 'm³/h', [0, 5.5]),
    row('secondary supply', 'secondary supply', 0, '°C', [35, 77]),
    row('secondary return', 'secondary return', 0, '°C', [30, 52]),
    row('secondary pressure', 'secondary pressure', 2, 'MPa', [0.15, 0.6]),
    row('rooms', 'room', 1, '°C', [18, 24]),
    row('secondary supply off its set-point', 'off', 2, 'K', [0, 5]),
  ]);
}, 300_000);
