import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Feeder, type FeederEffects } from '../../simulator/power/feeder.ts';
import { feeders, sections, services } from '../../simulator/power/network.ts';
import { Service } from '../../simulator/power/service.ts';
import { Substation } from '../../simulator/power/substation.ts';
import { Transformer } from '../../simulator/power/transformer.ts';

const quiet: FeederEffects = { faultKa: 0, refuses: false, phaseLost: false, displacement: 0, transferred: false };
const whole = { tripped: false, aged: 0, testing: false };
const healthy = { tripped: false, runawayTaps: 0 };

describe('a transformer', () => {
  it('drops by (P R + Q X)/U under load: 0.246 kV at 12 MW and power factor 0.95', () => {
    const transformer = new Transformer();
    // 20 MVA at 10.5 kV with 9 % and 0.5 %: X 0.4961 Ω, R 0.0276 Ω; Q 3.944 Mvar.
    const drop = (12 * 0.027_56 + 3.944 * 0.496_1) / 10.5;
    expect(transformer.voltageKv(1, 0) - transformer.voltageKv(1, 12)).toBeCloseTo(drop, 3);
  });

  it('brings its bus within a tap of 10.25 kV for any grid and load that its taps reach, and stays there', () => {
    const grid = fc.double({ min: 0.96, max: 1.04, noNaN: true });
    const load = fc.double({ min: 0, max: 18, noNaN: true });
    fc.assert(
      fc.property(grid, load, (gridPu, loadMw) => {
        const transformer = new Transformer();
        for (let minute = 0; minute < 20; minute++) transformer.step(60, gridPu, loadMw, 0, 0);
        expect(Math.abs(transformer.voltageKv(gridPu, loadMw) - 10.25)).toBeLessThan(0.15);
        const { tap } = transformer;
        transformer.step(3600, gridPu, loadMw, 0, 0);
        expect(transformer.tap).toBe(tap);
      }),
    );
  });

  it('rests 52 K above the air at rated load (IEC 60076-7), and warms towards it with 3 h', () => {
    const transformer = new Transformer();
    transformer.step(1, 1, 19, 20, 0);
    expect(transformer.oilC).toBeCloseTo(72, 1);
    const cooled = new Transformer();
    cooled.step(1, 1, 0, 20, 0);
    const from = cooled.oilC;
    cooled.step(3 * 3600, 1, 19, 20, 0);
    expect((cooled.oilC - from) / (72 - from)).toBeCloseTo(1 - Math.exp(-1), 2);
  });
});

describe('a substation', () => {
  const [first, second] = sections;
  const built = () => new Substation('grid-1', [first!, second!]);
  const around = { gridPu: 1, outdoorC: 0 };

  it('loses a section with its transformer for 3 s, then carries both loads over the tie', () => {
    const substation = built();
    substation.step(1, around, [5, 4], [healthy, healthy]);
    const course: number[] = [];
    for (let second_ = 0; second_ < 5; second_++) {
      substation.step(1, around, [5, 4], [{ ...healthy, tripped: true }, healthy]);
      course.push(substation.sections[0].busKv);
    }
    expect(course.map((kv) => kv > 9)).toEqual([false, false, true, true, true]);
    expect(substation.sections[1].transformer.loadMw).toBe(9);
    substation.step(1, around, [5, 4], [healthy, healthy]);
    expect(substation.tieClosed).toBe(false);
    expect(substation.sections.map(({ transformer }) => transformer.loadMw)).toEqual([5, 4]);
  });

  it('is dead on both sides while both transformers are out', () => {
    const substation = built();
    const out = { ...healthy, tripped: true };
    for (let step = 0; step < 10; step++) substation.step(1, around, [5, 4], [out, out]);
    expect(substation.sections.map(({ busKv }) => busKv)).toEqual([0, 0]);
  });
});

describe('a line', () => {
  const line = () => new Feeder(feeders[0]!, 0);
  const run = (feeder: Feeder, seconds: number, wantedMw: number, effects: FeederEffects = quiet) => {
    for (let second = 0; second < seconds; second++) {
      feeder.protect(1, effects, wantedMw);
      feeder.carry(1, wantedMw, 10.25, effects, effects.displacement);
    }
  };

  it('carries I = P/(√3 U cos φ), and its voltage falls along the cable', () => {
    const feeder = line();
    run(feeder, 1, 3);
    const mean = feeder.amperes.reduce((sum, amperes) => sum + amperes, 0) / 3;
    expect(mean).toBeCloseTo(3000 / (Math.sqrt(3) * 10.25 * 0.95), 6);
    fc.assert(
      fc.property(fc.double({ min: 0, max: 5, noNaN: true }), fc.double({ min: 0, max: 5, noNaN: true }), (a, b) => {
        const [near, far] = [Math.min(a, b), Math.max(a, b)];
        expect(feeder.voltageAt(far)).toBeLessThanOrEqual(feeder.voltageAt(near));
      }),
    );
  });

  it('trips after ten minutes above 125 % of its rated current, not before, and comes back when the load is gone', () => {
    const feeder = line();
    run(feeder, 599, 9);
    expect(feeder.closed).toBe(true);
    run(feeder, 2, 9);
    expect([feeder.closed, feeder.tripped, feeder.powerMw]).toEqual([false, true, 0]);
    run(feeder, 1, 2);
    expect([feeder.closed, feeder.tripped]).toEqual([true, false]);
  });

  it('asks a breaker that refuses to close again, and one that tripped on a fault not', () => {
    const refusing = line();
    run(refusing, 5, 2, { ...quiet, refuses: true });
    expect([refusing.closed, refusing.command]).toEqual([false, true]);
    const faulty = line();
    run(faulty, 5, 2, { ...quiet, faultKa: 6.5 });
    expect([faulty.closed, faulty.command, faulty.faultKa]).toEqual([false, false, 6.5]);
  });
});

describe('the supply of a consumer', () => {
  const room = (id: string) => new Service(services.find((data) => data.id === id)!);
  const nominalKv = 10.1;

  it('is at nominal voltage within 1.5 % on a healthy line', () => {
    const service = room('supply-ps-1');
    service.step(1, nominalKv, undefined, whole);
    expect(service.supply).toBeGreaterThan(0.985);
    expect(service.supply).toBeLessThan(1.015);
  });

  it('lets go below 70 % and comes back only after its restart delay', () => {
    const service = room('supply-ps-1');
    service.step(1, nominalKv, undefined, whole);
    service.step(1, 0.6 * nominalKv, undefined, whole);
    expect(service.supply).toBe(0);
    let waitedS = 0;
    for (; service.supply === 0; waitedS++) service.step(1, nominalKv, undefined, whole);
    expect(waitedS).toBe(20);
  });

  it('rides through a dip to 80 %', () => {
    const service = room('supply-ps-1');
    service.step(1, 0.8 * nominalKv, undefined, whole);
    expect(service.supply).toBeGreaterThan(0.75);
  });

  it('changes over to a second line within seconds, and back when the first has been there for two minutes', () => {
    const service = room('supply-heat-plant-1');
    for (let second = 0; second < 40; second++) service.step(1, 0, nominalKv, whole);
    expect([service.onAlternative, service.supply > 0.9]).toEqual([true, true]);
    for (let second = 0; second < 110; second++) service.step(1, nominalKv, nominalKv, whole);
    expect(service.onAlternative).toBe(true);
    for (let second = 0; second < 20; second++) service.step(1, nominalKv, nominalKv, whole);
    expect(service.onAlternative).toBe(false);
  });

  it.each(services.map(({ id, batteryHours }) => [id, batteryHours] as const))(
    'keeps the controllers of %s alive for %d hours, the less the older the battery, and boots them afterwards',
    (id, batteryHours) => {
      const darkAfterH = (aged: number) => {
        const service = room(id);
        let minutes = 0;
        for (; service.controls; minutes++) service.step(60, 0, undefined, { ...whole, aged });
        service.step(10, nominalKv, undefined, whole);
        expect(service.controls).toBe(false);
        service.step(40, nominalKv, undefined, whole);
        expect(service.controls).toBe(true);
        return minutes / 60;
      };
      expect(darkAfterH(0)).toBeCloseTo(batteryHours, 1);
      expect(darkAfterH(0.5)).toBeCloseTo(batteryHours / 2, 1);
    },
  );
});
