import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCity } from '../../simulator/city/city.ts';
import { uncoupled, type Wire, Wiring } from '../../simulator/city/couplings.ts';

const leak = (from: string, to: string, factor?: number): Wire => ({
  ...{ kind: 'water-leak', from: `water/${from}`, to: `gallery/${to}` },
  ...(factor === undefined ? {} : { factor }),
});

/** A wiring with leaks of water at the given flows, and what arrives at one zone of the gallery. */
function leaking(flows: readonly number[], wires: readonly Wire[]) {
  const wiring = new Wiring();
  flows.forEach((flow, index) => {
    wiring.of('water').offer('water-leak', `street-${index}`, () => flow);
  });
  const arriving = wiring.of('gallery').take('water-leak', 'zone-1');
  wiring.lay(wires, ['water', 'gallery']);
  return { wiring, arriving };
}

describe('couplings', () => {
  it('add up what several wires bring, each times its factor', () => {
    const flow = fc.double({ min: 0, max: 1e4, noNaN: true });
    const factor = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(fc.array(fc.tuple(flow, factor), { minLength: 1, maxLength: 8 }), (leaks) => {
        const wires = leaks.map(([, share], index) => leak(`street-${index}`, 'zone-1', share));
        const { wiring, arriving } = leaking(
          leaks.map(([m3H]) => m3H),
          wires,
        );
        wiring.exchange();
        const expected = leaks.reduce((sum, [m3H, share]) => sum + m3H * share, 0);
        expect(arriving()).toBeCloseTo(expected, 6);
      }),
    );
  });

  it('take the better of two supplies, and the nominal one where no wire leads', () => {
    const wiring = new Wiring();
    wiring.of('power').offer('supply', 'feeder-1', () => 0);
    wiring.of('power').offer('supply', 'feeder-2', () => 0.97);
    const pump = wiring.of('water').take('supply', 'ps-1');
    const fan = wiring.of('gallery').take('supply', 'zone-1');
    const from = ['power/feeder-1', 'power/feeder-2'];
    wiring.lay(
      from.map((end) => ({ kind: 'supply', from: end, to: 'water/ps-1' })),
      ['power', 'water', 'gallery'],
    );
    wiring.exchange();
    expect([pump(), fan()]).toEqual([0.97, 1]);
    expect(uncoupled.take('supply', 'anywhere')()).toBe(1);
  });

  it('show a plant what others offered at the end of the previous step, whichever plant moves first', () => {
    const seenBy = (order: readonly ('tank' | 'pump')[]) => {
      const wiring = new Wiring();
      let m3H = 0;
      wiring.of('water').offer('water-leak', 'street-0', () => m3H);
      const arriving = wiring.of('gallery').take('water-leak', 'zone-1');
      wiring.lay([leak('street-0', 'zone-1')], ['water', 'gallery']);
      const seen: number[] = [];
      const move = { tank: () => m3H++, pump: () => seen.push(arriving()) };
      for (let step = 0; step < 3; step++) {
        for (const plant of order) move[plant]();
        wiring.exchange();
      }
      return seen;
    };
    expect(seenBy(['tank', 'pump'])).toEqual([0, 1, 2]);
    expect(seenBy(['pump', 'tank'])).toEqual([0, 1, 2]);
  });

  it('leave out the wires of utilities that are not built', () => {
    const wiring = new Wiring();
    const arriving = wiring.of('gallery').take('water-leak', 'zone-1');
    wiring.lay([leak('street-0', 'zone-1')], ['gallery']);
    wiring.exchange();
    expect(arriving()).toBe(0);
  });

  it('refuse a wire to a place that its plant does not have, and a place that is offered twice', () => {
    expect(() => leaking([1], [leak('street-7', 'zone-1')])).toThrow(/nothing at water\/street-7 offers water-leak/);
    expect(() => leaking([1], [leak('street-0', 'zone-9')])).toThrow(/nothing at gallery\/zone-9 takes water-leak/);
    const { wiring } = leaking([1], []);
    expect(() => wiring.of('water').offer('water-leak', 'street-0', () => 2)).toThrow(/twice/);
  });

  it('stop a city from being built when a wire ends nowhere', async () => {
    const wiring = [leak('no-street', 'no-zone')];
    const options = { seed: 1, startMs: Date.UTC(2027, 0, 12), utilities: ['water', 'gallery'] };
    await expect(createCity({ ...options, wiring })).rejects.toThrow(/water\/no-street → gallery\/no-zone/);
  });
});
