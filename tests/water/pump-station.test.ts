import { describe, expect, it } from 'vitest';
import { PumpStation, pumpPowerKw } from '../../simulator/water/pump-station.ts';

/**
 * A station on a plain pipe: discharge head from speed and flow, so that the PLC program closes its loop.
 * `flowLps` is what the city takes.
 */
function run(control: PumpStation, seconds: number, flowLps: number, hour = 3, after?: () => void): void {
  for (let second = 0; second < seconds; second++) {
    const share = flowLps / Math.max(1, control.running);
    const dischargeM = 66 * control.commonSpeed ** 2 - (15 / 120 ** 1.92) * share ** 1.92 + 5;
    control.scan(1, { dischargeM, flowLps, tankShare: 0.58, hour });
    after?.();
  }
}

describe('pump station program', () => {
  it('settles discharge pressure at its set-point without lasting swings', () => {
    const control = new PumpStation();
    run(control, 300, 210);
    const speeds: number[] = [];
    run(control, 60, 210, 3, () => speeds.push(control.commonSpeed));
    expect(Math.max(...speeds) - Math.min(...speeds)).toBeLessThan(0.001);
    expect(control.setpointM).toBeCloseTo(45, 5);
  });

  it('starts a third pump when two are at full speed, and stops it again only long after the peak', () => {
    const control = new PumpStation();
    run(control, 600, 330);
    expect(control.running).toBe(3);
    run(control, 500, 200);
    expect(control.running).toBe(3);
    run(control, 400, 200);
    expect(control.running).toBe(2);
  });

  it('does not hunt between two numbers of pumps at any steady flow', () => {
    for (let flow = 60; flow <= 340; flow += 10) {
      const control = new PumpStation();
      run(control, 3600, flow);
      const running = control.running;
      let changes = 0;
      run(control, 4 * 3600, flow, 3, () => {
        if (control.running !== running) changes++;
      });
      expect(changes, `at ${flow} L/s`).toBe(0);
    }
  });

  it('changes the duty once a day: the pump with most hours rests, the one with fewest works', () => {
    const control = new PumpStation();
    run(control, 60, 200, 9.99);
    run(control, 600, 200, 10);
    expect(control.pumps.map((pump) => pump.running)).toEqual([false, true, true]);
  });

  it('replaces a tripped pump by the stand-by after some seconds and lets the tripped one coast', () => {
    const control = new PumpStation();
    run(control, 60, 200);
    const lead = control.lead()!;
    control.trip(lead);
    run(control, 3, 200);
    expect(control.running).toBe(1);
    expect(lead.speed).toBeLessThan(0.4);
    run(control, 60, 200);
    expect(control.running).toBe(2);
    expect(lead.running).toBe(false);
    expect(lead.speed).toBe(0);
  });

  it('asks for more head when the tank is low and for less when it is full', () => {
    const control = new PumpStation();
    const at = (tankShare: number) => {
      control.scan(1, { dischargeM: 45, flowLps: 200, tankShare, hour: 3 });
      return control.setpointM;
    };
    expect(at(0.3)).toBeGreaterThan(at(0.58));
    expect(at(0.85)).toBeLessThan(at(0.58));
  });

  it('takes hydraulic power over efficiency at the best point, the cube of speed besides, nothing at rest', () => {
    expect(pumpPowerKw(120, 1)).toBeCloseTo((9.81 * 0.12 * 51) / 0.82 / (0.94 * 0.97), 6);
    expect(pumpPowerKw(108, 0.9)).toBeCloseTo(pumpPowerKw(120, 1) * 0.9 ** 3, 6);
    expect(pumpPowerKw(0, 0)).toBe(0);
  });
});
