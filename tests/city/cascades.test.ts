import { describe, expect, it } from 'vitest';
import { type City, createCity } from '../../simulator/city/city.ts';
import { cityWiring } from '../../simulator/city/wiring.ts';
import { type Cascade, consequences, outage, play, readerOf, startMs } from './cascade.ts';

describe('an outage of a 10 kV line', () => {
  it('stops the water pumps, and the pressure behind them falls', async () => {
    const [pressure, power] = await consequences(outage('feeder-1', 'water'), [
      'ps-1:discharge-pressure',
      'ps-1:power',
    ]);
    expect(pressure![1]).toBeLessThan(pressure![0] - 0.05);
    expect(power![0]).toBeGreaterThan(50);
    expect(power![1]).toBe(0);
  });

  it('stops the fans of the gallery while their command stands', async () => {
    const tags = ['zone-4:fan-command', 'zone-4:fan-run', 'zone-4:fan-current'];
    const [command, run, current] = await consequences(outage('feeder-5', 'gallery'), tags);
    expect(command).toEqual([1, 1]);
    expect(run).toEqual([1, 0]);
    expect(current![1]).toBe(0);
  });

  it('puts out the street lamps of its cabinet', async () => {
    const tags = ['circuit-1:current-a', 'circuit-1:voltage', 'circuit-6:current-a'];
    const [current, voltage, elsewhere] = await consequences(outage('feeder-2', 'lighting'), tags);
    expect(current![0]).toBeGreaterThan(10);
    expect([current![1], voltage![1]]).toEqual([0, 0]);
    expect(elsewhere![1] / elsewhere![0]).toBeCloseTo(1, 1);
  });

  it('leaves controllers alive on their batteries for their hours, and then they answer no more', async () => {
    const cascade = { ...outage('feeder-2', 'lighting'), minutes: 130, stepS: 60 };
    const powered = (city: City) => city.plcs.find(({ id }) => id === 'light-cab-1')!.powered!();
    const early = await play({ ...cascade, minutes: 110 }, cityWiring, true);
    const late = await play(cascade, cityWiring, true);
    const cut = cityWiring.filter(({ kind }) => kind !== 'control');
    const unwired = await play(cascade, cut, true);
    expect([early, late, unwired].map(powered)).toEqual([true, false, true]);
    for (const city of [early, late, unwired]) city.dispose();
  });
});

describe('the load of a consumer', () => {
  it('is on its line: without its wire the line carries that much less', async () => {
    const utilities = ['power', 'water'];
    const cut = cityWiring.filter(({ kind, from }) => !(kind === 'electric-load' && from === 'water/ps-1'));
    const [wired, unwired] = await Promise.all(
      [cityWiring, cut].map((wiring) => createCity({ seed: 2, startMs, utilities, wiring })),
    );
    for (const city of [wired!, unwired!]) for (let step = 0; step < 3; step++) city.step(1);
    const missingKw = 1000 * (readerOf(wired!)('feeder-1:power') - readerOf(unwired!)('feeder-1:power'));
    expect(missingKw).toBeGreaterThan(readerOf(wired!)('ps-1:power'));
    expect(missingKw).toBeLessThan(readerOf(wired!)('ps-1:power') + 20);
    expect(readerOf(wired!)('supply-ps-1:voltage')).toBeLessThan(readerOf(unwired!)('supply-ps-1:voltage'));
    for (const city of [wired!, unwired!]) city.dispose();
  });
});

describe('a leak in one utility', () => {
  it('of water washes into the gallery: its sump fills faster', async () => {
    const cascade: Cascade = {
      ...{
        cause: ['water.burst', 'dma-3', 70],
        utilities: ['water', 'gallery'],
        child: 'gallery',
        wires: ['water-leak'],
      },
      ...{ minutes: 10, stepS: 10 },
    };
    const [level, elsewhere] = await consequences(cascade, ['zone-8:sump-level', 'zone-1:sump-level']);
    expect(level![1]).toBeGreaterThan(level![0] + 0.03);
    expect(elsewhere![1]).toBe(elsewhere![0]);
  });
});
