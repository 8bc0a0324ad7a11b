import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { ActiveHappenings } from '../../simulator/city/active.ts';
import { uncoupled } from '../../simulator/city/couplings.ts';
import { localTime } from '../../simulator/city/local-time.ts';
import { harbinWeather } from '../../simulator/city/weather.ts';
import { Catchment } from '../../simulator/drainage/catchment.ts';
import { Effects } from '../../simulator/drainage/effects.ts';
import { drainageHappenings } from '../../simulator/drainage/happenings.ts';
import { Waters } from '../../simulator/drainage/waters.ts';

const design = { areaHa: 10, pavedShare: 0.6, lagS: 600 };
const rain = (rainMmH: number) => ({ rainMmH, snowMmH: 0, outdoorC: 15, frozen: false });

describe('a catchment', () => {
  it('loses no drop of rain, snow and melt', () => {
    const catchment = new Catchment(design);
    catchment.cover(30);
    const before = catchment.storedM3();
    let ranOffM3 = 0;
    for (let step = 0; step < 5000; step++) {
      const outdoorC = 12 * Math.sin(step / 300);
      const wet = Math.max(0, 20 * Math.sin(step / 97));
      const weather = outdoorC > 0 ? rain(wet) : { rainMmH: 0, snowMmH: wet, outdoorC, frozen: true };
      catchment.step(60, { ...weather, outdoorC });
      ranOffM3 += 60 * (catchment.runoffM3S + catchment.seepageM3S);
    }
    const { broughtM3, lostM3 } = catchment;
    expect(broughtM3 - lostM3 - ranOffM3).toBeCloseTo(catchment.storedM3() - before, 4);
    expect(ranOffM3).toBeGreaterThan(1000);
  });

  it('lets steady rain on paved ground run off as it falls, and less where it can soak in', () => {
    const steady = (pavedShare: number, rainMmH: number) => {
      const catchment = new Catchment({ ...design, pavedShare });
      for (let step = 0; step < 600; step++) catchment.step(60, rain(rainMmH));
      return catchment.runoffM3S / ((rainMmH * design.areaHa * 10) / 3600);
    };
    expect(steady(1, 20)).toBeCloseTo(1, 3);
    expect(steady(0.5, 20)).toBeCloseTo(0.75, 1);
    expect(steady(0, 8)).toBe(0);
    expect(steady(0.6, 40)).toBeGreaterThan(steady(0.6, 20));
  });

  it('runs off more from frozen ground than from open ground', () => {
    const runoff = (frozen: boolean) => {
      const catchment = new Catchment({ ...design, pavedShare: 0 });
      for (let step = 0; step < 200; step++) catchment.step(60, { ...rain(10), frozen });
      return catchment.runoffM3S;
    };
    expect(runoff(true)).toBeGreaterThan(5 * runoff(false) + 0.05);
  });

  it('keeps its snow in a frost and gives it away in the thaw, after its lag', () => {
    const catchment = new Catchment(design);
    catchment.cover(20);
    for (let step = 0; step < 100; step++) catchment.step(300, { rainMmH: 0, snowMmH: 0, outdoorC: -8, frozen: true });
    expect(catchment.runoffM3S).toBe(0);
    for (let step = 0; step < 100; step++) catchment.step(300, { rainMmH: 0, snowMmH: 0, outdoorC: 4, frozen: true });
    expect(catchment.runoffM3S).toBeGreaterThan(0.005);
    expect(catchment.meltShare).toBeGreaterThan(0.99);
  });
});

describe('all water of the drainage', () => {
  it('is conserved over four stormy days with a blocked sewer, a flood, the river coming in and a broken sewer', () => {
    const active = new ActiveHappenings(drainageHappenings);
    const waters = new Waters(seededRandom(4, 'waters'));
    const effects = new Effects(active, uncoupled);
    const weatherAt = harbinWeather(1);
    let timeMs = Date.parse('2026-07-18T00:00:00+08:00');
    const go = (steps: number, dtS: number) => {
      for (let step = 0; step < steps; step++) {
        timeMs += dtS * 1000;
        const weather = weatherAt(timeMs);
        active.expire(timeMs);
        for (const { group } of [...waters.stations, ...waters.underpasses])
          for (const [index, pump] of group.pumps.entries()) pump.command = (step + index) % 7 < 3;
        waters.advance(dtS, { timeMs, dtS, ...localTime(timeMs), weather }, effects);
      }
    };
    go(10, 30);
    const initial = waters.storedM3() - waters.balanceM3();
    const start = (kind: string, target: string, magnitude: number) =>
      active.start({ id: kind, kind: `drainage.${kind}`, target, magnitude, startMs: timeMs, durationS: 0 });
    start('blockage', 'mh-5', 99.5);
    start('underpass-flood', 'up-2', 120);
    start('river-backflow', 'storm-1', 3.5);
    start('infiltration', 'mh-2', 150);
    go(4 * 2880, 30);
    const throughput = waters.total.worksM3 + waters.total.broughtM3;
    expect(throughput).toBeGreaterThan(10_000);
    expect(Math.abs(waters.storedM3() - waters.balanceM3() - initial) / throughput).toBeLessThan(1e-9);
  });
});
