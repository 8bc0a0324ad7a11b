import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { soilTemperatureC } from '../../simulator/city/soil.ts';
import {
  ambientPressurePa,
  massFlowOf,
  normalDensityKgM3,
  specificGasConstant,
  storedMass,
  storedPressure,
} from '../../simulator/gas/gas.ts';
import { orificeFlow } from '../../simulator/gas/orifice.ts';
import { flowUnder, outletPressure } from '../../simulator/gas/pipe-flow.ts';
import { frictionFactor } from '../../simulator/network/friction.ts';

const steel = (diameterM: number, lengthM = 1000) => ({ diameterM, lengthM, roughnessMm: 0.15 });
const bar = 1e5;
const t15 = 288.15;
/** Density of the gas at 15 °C and one atmosphere, for leak figures given in real cubic metres. */
const density15 = 101_325 / (specificGasConstant * t15);

describe('friction', () => {
  it('gives the same flow and pressure drop in both directions of calculation', () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 1, noNaN: true }), (decade) => {
        const flow = 10 ** decade;
        const pipe = { diameterM: 0.25, lengthM: 300, roughnessMm: 0.05 };
        const p1 = 4.5 * bar;
        const p2 = outletPressure(pipe, p1, flow, 280);
        if (p2 < 0.2 * p1) return;
        const back = flowUnder(pipe, p1 ** 2 - p2 ** 2, 280, p1);
        expect(Math.abs(back.flow / flow - 1)).toBeLessThan(1e-5);
      }),
    );
  });

  it('reports the slope that a small change of the drive shows', () => {
    for (const drive of [10, 1e6, 1e9, 2e10]) {
      const at = (value: number) => flowUnder(steel(0.2), value, 280, 4 * bar).flow;
      const numeric = (at(drive * 1.0001) - at(drive * 0.9999)) / (0.0002 * drive);
      expect(flowUnder(steel(0.2), drive, 280, 4 * bar).slope / numeric).toBeCloseTo(1, 3);
    }
  });
});

describe('pressure drop against published forms', () => {
  const lambdaAt = (flowNm3H: number, pipe: ReturnType<typeof steel>) => {
    const speedTimesDensity = massFlowOf(flowNm3H) / ((Math.PI * pipe.diameterM ** 2) / 4);
    const reynolds = (speedTimesDensity * pipe.diameterM) / 1.08e-5;
    return frictionFactor('colebrook', reynolds, (pipe.roughnessMm * 1e-3) / pipe.diameterM);
  };

  it.each([
    [1000, 0.15],
    [5000, 0.3],
    [12_000, 0.4],
  ])('agrees with GB 50028 for medium pressure within 1.5 %% (%i Nm³/h in DN %f m)', (flow, diameter) => {
    const pipe = steel(diameter);
    const p1 = 4.5 * bar;
    const p2 = outletPressure(pipe, p1, massFlowOf(flow), 283.15);
    const squares = (p1 ** 2 - p2 ** 2) / 1e6;
    const compressibility = 1 - 0.0022 * (p1 / bar);
    const gb =
      (1.27e10 * lambdaAt(flow, pipe) * flow ** 2 * normalDensityKgM3 * (283.15 / 273.15) * compressibility) /
      (diameter * 1000) ** 5;
    expect(Math.abs(squares / gb - 1)).toBeLessThan(0.015);
  });

  it('agrees with GB 50028 for low pressure within 3 %', () => {
    const pipe = steel(0.2, 400);
    const p1 = 101_325 + 2_500;
    const drop = p1 - outletPressure(pipe, p1, massFlowOf(600), 283.15);
    const gb = (6.26e7 * lambdaAt(600, pipe) * 600 ** 2 * normalDensityKgM3 * (283.15 / 273.15) * 400) / 200 ** 5;
    expect(Math.abs(drop / gb - 1)).toBeLessThan(0.03);
  });

  it('lies within 15 % of Renouard for low and medium pressure', () => {
    const relative = 0.555;
    const low = { diameterM: 0.2, lengthM: 400, roughnessMm: 0.05 };
    const p1 = 101_325 + 2_500;
    const drop = (p1 - outletPressure(low, p1, massFlowOf(600), 283.15)) / 100;
    expect(Math.abs(drop / (23_200 * relative * 400 * 600 ** 1.82 * 200 ** -4.82) - 1)).toBeLessThan(0.15);
    const medium = { diameterM: 0.3, lengthM: 2000, roughnessMm: 0.05 };
    const end = outletPressure(medium, 4.5 * bar, massFlowOf(6000), 283.15);
    const squares = 4.5 ** 2 - (end / bar) ** 2;
    expect(Math.abs(squares / (48.6 * relative * 2000 * 6000 ** 1.82 * 300 ** -4.82) - 1)).toBeLessThan(0.15);
  });
});

describe('leaks', () => {
  const leakM3H = (area: number, gaugePa: number) =>
    (orificeFlow(area, 101_325 + gaugePa, 101_325, t15) / density15) * 3600;

  it('loses 3.7 m³/h through 1 mm² at 0.4 MPa, 2.2 at 0.2 MPa and 24.5 through 100 mm² at 2.5 kPa', () => {
    expect(leakM3H(1, 0.4e6)).toBeCloseTo(3.7, 1);
    expect(leakM3H(1, 0.2e6)).toBeCloseTo(2.2, 1);
    expect(Math.abs(leakM3H(100, 2_500) / 24.5 - 1)).toBeLessThan(0.015);
  });

  it('is choked below a pressure ratio of 0.545: the back pressure no longer matters', () => {
    const inside = 5 * bar;
    const at = (ratio: number) => orificeFlow(10, inside, ratio * inside, t15);
    expect(at(0.2)).toBe(at(0.5));
    expect(at(0.54)).toBe(at(0.2));
    expect(at(0.7)).toBeLessThan(at(0.54));
    expect(at(0.95)).toBeLessThan(at(0.7));
  });

  it('never flows backwards', () => {
    expect(orificeFlow(10, bar, 2 * bar, t15)).toBe(0);
    expect(orificeFlow(0, 2 * bar, bar, t15)).toBe(0);
  });
});

describe('gas and ground', () => {
  it('keeps stored mass and pressure inverse to each other', () => {
    for (const pressure of [1e5, 4.5e5, 2.3e6]) {
      expect(storedPressure(200, storedMass(200, pressure, 280), 280)).toBeCloseTo(pressure, 4);
    }
  });

  it('loses 12 hPa of ambient pressure per 100 m', () => {
    expect(ambientPressurePa(0)).toBe(101_325);
    expect(ambientPressurePa(100)).toBeCloseTo(100_129, -2);
  });

  it('has +2..+4 °C at 2 m in January and +4..+6 °C at 4.5 m in winter, and is warmest in late summer', () => {
    const january = soilTemperatureC(Date.parse('2026-01-15T00:00:00Z'), 2);
    expect(january).toBeGreaterThan(1);
    expect(january).toBeLessThan(4);
    const deep = soilTemperatureC(Date.parse('2026-02-15T00:00:00Z'), 4.5);
    expect(deep).toBeGreaterThan(4);
    expect(deep).toBeLessThan(6.5);
    expect(soilTemperatureC(Date.parse('2026-09-10T00:00:00Z'), 2)).toBeGreaterThan(10);
  });
});
