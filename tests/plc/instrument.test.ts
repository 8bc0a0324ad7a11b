import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { Instrument } from '../../simulator/plc/instrument.ts';
import { createScan, type PlcScan } from '../../simulator/plc/scan.ts';
import { equipped, PlcSight } from '../../simulator/plc/sight.ts';
import { plcOf, point } from './plc.ts';

const finite = fc.double({ min: -1e6, max: 1e6, noNaN: true });

describe('an instrument', () => {
  it('shows a program the truth within its range, to half a count of the converter', () => {
    fc.assert(
      fc.property(finite, finite, fc.double({ min: 0.1, max: 1e6, noNaN: true }), (truth, low, width) => {
        const high = low + width;
        const seen = new Instrument(point('x', { read: () => truth, low, high, noise: 1, type: 'float64' })).see(0);
        const expected = Math.min(high, Math.max(low, truth));
        expect(Math.abs(seen - expected)).toBeLessThanOrEqual(width / 27_648 / 2 + 1e-9 * Math.abs(expected));
      }),
    );
  });

  it('counts and commands pass without a converter', () => {
    const total = new Instrument(point('total', { read: () => 4_123_456.789, high: 4e9, type: 'float64' }));
    expect(total.tell(total.see(0))).toBe(4_123_456.789);
  });

  it('keeps what the wire says from what the program sees', () => {
    const instrument = new Instrument(point('x', { read: () => 5, noise: 0.1, low: 0, high: 10, type: 'float64' }));
    instrument.distort({ wire: () => 1 });
    expect(instrument.see(0)).toBeCloseTo(5, 3);
    expect(instrument.tell(instrument.see(0))).toBe(1);
    const undo = instrument.distort({ program: () => 9 });
    expect(instrument.see(0)).toBe(9);
    expect(instrument.tell(instrument.see(0))).toBe(1);
    undo();
    expect(instrument.see(0)).toBeCloseTo(5, 3);
  });
});

describe('what a program sees', () => {
  const plc = plcOf('ps-1', 1, [point('flow', { read: () => 7, noise: 0.1, low: 0, high: 10, type: 'float64' })]);

  it('is what the wire says but for the noise, also when the instrument is wrong', () => {
    const sight = new PlcSight(seededRandom(1));
    const flow = sight.of('ps-1/flow');
    const seeing = sight.equip(plc);
    const scan = createScan(seeing, seededRandom(2));
    for (const wrong of [0, 2]) {
      seeing.instruments?.[0]?.distort({ element: (value) => value + wrong });
      scan.scan();
      expect(Math.abs(flow() - (7 + wrong))).toBeLessThan(0.6);
      expect(Math.abs(scan.engineering(0) - (7 + wrong))).toBeLessThan(0.6);
    }
  });

  it('cannot be asked of a point that there is not', () => {
    const sight = new PlcSight(seededRandom(1));
    sight.equip(plc);
    expect(sight.of('ps-1/flaw')).toThrow('ps-1/flaw');
  });

  it('has the same noise in every run of one seed, and none of it is taken from what clients see', () => {
    const clientSees = (scan: PlcScan) => {
      scan.scan();
      return scan.engineering(0);
    };
    const run = () => {
      const sight = new PlcSight(seededRandom(1));
      const flow = sight.of('ps-1/flow');
      const scan = createScan(sight.equip(plc), seededRandom(2));
      return Array.from({ length: 5 }, () => [flow(), clientSees(scan)]);
    };
    const alone = createScan(equipped(plc), seededRandom(2));
    expect(run()).toEqual(run());
    expect(run().map(([, told]) => told)).toEqual(Array.from({ length: 5 }, () => clientSees(alone)));
  });
});
