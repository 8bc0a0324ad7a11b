import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { courses, type Strikes, wanted } from '../../ops/bench/time-to-detect/courses.ts';
import { Crossings } from '../../ops/bench/time-to-detect/crossings.ts';
import { delayS, medianDelayS } from '../../ops/bench/time-to-detect/delay.ts';
import { type Planned, planOf } from '../../ops/bench/time-to-detect/plan.ts';
import { utilityOf } from '../../simulator/exam/draw.ts';
import type { PlcScan } from '../../simulator/plc/scan.ts';

const minuteMs = 60_000;
const leak: Strikes = {
  ...{ row: 'leak', kind: 'water.slow-leak', targets: ['dma-1', 'dma-2'], size: [2, 8], count: 3 },
  ...{ lastsMin: 10, everyMin: 30 },
};

function planned(strikes: Partial<Strikes>, countsFromMs = 0): Planned {
  const happening = { id: 'a', kind: 'x.y', target: 'zone-1', startMs: 10_000, durationS: 60, magnitude: 1 };
  return { strikes: { ...leak, ...strikes }, happening, countsFromMs };
}

const alarm = (kind: string, raisedMs: number) => ({
  ...{ asset: 'zone-1', kind, utility: 'x', raisedMs, clearedMs: undefined, riskLevel: 'III' as const, safety: false },
  ...{ message: { zh: '', en: '' }, place: [], incident: '', root: '', happening: 'a' },
});

test('every row of the table has a course that strikes for it, with kinds that the city of that course has', async () => {
  expect(new Set(courses.flatMap(({ strikes }) => strikes.map(({ row }) => row)))).toEqual(
    new Set(wanted.map(({ name }) => name)),
  );
  const known = await readFile(new URL('../../ops/docs/reference/happenings.md', import.meta.url), 'utf8');
  for (const { utilities, strikes } of courses)
    for (const { kind, after } of strikes)
      for (const needed of [kind, ...(after ? [after.kind] : [])]) {
        expect(known).toContain(`| \`${needed}\` |`);
        expect(utilities).toContain(utilityOf({ kind: needed }));
      }
});

test('strikes follow one another in time, at places in turn, in sizes within their bounds, the same for the same seed', () => {
  const course = { name: 'c', utilities: ['water'], start: '2026-01-16T00:00:00Z', shiftH: 24, strikes: [leak] };
  const plan = planOf(course, 5, 1);
  expect(plan).toEqual(planOf(course, 5, 1));
  expect(plan.startMs).toBe(Date.parse('2026-01-17T00:00:00Z'));
  const starts = plan.planned.map(({ happening }) => (happening.startMs - plan.startMs) / minuteMs);
  expect(starts).toEqual([20, 50, 80]);
  expect(new Set(plan.planned.map(({ happening }) => happening.target)).size).toBe(2);
  for (const { happening } of plan.planned) {
    expect(happening.magnitude).toBeGreaterThanOrEqual(2);
    expect(happening.magnitude).toBeLessThanOrEqual(8);
  }
  expect(plan.hours).toBeCloseTo((80 + 30) / 60);
});

test('what is struck all at once is watched until the last is over', () => {
  const strikes = [{ ...leak, everyMin: 0 }];
  const plan = planOf({ name: 'c', utilities: [], start: '2026-01-16T00:00:00Z', shiftH: 0, strikes }, 5, 0);
  expect(new Set(plan.planned.map(({ happening }) => happening.startMs)).size).toBe(1);
  expect(plan.hours).toBeCloseTo(30 / 60);
});

test('the delay of what grows counts from when it has the size that is asked about', () => {
  const strikes = [{ ...leak, grows: { overS: 3600, fromSize: 1 } }];
  const { planned: all } = planOf(
    { name: 'c', utilities: [], start: '2026-01-16T00:00:00Z', shiftH: 0, strikes },
    5,
    0,
  );
  for (const { happening, countsFromMs } of all)
    expect(countsFromMs - happening.startMs).toBeCloseTo(3_600_000 / happening.magnitude);
});

test('what is broken first begins before the strike and ends with it', () => {
  const strikes = [{ ...leak, count: 1, after: { kind: 'gallery.fan-failure', leadMin: 5 } }];
  const { happenings } = planOf({ name: 'c', utilities: [], start: '2026-01-16T00:00:00Z', shiftH: 0, strikes }, 5, 0);
  const [before, strike] = happenings;
  expect(before?.kind).toBe('gallery.fan-failure');
  expect(before?.target).toBe(strike?.target);
  expect((strike?.startMs ?? 0) - (before?.startMs ?? 0)).toBe(5 * minuteMs);
  expect((before?.startMs ?? 0) + 1000 * (before?.durationS ?? 0)).toBe(
    (strike?.startMs ?? 0) + 1000 * (strike?.durationS ?? 0),
  );
});

test('only an alarm that answers counts, from the start on and while it lasts', () => {
  const endMs = 70_000;
  const answers = ['methane-high'];
  const after = (...alarms: ReturnType<typeof alarm>[]) => delayS(planned({ answers }, 20_000), { alarms, endMs });
  expect(after(alarm('gas-leak', 21_000), alarm('methane-high', 32_000))).toBe(12);
  expect(after(alarm('methane-high', 9_000))).toBe(Number.POSITIVE_INFINITY);
  expect(after(alarm('methane-high', 15_000))).toBe(0);
  expect(after(alarm('methane-high', 71_000))).toBe(Number.POSITIVE_INFINITY);
  expect(after()).toBe(Number.POSITIVE_INFINITY);
  expect(delayS(planned({}, 20_000), { alarms: [alarm('anything', 24_000)], endMs })).toBe(4);
});

test('misses count as later than any alarm: half of them and there is no median', () => {
  const never = Number.POSITIVE_INFINITY;
  expect(medianDelayS([5, 3, 4])).toBe(4);
  expect(medianDelayS([never, 3, 4])).toBe(4);
  expect(medianDelayS([never, 3])).toBe(never);
  expect(medianDelayS([never, never, 3, 4])).toBe(never);
  expect(medianDelayS([])).toBe(never);
});

test('a crossing is the first value beyond, told of the struck asset while the happening lasts', () => {
  const raw = new Float64Array([50, 50]);
  const points = ['zone-2', 'zone-1'].map((asset) => ({ asset, role: 'ch4' }));
  const scan = { plc: { id: 'p', points }, raw, engineering: (index: number) => raw[index] } as unknown as PlcScan;
  const from = { role: 'ch4', above: 20 };
  raw[1] = 1;
  const crossings = new Crossings([scan], [planned({ from })]);
  crossings.take(9_000);
  raw[1] = 20;
  crossings.take(11_000);
  expect(crossings.of('a')).toBe(undefined);
  raw[1] = 20.5;
  crossings.take(12_000);
  crossings.take(13_000);
  expect(crossings.of('a')).toBe(12_000);
  expect(() => new Crossings([scan], [planned({ from: { role: 'h2s', above: 3 } })])).toThrow('h2s of zone-1');
});
