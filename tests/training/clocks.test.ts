import { expect, it } from 'vitest';
import { calibrateSamples, calibrateTags, widest } from '../../models/training/calibrate-tags.ts';
import { tagWindows } from '../../models/training/plan.ts';

const count = (samples: number, valueAt: (sample: number) => number) =>
  Array.from({ length: samples }, (_, at) => valueAt(at));
const advanceOf = (...windows: readonly (readonly number[])[]) => widest(windows.map(calibrateSamples)).advance;

it('knows what follows time alone: through full registers and polls that jitter, in all windows alike', () => {
  const beats = (from: number) => count(60, (at) => (from + 60 * at + (at % 3)) % 65_536);
  expect(advanceOf(beats(0), beats(64_000), beats(30_000))).toBeCloseTo(60, -1);
  expect(
    advanceOf(
      beats(0),
      count(60, () => 7),
    ),
  ).toBeUndefined();
});

it('takes no total for a clock: what a process counts goes on otherwise at another time, and hours of running are slow', () => {
  const litres = (perPoll: number) => count(60, (at) => 1000 + perPoll * at);
  expect(advanceOf(litres(100), litres(160))).toBeUndefined();
  expect(advanceOf(count(60, (at) => 4000 + at / 60))).toBeUndefined();
});

it('finds the clocks and counts of beats of a simulated cabinet, and nothing else', async () => {
  const windows = tagWindows([5, 6]).map((window) => ({ ...window, utilities: ['lighting'] }));
  const found = await calibrateTags(windows, () => 60_000);
  const clocks = [...found].flatMap(([name, { advance }]) =>
    advance === undefined ? [] : [name.replace(/^.*\//, '')],
  );
  expect(new Set(clocks)).toEqual(new Set(['heartbeat', 'scan-clock', 'plc-clock', 'plc-uptime']));
}, 120_000);
