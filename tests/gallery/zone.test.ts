import { describe, expect, it } from 'vitest';
import { moistureOf, relativeHumidity, relaxed, saturatedMoisture } from '../../simulator/gallery/air.ts';
import { Fan } from '../../simulator/gallery/fan.ts';
import { fireOutput } from '../../simulator/gallery/fire.ts';
import { surfaceOf, volumeOf, zoneDesigns } from '../../simulator/gallery/layout.ts';
import { Sump } from '../../simulator/gallery/sump.ts';
import { Zone, type ZoneInputs } from '../../simulator/gallery/zone.ts';

/** A gas compartment of 2.8 × 3.0 × 200 m = 1,680 m³, as in the domain reference. */
const design = { ...zoneDesigns[3]!, h2sMgS: 0 };

const calm: ZoneInputs = {
  fanShare: 0,
  fanBroken: false,
  leakageH: 0,
  gasM3H: 0,
  waterM3H: 0,
  people: 0,
  fire: undefined,
  freshShare: 1,
  inertM3H: 0,
  h2sMgS: 0,
  pumpsBroken: false,
  supplied: true,
  heatW: 0,
  steamKgS: 0,
  cableW: 0,
  pipeWK: 0,
  pipeC: 20,
  outdoorC: 10,
  outdoorHumidity: 0.4,
  soilC: 10,
  gapM3H: 0,
  neighbours: [],
  wallHaste: 1,
};

const zoneAt = (temperatureC: number) => new Zone(design, temperatureC, temperatureC, 0.4);

function run(zone: Zone, inputs: ZoneInputs, seconds: number, dtS = 10): Zone {
  for (let steps = Math.round(seconds / dtS); steps > 0; steps--) zone.step(dtS, inputs);
  return zone;
}

describe('methane in a compartment', () => {
  it.each([
    [3.4, 0.2],
    [34, 2],
    [101, 6],
    [202, 12],
  ])('comes to rest at 1 %% with %f m³/h and %f air changes an hour', (leakM3H, changes) => {
    expect(volumeOf(design)).toBeCloseTo(1_680, 6);
    const zone = run(zoneAt(10), { ...calm, leakageH: changes, gasM3H: leakM3H }, (12 * 3600) / changes, 10);
    expect(Math.abs(zone.air.ch4 - 0.01)).toBeLessThan(1.5e-4);
  });

  it.each([0.2, 2, 6, 12])('decays with a time constant of 3600/n seconds at n = %f', (changes) => {
    const zone = zoneAt(10);
    zone.air = { ...zone.air, ch4: 0.02 };
    const tau = 3600 / changes;
    run(zone, { ...calm, leakageH: changes }, tau, tau / 500);
    expect(zone.air.ch4 / 0.02).toBeCloseTo(Math.exp(-1), 3);
  });

  it('displaces oxygen by its own volume', () => {
    const zone = run(zoneAt(10), { ...calm, leakageH: 2, gasM3H: 200 }, 6 * 3600);
    expect(zone.oxygenFraction).toBeCloseTo(0.2095 * (1 - zone.air.ch4), 9);
    expect(zone.oxygenFraction).toBeLessThan(0.2);
  });

  it('is conserved between neighbours that exchange air through the fire door', () => {
    const [a, b] = [zoneAt(10), zoneAt(10)];
    a.air = { ...a.air, ch4: 0.01 };
    const gap = { ...calm, gapM3H: 100 };
    for (let step = 0; step < 3600; step++) {
      const [ofA, ofB] = [
        { air: a.air, temperatureC: 10 },
        { air: b.air, temperatureC: 10 },
      ];
      a.step(1, { ...gap, neighbours: [ofB] });
      b.step(1, { ...gap, neighbours: [ofA] });
    }
    expect((a.air.ch4 + b.air.ch4) / 0.01).toBeCloseTo(1, 6);
    expect(b.air.ch4).toBeGreaterThan(5e-4);
  });

  it('loses what leaks in and does not stay: leaked = stored + carried out within 0.1 %', () => {
    const zone = zoneAt(10);
    let out = 0;
    for (let step = 0; step < 7_200; step++) {
      const before = zone.air.ch4;
      zone.step(1, { ...calm, leakageH: 4, gasM3H: 60 });
      // Air leaves by ventilation and pushed out by the gas itself.
      out += ((before + zone.air.ch4) / 2) * ((4 * 1_680 + 60) / 3600);
    }
    expect((out + 1_680 * zone.air.ch4) / 120).toBeCloseTo(1, 3);
  });

  it('does not depend on the sub-step: 1 s against 10 s within 0.1 %', () => {
    const inputs = { ...calm, fanShare: 0.5, leakageH: 0.2, gasM3H: 80, outdoorC: -20 };
    const [fine, coarse] = [run(zoneAt(8), inputs, 3_600, 1), run(zoneAt(8), inputs, 3_600, 10)];
    expect(fine.air.ch4 / coarse.air.ch4).toBeCloseTo(1, 3);
    expect(Math.abs(fine.temperatureC - coarse.temperatureC)).toBeLessThan(0.01);
    expect(Math.abs(fine.humidity - coarse.humidity)).toBeLessThan(0.1);
  });
});

describe('heat and moisture', () => {
  it('rests where loads equal what soil and ventilation take', () => {
    const inputs = {
      ...calm,
      leakageH: 2,
      cableW: 8_000,
      pipeWK: 60,
      pipeC: 80,
      outdoorC: -20,
      soilC: 5,
      wallHaste: 500,
    };
    const zone = run(zoneAt(5), inputs, 40 * 3600);
    const ventilation = 1.22 * 1_006 * 1_680 * (2 / 3600) * (zone.temperatureC + 20);
    const soil = 0.8 * surfaceOf(design) * (zone.wallC - 5);
    const dried = 1.22 * 1_680 * (2 / 3600) * (zone.moisture - moistureOf(0.4, -20)) * 2.48e6;
    const gains = 8_000 + 60 * (80 - zone.temperatureC);
    expect(Math.abs((ventilation + soil + dried) / gains - 1)).toBeLessThan(0.002);
  });

  it('is cooled and dried by winter air: ventilation at −25 °C brings frost, without it the ground keeps it off', () => {
    const winter = { ...calm, outdoorC: -25, outdoorHumidity: 0.7, soilC: 5, wallHaste: 100 };
    const ventilated = run(zoneAt(5), { ...winter, fanShare: 0.5 }, 24 * 3600);
    const closed = run(zoneAt(5), { ...winter, leakageH: 0.2 }, 24 * 3600);
    expect(ventilated.temperatureC).toBeLessThan(0);
    expect(ventilated.humidity).toBeLessThan(40);
    expect(ventilated.moisture).toBeLessThan(0.6 * closed.moisture);
    expect(closed.temperatureC).toBeGreaterThan(2);
  });

  it('condenses summer air on the cold wall, which ends in the sump', () => {
    const zone = zoneAt(14);
    const before = zone.sump.waterM3;
    const resting = zone.sump.pumps.map((pump) => pump.hours);
    run(zone, { ...calm, leakageH: 6, outdoorC: 28, outdoorHumidity: 0.8, soilC: 10 }, 24 * 3600);
    expect(zone.moisture).toBeLessThan(moistureOf(0.8, 28));
    expect(zone.moisture).toBeGreaterThanOrEqual(saturatedMoisture(zone.wallC) * 0.99);
    const pumped = 15 * zone.sump.pumps.reduce((hours, pump, index) => hours + pump.hours - (resting[index] ?? 0), 0);
    expect(zone.sump.waterM3 - before + pumped).toBeGreaterThan(0.1);
  });

  it('computes humidity both ways and never exceeds saturation', () => {
    expect(relativeHumidity(moistureOf(0.6, 20), 20)).toBeCloseTo(60, 6);
    expect(saturatedMoisture(20)).toBeCloseTo(0.0149, 3);
    const zone = run(zoneAt(5), { ...calm, leakageH: 12, outdoorC: 25, outdoorHumidity: 0.9, soilC: 5 }, 3_600);
    expect(zone.humidity).toBeLessThanOrEqual(100.0001);
  });

  it('integrates a relaxation exactly, with and without decay', () => {
    expect(relaxed(1, 0, 0.1, 10)).toBeCloseTo(Math.exp(-1), 12);
    expect(relaxed(1, 2, 0, 3)).toBe(7);
  });
});

describe('sump', () => {
  it('conserves water through dry weather and a flood', () => {
    const sump = new Sump(0.5, 560);
    const start = sump.waterM3;
    let pumped = 0;
    let entered = 0;
    for (let step = 0; step < 3_600; step++) {
      const inflow = step < 1_800 ? 2 : 60;
      pumped += sump.step(2, inflow);
      entered += (inflow * 2) / 3600;
    }
    expect(sump.waterM3).toBeCloseTo(start + entered - pumped, 9);
    expect(pumped).toBeGreaterThan(10);
  });

  it('keeps up with 12 m³/h by one pump, with 25 by two, and floods at 45', () => {
    const highest = (inflow: number) => {
      const sump = new Sump(0.5, 560);
      let level = 0;
      for (let second = 0; second < 3_600; second++) {
        sump.step(1, inflow);
        level = Math.max(level, sump.levelM);
      }
      return level;
    };
    expect(highest(12)).toBeLessThan(0.85);
    expect(highest(25)).toBeLessThan(1);
    expect(highest(45)).toBeGreaterThan(1.2);
  });

  it('lets the pumps lead in turn', () => {
    const sump = new Sump(0.7, 560);
    const led = new Set<number>();
    for (let second = 0; second < 6 * 3600; second++) {
      sump.step(1, 6);
      sump.pumps.forEach((pump, index) => {
        if (pump.run) led.add(index);
      });
    }
    expect([...led].sort()).toEqual([0, 1]);
  });
});

describe('fan', () => {
  it('answers its command after 5–30 s, and takes current by the third power of speed', () => {
    const fan = new Fan(10, 0);
    let answered = 0;
    for (let second = 0; !fan.run; second++) {
      fan.step(1, 1, false);
      answered = second;
    }
    expect(answered).toBeGreaterThanOrEqual(5);
    expect(answered).toBeLessThanOrEqual(30);
    for (let second = 0; second < 60; second++) fan.step(1, 1, false);
    expect(fan.currentA).toBeCloseTo(10, 1);
    for (let second = 0; second < 60; second++) fan.step(1, 0.5, false);
    expect(fan.currentA).toBeCloseTo(10 * (0.25 + 0.75 / 8), 1);
    expect(fan.run).toBe(true);
  });

  it('takes no current and reports a fault when it has tripped', () => {
    const fan = new Fan(10, 0);
    for (let second = 0; second < 60; second++) fan.step(1, 1, second > 20);
    expect([fan.command, fan.run, fan.currentA, fan.fault]).toEqual([true, false, 0, true]);
    expect(fan.speed).toBeLessThan(0.01);
  });
});

describe('fire', () => {
  it('grows with the square of time up to its peak and dies without oxygen', () => {
    expect(fireOutput(100, 1e6, 0.2095).heatW / 0.65).toBeCloseTo(117_000, -1);
    expect(fireOutput(1e5, 500, 0.2095).heatW / 0.65).toBeCloseTo(500_000, 3);
    expect(fireOutput(1e5, 500, 0.12).heatW).toBe(0);
  });
});
