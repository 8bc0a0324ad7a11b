import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type City, createCity } from '../../simulator/city/city.ts';
import { type LinkState, linkNow, linkStates } from '../../simulator/city/networks.ts';

const startMs = Date.parse('2027-01-12T18:00:00+08:00');
let city: City;

beforeAll(async () => {
  city = await createCity({ seed: 5, startMs, equipment: 'full' });
});
afterAll(() => city.dispose());

/** Links with a state that tells of something, `utility/network/link` with their states. */
const telling = (of: City) =>
  Object.fromEntries(
    of.networks.flatMap(({ utility, id: network, links }) =>
      links
        .map((link) => [`${utility}/${network}/${link.id}`, link.now().state] as const)
        .filter(([, state]) => state !== 'usual' && state !== 'still'),
    ),
  );

describe('the networks of the city', () => {
  it('run between assets that there are and places in the city, each link once', () => {
    const assets = new Set(city.assets.map(({ id }) => id));
    expect(new Set(city.networks.map(({ utility }) => utility))).toEqual(
      new Set(['water', 'heating', 'gas', 'gallery', 'lighting', 'power', 'drainage']),
    );
    const names = city.networks.flatMap(({ utility, id, links }) => links.map((link) => `${utility}/${id}/${link.id}`));
    expect(new Set(names).size).toBe(names.length);
    for (const { links } of city.networks) {
      for (const { id, from, to, via = [] } of links) {
        for (const end of [from, to, ...via]) {
          if (typeof end === 'string') expect(assets, `${id} ends at ${end}`).toContain(end);
          else expect(Math.hypot(end[0] - 126.64, end[1] - 45.745), `${id} at ${end}`).toBeLessThan(0.1);
        }
        expect(from, id).not.toEqual(to);
      }
    }
  });

  it('tell of nothing on a quiet winter evening, and carry water, heat, gas and current', () => {
    expect(telling(city)).toEqual({});
    // Pumps of the sewers run now and then.
    for (const { utility, id, links } of city.networks.filter((network) => network.id !== 'rising-mains')) {
      expect(
        links.some((link) => link.now().flow !== 0),
        `${utility}/${id}`,
      ).toBe(true);
    }
  });

  it('brings gas and heat from their sources to every station, and back the return', () => {
    const flows = (utility: string, network: string) =>
      new Map(
        city.networks
          .find((one) => one.utility === utility && one.id === network)!
          .links.map((link) => [link.id, link.now().flow]),
      );
    expect(flows('gas', 'medium-pressure').get('gate-n1')).toBe(1);
    expect(flows('gas', 'medium-pressure').get('n2-r1')).toBe(1);
    expect(flows('heating', 'supply').get('c-sub-3')).toBe(1);
    expect(flows('heating', 'return').get('plant-a')).toBe(1);
  });
});

describe('what happens shows on the links that it befalls', () => {
  const happenings: readonly (readonly [kind: string, target: string, magnitude: number, states: object])[] = [
    ['heating.primary-break', 'sub-3', 20, { 'heating/supply/c-sub-3': 'leaking' }],
    ['gas.third-party-damage', 'gas-d1', 5_000, { 'gas/low-pressure/gas-d1': 'leaking' }],
    ['gas.slam-shut', 'reg-2', 1, { 'gas/low-pressure/gas-d2': 'dead' }],
    ['gas.cabinet-leak', 'reg-4', 5, { 'gas/medium-pressure/n8-r4': 'leaking' }],
    [
      'power.feeder-trip',
      'feeder-8',
      6,
      { 'power/feeders/feeder-8': 'dead', 'power/services/feeder-8/supply-sub-1': 'dead' },
    ],
    ['power.earth-fault', 'feeder-5', 80, { 'power/feeders/feeder-5': 'leaking' }],
    ['drainage.blockage', 'mh-3', 99, { 'drainage/sewers/mh-3-outlet': 'blocked' }],
    ['gallery.gas-leak', 'zone-4', 150, { 'gallery/gas-cabins/zone-4': 'leaking' }],
    ['gallery.fire', 'zone-8', 500, { 'gallery/combined-cabins/zone-8': 'weak' }],
    ['lighting.cable-theft', 'circuit-9', 0.5, { 'lighting/circuits/circuit-9': 'blocked' }],
    ['lighting.earth-leakage', 'circuit-20', 400, { 'lighting/circuits/circuit-20': 'leaking' }],
    [
      'water.valve-left-closed',
      'dma-3',
      5,
      { 'water/trunk/dma-3-valve': 'blocked', 'water/streets/dma-3-00-10': 'weak' },
    ],
  ];
  let shown: Readonly<Record<string, LinkState>>;

  beforeAll(() => {
    for (const [kind, target, magnitude] of happenings) {
      city.start({ id: `${kind}/${target}`, kind, target, magnitude, durationS: 7_200, startMs: city.nowMs });
    }
    for (const target of ['dma-2', 'dma-5']) {
      const burst = { kind: 'water.burst', target, magnitude: 40, durationS: 7_200, startMs: city.nowMs };
      city.start({ ...burst, id: `burst/${target}` });
    }
    for (let step = 0; step < 180; step++) city.step(10);
    shown = telling(city);
  });

  it.each(happenings)('%s at %s', (_kind, _target, _magnitude, states) => {
    expect(shown).toMatchObject(states);
  });

  it('a burst on one pipe of its own district, in the old town and in one of an EPANET file', () => {
    const leaking = Object.keys(shown).filter((name) => name.startsWith('water/') && shown[name] === 'leaking');
    expect(leaking).toHaveLength(2);
    expect(leaking[0]).toMatch(/^water\/streets\/dma-2-/);
    expect(leaking[1]).toMatch(/^water\/new-town\.inp\//);
  });
});

describe('the state of a link', () => {
  it('is the worst that holds, and at rest only where nothing does', () => {
    for (const [at, state] of linkStates.entries()) {
      const lesser = Object.fromEntries(linkStates.slice(at).map((other) => [other, true]));
      expect(linkNow(1, lesser).state).toBe(state);
    }
    expect(linkNow(0, {}).state).toBe('still');
    expect(linkNow(-1, { weak: false })).toEqual({ state: 'usual', flow: -1 });
  });
});
