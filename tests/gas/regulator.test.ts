import { describe, expect, it } from 'vitest';
import { ambientPressurePa, massFlowOf, normalFlowOf } from '../../simulator/gas/gas.ts';
import { districtDesigns } from '../../simulator/gas/network.ts';
import { RegulatorStation, type StationInputs, stationSetPa } from '../../simulator/gas/regulator.ts';

const ambientPa = ambientPressurePa(152);
const design = districtDesigns[0]!;

interface Conditions {
  readonly flowNm3H: number;
  readonly holeMm2?: number;
  readonly seatLeakNm3H?: number;
  readonly inletPa?: number;
}

const inputs = ({ flowNm3H, holeMm2 = 0, seatLeakNm3H = 0, inletPa = 0.35e6 }: Conditions): StationInputs => ({
  inletPa: ambientPa + inletPa,
  load: { fullKgS: massFlowOf(flowNm3H), holeMm2 },
  seatLeakNm3H,
  frozenShare: 0,
  filterFactor: 1,
  around: { ambientPa, soilK: 278 },
});

function rested(conditions: Conditions): RegulatorStation {
  const station = new RegulatorStation(design, ambientPa);
  station.balance(inputs(conditions));
  return station;
}

describe('regulator station', () => {
  it('droops with flow: −7 % from nearly closed to fully open', () => {
    const low = rested({ flowNm3H: 100 }).outletPa / stationSetPa;
    const high = rested({ flowNm3H: 4_100 }).outletPa / stationSetPa;
    expect(low).toBeGreaterThan(1.01);
    expect(low).toBeLessThan(1.03);
    expect(high).toBeGreaterThan(0.94);
    expect(high).toBeLessThan(0.96);
  });

  it('locks up 12 % above its set pressure without flow', () => {
    expect(rested({ flowNm3H: 0 }).outletPa / stationSetPa).toBeCloseTo(1.12, 2);
  });

  it('cannot give more than its open valve at the inlet pressure lets through', () => {
    const starved = rested({ flowNm3H: 4_000, inletPa: 0.15e6 });
    expect(starved.outletPa).toBeLessThan(0.75 * stationSetPa);
    expect(normalFlowOf(starved.flowKgS)).toBeLessThan(4_200 * (0.25 / 0.45) + 5);
  });

  it('follows a change of load with a time constant of two seconds', () => {
    const station = rested({ flowNm3H: 500 });
    const from = station.outletPa;
    const to = rested({ flowNm3H: 3_000 }).outletPa;
    for (let step = 0; step < 20; step++) station.step(0.1, inputs({ flowNm3H: 3_000 }));
    expect((station.outletPa - from) / (to - from)).toBeCloseTo(1 - Math.exp(-1), 1);
  });

  it('loses filter pressure with the square of flow', () => {
    const ratio = rested({ flowNm3H: 3_000 }).filterDropPa / rested({ flowNm3H: 1_000 }).filterDropPa;
    expect(ratio).toBeCloseTo(9, 1);
  });

  it('conserves gas: what the meter counts leaves the district or is packed in its mains', () => {
    const station = rested({ flowNm3H: 500 });
    const volume = design.mains * design.mainLengthM * Math.PI * 0.01;
    const packed = (pressure: number) => ((ambientPa + pressure) * volume) / ((8.314462 / 0.01604) * 278);
    let counted = 0;
    const start = packed(station.outletPa);
    for (let second = 0; second < 60; second++) {
      const conditions = inputs({ flowNm3H: second < 20 ? 2_500 : 900, holeMm2: second > 40 ? 3_000 : 0 });
      station.step(1, conditions);
      counted += station.flowKgS - station.outflow.drawnKgS - station.outflow.leakKgS - station.ventedKgS;
    }
    expect(Math.abs(counted - (packed(station.outletPa) - start))).toBeLessThan(1e-3 * start);
  });

  it('creeps at low flow only: a leaking seat lifts P2 at night to the relief valve, not at noon', () => {
    const noon = rested({ flowNm3H: 2_000, seatLeakNm3H: 300 });
    expect(noon.outletPa / stationSetPa).toBeLessThan(1.02);
    const night = rested({ flowNm3H: 200, seatLeakNm3H: 300 });
    expect(night.outletPa / stationSetPa).toBeGreaterThan(1.18);
    expect(night.ventedKgS).toBeGreaterThan(0);
    expect(night.slammed).toBe(false);
  });

  it('slams shut when the relief valve cannot hold the pressure, and stays shut until it is reset by hand', () => {
    const station = rested({ flowNm3H: 200 });
    for (let second = 0; second < 30; second++) station.step(1, inputs({ flowNm3H: 200, seatLeakNm3H: 1_500 }));
    expect(station.slammed).toBe(true);
    for (let second = 0; second < 120; second++) station.step(1, inputs({ flowNm3H: 200 }));
    expect(station.slammed).toBe(true);
    expect(station.flowKgS).toBe(0);
    expect(station.outletPa).toBeLessThan(0.2 * stationSetPa);
    station.reset();
    for (let second = 0; second < 30; second++) station.step(1, inputs({ flowNm3H: 200 }));
    expect(station.slammed).toBe(false);
    expect(station.outletPa / stationSetPa).toBeCloseTo(1.01, 1);
  });

  it('fills its mains no faster than the seat leaks: some seconds pass between +20 % and the slam-shut', () => {
    const station = rested({ flowNm3H: 50 });
    let above = 0;
    for (let tenth = 0; tenth < 600 && !station.slammed; tenth++) {
      station.step(0.1, inputs({ flowNm3H: 50, seatLeakNm3H: 300 }));
      if (station.outletPa > 1.2 * stationSetPa) above += 0.1;
    }
    expect(station.slammed).toBe(true);
    expect(above).toBeGreaterThan(1);
    expect(above).toBeLessThan(30);
  });

  it('empties its mains through customers within a minute once shut', () => {
    const station = rested({ flowNm3H: 1_500 });
    station.slamShut();
    const course: number[] = [];
    for (let second = 0; second < 60; second++) {
      station.step(1, inputs({ flowNm3H: 1_500 }));
      course.push(station.outletPa);
    }
    expect(course[0]).toBeLessThan(stationSetPa);
    expect(course[0]).toBeGreaterThan(0.5 * stationSetPa);
    expect(course.at(-1)).toBeLessThan(50);
  });

  it('leaks by the pressure that the leak leaves: a bigger hole loses more and pulls the far end down', () => {
    const small = rested({ flowNm3H: 1_500, holeMm2: 1_000 });
    const large = rested({ flowNm3H: 1_500, holeMm2: 6_000 });
    expect(normalFlowOf(small.outflow.leakKgS)).toBeGreaterThan(200);
    expect(normalFlowOf(small.outflow.leakKgS)).toBeLessThan(245);
    expect(large.outflow.leakKgS).toBeGreaterThan(small.outflow.leakKgS);
    expect(large.outflow.leakKgS).toBeLessThan(6 * small.outflow.leakKgS);
    expect(large.endPa).toBeLessThan(small.endPa);
  });
});
