import { describe, expect, it } from 'vitest';
import { replay } from '../../models/training/replay.ts';
import { createCity } from '../../simulator/city/city.ts';
import { powerHappenings } from '../../simulator/power/happenings.ts';

const startMs = Date.parse('2027-01-12T18:00:00+08:00');
const parts = { calibrationFile: undefined };

/** Raised alarms of the power pack, as `asset: kind`, while a happening goes on; the model of no other utility takes part. */
async function alarmsOf(kind: string, target: string, magnitude: number, forS: number, durationS = 0) {
  const happenings = [{ id: 'h-1', kind, target, magnitude, durationS, startMs: startMs + 10_000 }];
  const { findings, truths } = await replay({ ...{ seed: 3, startMs, forS, happenings, parts }, utilities: ['power'] });
  const raised = findings.filter(({ active }) => active);
  return { raised: [...new Set(raised.map(({ asset, kind: what }) => `${asset}: ${what}`))], truth: truths[0]! };
}

type Case = readonly [kind: string, target: string, magnitude: number, forS: number, alarm: string];
const cases: readonly Case[] = [
  ['power.feeder-trip', 'feeder-1', 6, 60, 'feeder-1: feeder-trip'],
  ['power.breaker-refuses', 'feeder-4', 1, 60, 'feeder-4: breaker-refuses'],
  ['power.earth-fault', 'feeder-2', 80, 60, 'feeder-2: earth-fault'],
  ['power.phase-loss', 'feeder-7', 1, 60, 'feeder-7: phase-loss'],
  ['power.overload', 'feeder-5', 6, 120, 'feeder-5: overload'],
  ['power.transformer-trip', 'transformer-21', 1, 60, 'transformer-21: transformer-trip'],
  ['power.tap-runaway', 'transformer-12', 6, 1200, 'bus-12: voltage-high'],
  ['power.voltage-dip', 'bus-21', 50, 60, 'bus-21: voltage-dip'],
  ['power.service-trip', 'supply-gate-1', 1, 60, 'supply-gate-1: service-trip'],
  ['power.battery-aged', 'supply-gallery-plc-1', 60, 660, 'supply-gallery-plc-1: battery-aged'],
];

describe('power happenings', () => {
  it('are all tried here', () => {
    const kinds = powerHappenings.filter(({ decoy }) => !decoy).map(({ kind }) => kind);
    expect(cases.map(([kind]) => kind).sort()).toEqual(kinds.sort());
  });

  it.each(cases)('%s at %s (%d) is found within %d s: %s', async (kind, target, magnitude, forS, alarm) => {
    const { raised, truth } = await alarmsOf(kind, target, magnitude, forS);
    expect(raised).toContain(alarm);
    // A runaway tap changer is known by its history; without one the voltage tells of it, later.
    if (kind !== 'power.tap-runaway') expect(`power.${raised[0]?.split(': ')[1]}`).toBe(kind);
    for (const entry of raised) expect(truth.affected).toContain(entry.split(':')[0]);
  });

  it.each([
    ['power.planned-switching', 'feeder-3', 300],
    ['power.battery-test', 'supply-light-cab-4', 5400],
  ] as const)('%s raises nothing', async (kind, target, durationS) => {
    const { raised } = await alarmsOf(kind, target, 1, durationS + 60, durationS);
    expect(raised).toEqual([]);
  });

  it('leave a meter without voltage with nothing to show, and not with the end of its scale', async () => {
    const city = await createCity({ seed: 1, startMs, utilities: ['power'] });
    const meter = city.plcs.find(({ id }) => id === 'power-supply-gate-1-meter')!;
    const frequency = meter.points.find(({ name }) => name === 'frequency')!;
    expect(frequency.read()).toBe(50);
    city.start({ id: 'h', kind: 'power.service-trip', target: 'supply-gate-1', magnitude: 1, durationS: 600, startMs });
    city.step(1);
    city.step(1);
    expect([frequency.low, frequency.read()]).toEqual([0, 0]);
    city.dispose();
  });

  it('are not what a dispatcher does: a line opened by its coil is dead without a trip, and closes again', async () => {
    const city = await createCity({ seed: 1, startMs, utilities: ['power'] });
    const points = city.plcs.flatMap((plc) => plc.points);
    const read = (name: string) => points.find((point) => point.name === name)!.read();
    const states = () => ['breaker', 'protection', 'current-a'].map((role) => read(`feeder-2-${role}`));
    const coil = points.find(({ name }) => name === 'feeder-2-command')!;
    coil.write!(0);
    city.step(1);
    expect(states()).toEqual([0, 0, 0]);
    coil.write!(1);
    city.step(1);
    expect(states()).toEqual([1, 0, expect.any(Number)]);
    expect(read('feeder-2-current-a')).toBeGreaterThan(50);
    city.dispose();
  });

  it('are over when they end: the line is closed again and its consumers are back in their order', async () => {
    const city = await createCity({ seed: 1, startMs, utilities: ['power'] });
    const read = (tag: string) => {
      const point = city.plcs.flatMap(({ points }) => points).find(({ asset, role }) => `${asset}:${role}` === tag);
      return point!.read();
    };
    city.start({ id: 'h', kind: 'power.feeder-trip', target: 'feeder-8', magnitude: 5, durationS: 600, startMs });
    const consumers = ['supply-sub-1', 'supply-sub-4', 'supply-sub-5'];
    for (let second = 0; second < 600; second++) city.step(1);
    expect(consumers.map((id) => read(`${id}:connected`))).toEqual([0, 0, 0]);
    const backS = consumers.map(() => Number.NaN);
    for (let second = 0; second < 120; second++) {
      city.step(1);
      consumers.forEach((id, index) => {
        if (Number.isNaN(backS[index]) && read(`${id}:connected`) === 1) backS[index] = second;
      });
    }
    expect([...backS].sort((a, b) => a - b)).toEqual(backS);
    expect(backS[2]! - backS[0]!).toBe(30);
    city.dispose();
  });
});

describe('power without happenings', () => {
  it('feeds what its lines draw: the transformers of a substation carry the sum of its lines', async () => {
    const city = await createCity({ seed: 2, startMs, utilities: ['power'] });
    const sum = (suffix: RegExp) =>
      city.plcs
        .flatMap(({ points }) => points)
        .filter(({ name }) => suffix.test(name))
        .reduce((total, point) => total + point.read(), 0);
    for (let hour = 0; hour < 24; hour++) {
      city.step(3600);
      expect(sum(/^transformer-.*-power$/)).toBeCloseTo(sum(/^feeder-.*-power$/), 9);
    }
    city.dispose();
  });
});
