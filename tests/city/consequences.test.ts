import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, createCity } from '../../simulator/city/city.ts';
import { cityWiring } from '../../simulator/city/wiring.ts';
import { services } from '../../simulator/power/network.ts';

const startMs = Date.parse('2027-01-12T20:00:00+08:00');
const utilities = ['power', 'water', 'gallery', 'lighting'];
let wired: City;
let bare: City;

const affectedBy = (city: City, kind: string, target: string) =>
  city.start({ id: `${kind}-${target}`, kind, target, magnitude: 5, durationS: 60, startMs }).affected;

beforeAll(async () => {
  wired = await createCity({ seed: 1, startMs, utilities, wiring: cityWiring });
  bare = await createCity({ seed: 1, startMs, utilities, wiring: [] });
});
afterAll(() => {
  wired.dispose();
  bare.dispose();
});

describe('what a happening may rightly make alarm', () => {
  it('runs over the wires to whom a line feeds, and on to what lies behind', () => {
    const own = ['feeder-1', ...services.filter(({ feeder }) => feeder === 'feeder-1').map(({ id }) => id)];
    expect(own).toEqual(expect.arrayContaining(['supply-ps-1', 'supply-light-cab-3']));
    expect(affectedBy(bare, 'power.feeder-trip', 'feeder-1').toSorted()).toEqual(own.toSorted());
    const affected = affectedBy(wired, 'power.feeder-trip', 'feeder-1');
    expect(affected).toEqual(expect.arrayContaining([...own, 'ps-1', 'tank-1', 'dma-1', 'dma-4']));
    expect(affected).not.toContain('feeder-2');
    expect(affected).not.toContain('zone-1');
    expect(affected.filter((id) => id.startsWith('circuit-')).length).toBeGreaterThan(2);
  });

  it('does not run back from a consumer to its supply, though its load is wired', () => {
    const affected = affectedBy(wired, 'water.pump-trip', 'ps-1');
    expect(affected.filter((id) => /^(feeder|supply|bus)-/.test(id))).toEqual([]);
  });

  it('reaches the gallery from a burst above it, and never from a hydrant that is flushed', () => {
    expect(affectedBy(wired, 'water.burst', 'dma-3')).toContain('zone-8');
    expect(affectedBy(bare, 'water.burst', 'dma-3')).not.toContain('zone-8');
    expect(affectedBy(wired, 'water.hydrant-flush', 'dma-3')).toEqual(['dma-3']);
  });

  it('is told to the gateway with the PLCs that fall silent once their batteries are empty', () => {
    const fed = (city: City, id: string) => city.assets.find((asset) => asset.id === id)?.upstreamOf;
    expect(fed(wired, 'supply-light-cab-3')).toEqual(expect.arrayContaining(['light-cab-3', 'circuit-11']));
    expect(fed(wired, 'supply-ps-1')).toEqual(['ps-1', 'water-ps-1']);
    expect(fed(bare, 'supply-ps-1')).toEqual([]);
  });
});
