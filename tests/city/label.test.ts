import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ActiveHappenings } from '../../simulator/city/active.ts';
import type { HappeningKind, Truth } from '../../simulator/city/happening.ts';
import { labelOf } from '../../simulator/city/label.ts';
import { plcOf, point } from '../plc/plc.ts';

const startMs = Date.UTC(2027, 0, 12, 10);
const kind: HappeningKind = {
  kind: 'water.burst',
  title: { zh: '爆管', en: 'Burst' },
  magnitude: { unit: 'L/s', low: 5, high: 60 },
  decoy: false,
  targets: ['dma-1'],
};
const truth = (over: Partial<Truth> = {}): Truth => ({
  happening: { id: 'h1', kind: kind.kind, target: 'dma-1', startMs, durationS: 600, rampS: 60, magnitude: 30 },
  decoy: false,
  asset: 'dma-1',
  affected: ['dma-1', 'ps-1'],
  text: kind.title,
  ...over,
});
const plcs = [
  plcOf('ps-1', 1, [
    point('flow', { asset: 'dma-1', role: 'inflow' }),
    point('door', { address: 1 }),
    point('p-out', { address: 2, asset: 'ps-1', role: 'discharge-pressure' }),
  ]),
];

describe('a label', () => {
  it('tells both times, the end, and the tags that fill roles of the asset', () => {
    expect(labelOf(truth(), kind, plcs, startMs + 5_000)).toMatchObject({
      ...{ id: 'h1', utility: 'water', plane: 'physical', decoy: false, level: 'III', parent: null },
      ...{ start: '2027-01-12T10:00:00.000Z', end: '2027-01-12T10:10:00.000Z' },
      ...{ wallTime: '2027-01-12T10:00:05.000Z', mustAlarmBy: '2027-01-12T10:30:00.000Z' },
      ...{ rampS: 60, magnitude: 30, unit: 'L/s', expectedTags: ['ps-1/flow'], affected: ['dma-1', 'ps-1'] },
    });
  });

  it('of a decoy has no time by which an alarm must be there', () => {
    expect(labelOf(truth({ decoy: true }), kind, plcs, startMs).mustAlarmBy).toBeNull();
  });

  it('has an earlier deadline the more is at risk', () => {
    const deadlines = (['I', 'II', 'III', 'IV'] as const).map((level) => labelOf(truth(), kind, plcs, 0, { level }));
    const times = deadlines.map(({ mustAlarmBy }) => Date.parse(mustAlarmBy!));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it('follows what the scenario says before what the kind says', () => {
    const hints = { decoy: false, level: 'I', alarmWithinS: 30, expectedTags: ['ps-1/p-out'] } as const;
    expect(labelOf(truth({ tags: ['ps-1/door'] }), { ...kind, level: 'II' }, plcs, startMs, hints)).toMatchObject({
      ...{ level: 'I', mustAlarmBy: '2027-01-12T10:00:30.000Z', expectedTags: ['ps-1/p-out'] },
    });
  });
});

it('a happening grows evenly to its magnitude, never falls while it lasts, and is gone after its end', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 5_000 }),
      fc.integer({ min: 0, max: 5_000 }),
      fc.double({ min: 0.1, max: 100, noNaN: true }),
      (durationS, rampS, magnitude) => {
        const active = new ActiveHappenings([kind]);
        active.start({ id: 'h', kind: kind.kind, target: 'dma-1', startMs, durationS, rampS, magnitude });
        let before = 0;
        for (let elapsedS = 0; elapsedS <= durationS; elapsedS += durationS / 7) {
          active.expire(startMs + elapsedS * 1000);
          const now = active.magnitude(kind.kind, 'dma-1');
          expect(now).toBeGreaterThanOrEqual(before);
          expect(now).toBeCloseTo(rampS === 0 ? magnitude : magnitude * Math.min(1, elapsedS / rampS), 4);
          before = now;
        }
        active.expire(startMs + durationS * 1000 + 1);
        expect(active.magnitude(kind.kind, 'dma-1')).toBe(0);
      },
    ),
  );
});
