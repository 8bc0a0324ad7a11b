import { describe, expect, it } from 'vitest';
import { Building } from '../../simulator/heating/building.ts';
import { effectiveness, exchangedW, heatTransfer } from '../../simulator/heating/exchanger.ts';
import { waterHeatJKgK } from '../../simulator/heating/pipe.ts';
import { SeasonCourse } from '../../simulator/heating/season.ts';

const houses = { heatedM2: 100_000, designWM2: 45, timeConstantH: 80, apertureShare: 0.01 };
const night = { outdoorC: -24.2, windMS: 3, solarWM2: 0, gainFactor: 1 };

describe('plate exchanger', () => {
  it.each([
    [1, 0.5, 0.5647],
    [3, 0.25, 0.9188],
    [2, 1, 0.6667],
    [5, 0, 0.9933],
  ])('has at NTU %d and capacity ratio %d the effectiveness %d', (ntu, ratio, expected) => {
    expect(effectiveness(ntu, ratio)).toBeCloseTo(expected, 4);
  });

  it('passes its design heat at its design point: 115/55 °C against 75/50 °C', () => {
    const designW = 5e6;
    const primaryKgS = designW / (waterHeatJKgK * 60);
    const secondaryKgS = designW / (waterHeatJKgK * 25);
    const lmtdK = (40 - 5) / Math.log(40 / 5);
    const design = { designUaWK: designW / lmtdK, primaryKgS, secondaryKgS };
    expect(heatTransfer(design, primaryKgS, secondaryKgS, 0)).toBeCloseTo(design.designUaWK, 6);
    const heatW = exchangedW(design, { kgS: primaryKgS, inC: 115 }, { kgS: secondaryKgS, inC: 50 }, 0);
    expect(heatW / designW).toBeCloseTo(1, 6);
    const fouled = exchangedW(
      design,
      { kgS: primaryKgS, inC: 115 },
      { kgS: secondaryKgS, inC: 50 },
      1 / design.designUaWK,
    );
    expect(fouled / designW).toBeLessThan(0.9);
    expect(exchangedW(design, { kgS: 0, inC: 115 }, { kgS: secondaryKgS, inC: 50 }, 0)).toBe(0);
  });
});

describe('houses', () => {
  it('rest at 20 °C in design weather with radiators fed at 75 °C that give back 50 °C', () => {
    const building = new Building(houses);
    building.settle(-24.2, 62.5);
    for (let hour = 0; hour < 1500; hour++) building.step(3600, 75, building.designKgS, night);
    expect(building.roomC).toBeCloseTo(20, 1);
    expect(building.returnC).toBeCloseTo(50, 1);
    expect(building.radiatorW / building.designW).toBeCloseTo(1, 2);
  });

  it('cool at 0.3 to 1 K/h at −25 °C once the heating fails, after the air has given way to the walls', () => {
    const building = new Building(houses);
    building.settle(-25, 62.5);
    for (let hour = 0; hour < 6; hour++) building.step(3600, 20, 0, { ...night, outdoorC: -25 });
    const first = building.roomC;
    for (let hour = 0; hour < 6; hour++) building.step(3600, 20, 0, { ...night, outdoorC: -25 });
    expect((first - building.roomC) / 6).toBeGreaterThan(0.3);
    expect((first - building.roomC) / 6).toBeLessThan(1);
    expect(first).toBeGreaterThan(14);
  });

  it('follow the same course in steps of a second and of five minutes', () => {
    const roomAfter = (dtS: number) => {
      const building = new Building(houses);
      building.settle(-10, 45);
      for (let done = 0; done < 6 * 3600; done += dtS)
        building.step(dtS, 60, building.designKgS, { ...night, outdoorC: -15 });
      return building.roomC;
    };
    expect(Math.abs(roomAfter(1) - roomAfter(300))).toBeLessThan(0.02);
  });

  it('keep heat: what radiators give and gains bring is lost or stored', () => {
    const building = new Building(houses);
    building.settle(-10, 45);
    const lossWK = (building.designW + 3.8 * houses.heatedM2) / 44.2;
    for (let hour = 0; hour < 1500; hour++) building.step(3600, 55, building.designKgS, { ...night, outdoorC: -10 });
    const lostW = lossWK * (building.roomC + 10);
    expect((building.radiatorW + 3.8 * houses.heatedM2) / lostW).toBeCloseTo(1, 3);
  });
});

describe('course of the season', () => {
  it('goes through starting to on when reached, and through stopping to off after the coast', () => {
    const course = new SeasonCourse(86_400, 3600);
    const seen: string[] = [];
    const go = (season: boolean, reached: boolean, times: number) => {
      for (let count = 0; count < times; count++) course.step(600, season, reached);
      seen.push(course.phase);
    };
    go(true, false, 20);
    go(true, true, 1);
    go(false, true, 5);
    go(false, true, 5);
    expect(seen).toEqual(['starting', 'on', 'stopping', 'off']);
  });
});
