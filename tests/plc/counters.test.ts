import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTextType } from '../../drivers/api.ts';
import { decodeValue, encodeValue } from '../../drivers/modbus/registers.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { Wiring } from '../../simulator/city/couplings.ts';
import type { PlcPoint } from '../../simulator/city/plant.ts';
import { plants } from '../../simulator/city/plants.ts';
import { counted, placed } from '../../simulator/city/plc-points.ts';
import { Instrument } from '../../simulator/plc/instrument.ts';

/** What a counter tells of a total, in counts of its register. */
function told(total: number, type: 'uint16' | 'uint32' | 'int32' | 'float32', scale: number, full = 1e15): number {
  const signal = counted('total', { zh: '累计', en: 'Total' }, 'm3', full, () => total);
  const [point] = placed(0, { table: 'holding', type, order: 'abcd', scale }, [signal]);
  const instrument = new Instrument(point!);
  return instrument.tell(instrument.see(0));
}

describe('a running total', () => {
  it('begins again at 0 at the end of its register, and shows whole counts', () => {
    const ends = { uint16: 2 ** 16, uint32: 2 ** 32, int32: 2 ** 31 } as const;
    fc.assert(
      fc.property(
        fc.constantFrom('uint16', 'uint32', 'int32'),
        fc.double({ min: 0, max: 1e13, noNaN: true }),
        (type, total) => {
          expect(told(total, type, 1)).toBe(Math.floor(total) % ends[type]);
        },
      ),
    );
  });

  it('counts by the scale of its register, and is never beyond it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(0.1, 0.01, 10),
        fc.nat({ max: 2 ** 31 - 1 }),
        fc.nat({ max: 1000 }),
        (scale, counts, rounds) => {
          const raw = told((counts + 0.5) * scale + rounds * 2 ** 32 * scale, 'uint32', scale);
          expect(Math.abs(raw - counts)).toBeLessThanOrEqual(1);
          expect(told(2 ** 32 * scale * (1 - 1e-12), 'uint32', scale)).toBeLessThan(2 ** 32);
        },
      ),
    );
  });

  it('begins again earlier where its display is full', () => {
    expect([999_999.5, 1e6, 1e6 + 2].map((total) => told(total, 'uint32', 1, 1e6))).toEqual([999_999, 0, 2]);
    expect(told(1e6 + 2.5, 'float32', 1, 1e6)).toBe(2.5);
  });

  it('is what every counter of the city is, and each fits its register however long the city lives', async () => {
    const wiring = new Wiring();
    const points: { readonly tag: string; readonly point: PlcPoint }[] = [];
    for (const [utility, create] of Object.entries(plants)) {
      const context = { random: seededRandom(3), couplings: wiring.of(utility), equipment: 'full' } as const;
      const plant = await create(context);
      for (const plc of plant.plcs)
        for (const point of plc.points) points.push({ tag: `${plc.id}/${point.name}`, point });
      plant.dispose();
    }
    const grows = /(total|total-.*|hours|starts|energy|energy-.*|trips|reports)$/;
    const growing = points.filter(({ point }) => grows.test(point.name) && point.noise === 0 && !point.states);
    expect(growing.length).toBeGreaterThan(150);
    expect(growing.filter(({ point }) => point.wrapsAt === undefined).map(({ tag }) => tag)).toEqual([]);
    for (const { tag, point } of points) {
      if (point.wrapsAt === undefined || isTextType(point.type)) continue;
      for (const total of [point.read(), point.wrapsAt * 3.7, 1e14]) {
        const instrument = new Instrument({ ...point, read: () => total });
        const raw = instrument.tell(instrument.see(0));
        expect(raw, tag).toBeGreaterThanOrEqual(0);
        expect(decodeValue(point.type, 'abcd', encodeValue(point.type, 'abcd', raw), 0), tag).toBe(raw);
      }
    }
  });
});
