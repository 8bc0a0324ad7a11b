import { describe, expect, it } from 'vitest';
import { createCity } from '../../simulator/city/city.ts';
import { cityWiring } from '../../simulator/city/wiring.ts';
import { type Cascade, consequences, outage, play, readerOf, startMs } from './cascade.ts';

describe('an outage of a 10 kV line', () => {
  it('stops the circulation pumps of its substations, and of no other', async () => {
    const roles = ['sub-1:pump-run', 'sub-4:pump-run', 'sub-2:pump-run'];
    const [sub1, sub4, sub2] = await consequences(outage('feeder-8', 'heating'), roles);
    expect([sub1, sub4]).toEqual([
      [1, 0],
      [1, 0],
    ]);
    expect(sub2).toEqual([1, 1]);
  });

  it("lets the heater of the city gate go cold, and the gas behind its regulator's expansion falls below 0 °C", async () => {
    const [outlet] = await consequences(outage('feeder-7', 'gas', 60), ['gate-1:temperature']);
    expect(outlet![0]).toBeGreaterThan(4);
    expect(outlet![1]).toBeLessThan(0);
  });
});

describe('a leak', () => {
  it('of gas follows the ducts into the gallery', async () => {
    const cascade: Cascade = {
      ...{ cause: ['gas.third-party-damage', 'gas-d2', 8_000], utilities: ['gas', 'gallery'], child: 'gallery' },
      ...{ wires: ['gas-leak'], minutes: 60, stepS: 60 },
    };
    const [ch4, oxygen] = await consequences(cascade, ['zone-3:ch4', 'zone-3:oxygen']);
    expect(ch4![1]).toBeGreaterThan(ch4![0] + 5);
    expect(oxygen![1]).toBeLessThan(oxygen![0]);
  });

  it('of hot water warms and fogs the gallery', async () => {
    const cascade: Cascade = {
      ...{ cause: ['heating.primary-break', 'sub-2', 15], utilities: ['heating', 'gallery'], child: 'gallery' },
      ...{ wires: ['heat-release', 'steam', 'water-leak', 'pipe-temperature'], minutes: 60, stepS: 60 },
    };
    const tags = ['zone-1:temperature', 'zone-1:humidity', 'zone-4:temperature'];
    const [temperature, humidity, elsewhere] = await consequences(cascade, tags);
    expect(temperature![1]).toBeGreaterThan(temperature![0] + 2);
    expect(humidity![1]).toBeGreaterThan(humidity![0] + 5);
    expect(elsewhere![1]).toBe(elsewhere![0]);
  });
});

describe('pipes in the gallery', () => {
  it('cool it when the heat plant has no electricity', async () => {
    const cascade: Cascade = {
      ...{ cause: ['power.service-trip', 'supply-heat-plant-1', 1], utilities: ['power', 'heating', 'gallery'] },
      ...{ child: 'gallery', wires: ['pipe-temperature', 'supply'], minutes: 18 * 60, stepS: 300 },
    };
    const [temperature] = await consequences(cascade, ['zone-1:temperature']);
    const heated = await play(cascade, cityWiring, false);
    expect(temperature![1]).toBeLessThan(readerOf(heated)('zone-1:temperature') - 0.3);
    heated.dispose();
  });

  it('draw what they leak from the gas network', async () => {
    const cascade: Cascade = {
      ...{ cause: ['gallery.gas-leak', 'zone-5', 200], utilities: ['gallery', 'gas'], child: 'gas' },
      ...{ wires: ['gas-leak'], minutes: 30, stepS: 60 },
    };
    const [flow] = await consequences(cascade, ['gate-1:flow']);
    expect(flow![1]).toBeGreaterThan(flow![0] + 400);
  });
});

describe('houses without heating', () => {
  it('freeze their risers within days, and their district draws less water', async () => {
    const cascade: Cascade = {
      ...{ cause: ['power.feeder-trip', 'feeder-3', 6], utilities: ['power', 'heating', 'water'], child: 'water' },
      ...{ wires: ['room-temperature'], minutes: 72 * 60, stepS: 300 },
    };
    const [inflow, elsewhere] = await consequences(cascade, ['dma-2:inflow', 'dma-3:inflow']);
    expect(inflow![1]).toBeLessThan(0.9 * inflow![0]);
    expect(elsewhere![1] / elsewhere![0]).toBeGreaterThan(0.97);
  }, 120_000);
});

describe('a cold wave', () => {
  it('raises demand for heat and gas with every kelvin, and the pressure of the gas network sags', async () => {
    const city = await createCity({ seed: 5, startMs, utilities: ['heating', 'gas'] });
    const read = readerOf(city);
    const days: { outdoorC: number; heatMw: number; gasNm3H: number; endMPa: number }[] = [];
    for (let day = 0; day < 12; day++) {
      const sum = { outdoorC: 0, heatMw: 0, gasNm3H: 0, endMPa: 0 };
      for (let step = 0; step < 144; step++) {
        city.step(600);
        sum.outdoorC += city.weather.outdoorC / 144;
        sum.heatMw += read('heat-plant-1:heat-power') / 144;
        sum.gasNm3H += read('gate-1:flow') / 144;
        sum.endMPa += read('reg-2:inlet-pressure') / 144;
      }
      days.push(sum);
    }
    city.dispose();
    const sorted = days.toSorted((a, b) => a.outdoorC - b.outdoorC);
    const [cold, mild] = [sorted[0]!, sorted.at(-1)!];
    expect(mild.outdoorC - cold.outdoorC).toBeGreaterThan(4);
    expect(cold.heatMw).toBeGreaterThan(1.05 * mild.heatMw);
    expect(cold.gasNm3H).toBeGreaterThan(1.05 * mild.gasNm3H);
    expect(cold.endMPa).toBeLessThan(mild.endMPa);
  });
});

describe('firemen', () => {
  it('at a fire in the gallery draw water from the street, and the pressure of the district falls', async () => {
    const cascade: Cascade = {
      ...{ cause: ['gallery.fire', 'zone-2', 2_000], utilities: ['gallery', 'water'], child: 'water' },
      ...{ wires: ['hydrant-use'], minutes: 15, stepS: 10 },
    };
    const tags = ['dma-3:inflow', 'dma-3:pressure-critical'];
    const [inflow, pressure] = await consequences(cascade, tags);
    expect(inflow![1]).toBeGreaterThan(inflow![0] + 30);
    expect(pressure![1]).toBeLessThan(pressure![0]);
  });
});
