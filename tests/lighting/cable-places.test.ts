import { describe, expect, it } from 'vitest';
import { alongCable } from '../../edge/detection/place/along-cable.ts';
import {
  type CircuitEffects,
  countLamps,
  loadCircuit,
  noEffects,
  restingCircuit,
  settleCircuit,
} from '../../simulator/lighting/circuit.ts';
import { type CircuitData, circuits } from '../../simulator/lighting/circuits.ts';

/** What a circuit of the city draws at night, kW. */
function powerKw(data: CircuitData, effects: CircuitEffects = noEffects): number {
  const state = restingCircuit();
  settleCircuit(state, true, 1);
  state.burning = countLamps(data, effects);
  for (let step = 0; step < 20; step++) loadCircuit(state, data, effects, [222, 221, 223], 0);
  return state.powerW / 1000;
}

/** Whether a candidate has the first lamp that is dark. */
const holds = (id: string | undefined, lamp: number) => {
  const [first = Number.NaN, last = first] = (id ?? '').split('/lamp-')[1]?.split('-').map(Number) ?? [];
  return lamp >= first && lamp <= last;
};

describe('a cable that is cut', () => {
  it('is told with the section of it in which the lamps end, of every circuit of the city', () => {
    const shares = [0.2, 0.35, 0.5, 0.65, 0.8];
    const found = circuits.flatMap((data) =>
      shares.map((cutShare) => {
        const expected = powerKw(data);
        const observed = powerKw(data, { ...noEffects, cutShare });
        const load = { lamps: data.lamps, observed, expected, deviation: 0.005 * expected };
        const ids = alongCable({ asset: data.id, ...load }).map(({ id }) => id);
        const firstDark = Math.round(data.lamps * (1 - cutShare)) + 1;
        return { first: holds(ids[0], firstDark), three: ids.slice(0, 3).some((id) => holds(id, firstDark)) };
      }),
    );
    expect(found.length).toBeGreaterThan(100);
    expect(found.filter(({ first }) => first).length / found.length).toBeGreaterThan(0.6);
    expect(found.filter(({ three }) => three).length / found.length).toBeGreaterThan(0.98);
  });

  it('is nowhere where no lamps are counted, or more is drawn than by all of them', () => {
    const load = { asset: 'c', lamps: 60, observed: 3, expected: 6, deviation: 0.03 };
    expect(alongCable(load)[0]).toMatchObject({ id: 'c/lamp-31-33', distanceM: null, withinM: null });
    for (const wrong of [
      { lamps: 0 },
      { lamps: Number.NaN },
      { observed: 7 },
      { observed: Number.NaN },
      { observed: -1 },
    ])
      expect(alongCable({ ...load, ...wrong }), JSON.stringify(wrong)).toEqual([]);
  });

  it('is told less surely the more restless the load is, and all sections together are the whole', () => {
    const surest = [0.01, 0.1, 0.5].map(
      (deviation) => alongCable({ asset: 'c', lamps: 60, observed: 3.2, expected: 6, deviation })[0]?.probability ?? 0,
    );
    expect(surest).toEqual([...surest].sort((a, b) => b - a));
    expect(new Set(surest).size).toBe(3);
  });
});
