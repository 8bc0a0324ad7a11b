import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import type { Watch } from '../../edge/core/watch.ts';
import { bench, calibrationFile, limit } from './plant.ts';

const input = { role: 'flow', centre: 50, spread: 10, low: 20, high: 80 };
/** value = 30 + 0.5 · (flow − 50). */
const part = { role: 'value', rate: false, moves: 'up', scale: 0.5, of: [input], weights: [30, 5, 0] };
const residuals = { drift: { parts: [part], allowance: 4, limit: 24 } };
const detectors = [
  { detector: 'residual', kind: 'drift', options: { residuals: [{ role: 'value', of: ['flow'], moves: 'up' }] } },
  {
    ...{ detector: 'residual', kind: 'resting' },
    options: { residuals: [{ role: 'value', of: ['flow'] }], when: { role: 'running', equals: 1 } },
  },
  { detector: 'residual', kind: 'absent', options: { residuals: [{ role: 'value', of: ['level'] }] } },
  { detector: 'jump', kind: 'leap', options: { jumps: [{ role: 'value', moves: 'up' }] } },
  { detector: 'data-quality', kind: 'stale', options: {} },
];
const tag = { differenceScale: 0.1, longestRun: 0, thereAndBack: 1, largestStep: 1 };
const calibrated = calibrationFile({
  made: { from: 'history' },
  tags: { 'plc/value': tag, 'plc/flow': tag },
  assets: { 'a-1': { residuals: { ...residuals, resting: residuals.drift } } },
});
const plant = (calibrationFile: string | undefined) =>
  bench({
    ...{ roles: ['value', 'flow', 'running'], detectors, limits: [limit({ above: 60, onDelayS: 20 })] },
    parts: { calibrationFile },
  });
const of = (watches: readonly Watch[], detector: string, kind: string) =>
  watches.find((watch) => watch.detector === detector && watch.kind === kind)!;

async function run(at: ReturnType<typeof plant>, seconds: number, values = { value: 30, flow: 50, running: 0 }) {
  for (let second = 0; second < seconds; second++) await at.second(values);
}

describe('the report of what is watched', () => {
  it('says of a cold start which rung each claim stands on and what it waits for', async () => {
    const cold = plant(undefined);
    await run(cold, 5);
    const { watches, calibration } = cold.detection.report();
    expect(calibration).toBeUndefined();
    const said = watches.map(({ detector, rung, kind, state, reason }) => [rung, detector, kind, state, reason]);
    expect(said).toEqual([
      [0, 'instrument', '', 'waiting', 'calibration'],
      [0, 'data-quality', 'stale', 'watching', undefined],
      [1, 'limit', 'high', 'watching', undefined],
      [1, 'jump', 'leap', 'waiting', 'calibration'],
      [3, 'residual', 'drift', 'waiting', 'calibration'],
      [3, 'residual', 'resting', 'waiting', 'calibration'],
      [3, 'residual', 'absent', 'waiting', 'role'],
    ]);
    expect(of(watches, 'residual', 'absent').roles).toEqual(['level']);
    expect(of(watches, 'instrument', '').progress).toEqual({ done: 0, of: 3, unit: 'tag' });
  });

  it('says for how many days of history at least a calibration asks, which is the detector’s to know', async () => {
    const nightFlow = { detector: 'night-flow', kind: 'leakage', options: { inflow: 'inflow' } };
    const jump = { detector: 'jump', kind: 'leap', options: { jumps: [{ role: 'inflow', moves: 'up' }] } };
    const cold = bench({ roles: ['inflow'], detectors: [nightFlow, jump] });
    const { watches } = cold.detection.report();
    const days = watches.map(({ detector, reason, historyDays }) => [detector, reason, historyDays]);
    expect(days).toEqual([
      ['instrument', 'calibration', 1],
      ['jump', 'calibration', 1],
      ['night-flow', 'calibration', 7],
    ]);
  });

  it('comes out of every wait by itself: after a minute all that is calibrated is judged', async () => {
    const warm = plant(calibrated);
    await run(warm, 20);
    const early = warm.detection.report().watches;
    expect(of(early, 'residual', 'drift')).toMatchObject({ state: 'waiting', reason: 'window', score: null });
    expect(of(early, 'residual', 'drift').progress).toEqual({ done: 20, of: 60, unit: 's' });
    expect(of(early, 'jump', 'leap')).toMatchObject({ reason: 'window', progress: { done: 20, of: 60, unit: 's' } });
    await run(warm, 65);
    const { watches, calibration } = warm.detection.report();
    expect(watches.filter(({ state }) => state === 'waiting').map(({ kind }) => kind)).toEqual(['absent']);
    expect(of(watches, 'residual', 'resting').state).toBe('idle');
    expect(of(watches, 'residual', 'drift')).toMatchObject({
      ...{ state: 'watching', score: 0 },
      evidence: [{ tag: 'plc/value', observed: 30, expected: 30, unit: 'kPa', windowS: 60 }],
    });
    expect(calibration).toEqual({ from: 'history' });
  });

  it('shows a claim with its score above one half, and before that the delay that runs', async () => {
    const warm = plant(calibrated);
    await run(warm, 65);
    for (let value = 30; value < 61; value += 0.25) await warm.second({ value, flow: 50, running: 0 });
    await run(warm, 4, { value: 61, flow: 50, running: 0 });
    const pending = of(warm.detection.report().watches, 'limit', 'high');
    expect(pending).toMatchObject({ state: 'watching', progress: { done: 6, of: 20, unit: 's' } });
    expect(pending.evidence[0]).toMatchObject({ observed: 61, expected: 60 });
    await run(warm, 240, { value: 61, flow: 50, running: 0 });
    const { watches } = warm.detection.report();
    expect(of(watches, 'limit', 'high')).toMatchObject({ state: 'claimed', score: 1 });
    expect(of(watches, 'residual', 'drift').state).toBe('claimed');
    expect(of(watches, 'residual', 'drift').score).toBeGreaterThan(0.5);
    expect(of(watches, 'jump', 'leap').state).toBe('claimed');
  });

  it('calls out of model what lies beyond its training, with its evidence and no score', async () => {
    const warm = plant(calibrated);
    await run(warm, 130, { value: 30, flow: 95, running: 0 });
    const { watches, outOfModel } = warm.detection.report();
    expect(of(watches, 'residual', 'drift')).toMatchObject({ state: 'out-of-model', score: null });
    expect(outOfModel['a-1']?.beyond['flow']).toMatchObject({ high: 80, highest: 95 });
  });

  it('names the roles that are not to be trusted, and why', async () => {
    const warm = plant(calibrated);
    await run(warm, 65);
    for (let second = 0; second < 130; second++) {
      warm.send({ flow: Number.NaN }, Quality.comm);
      await warm.second({ value: 30, running: 0 });
    }
    const { watches, distrusted } = warm.detection.report();
    expect(distrusted).toEqual([{ asset: 'a-1', role: 'flow', tag: 'plc/flow', reason: 'comm' }]);
    expect(of(watches, 'residual', 'drift')).toMatchObject({ state: 'waiting', reason: 'values', roles: ['flow'] });
    expect(of(watches, 'data-quality', 'stale')).toMatchObject({ state: 'claimed', roles: ['flow'] });
  });
});

describe('what a claim rests on, drawn from history', () => {
  it('is the value beside what the regression expects, with the departure that counts for nothing', () => {
    const course = plant(calibrated).detection.course('a-1', 'drift')!;
    expect(course).toMatchObject({ quantity: 'plc/value', unit: 'kPa', columns: [['plc/value'], ['plc/flow']] });
    expect(course.at([36, 60], [35, 60], 0)).toEqual({ observed: 36, expected: 35, low: -Infinity, high: 37 });
    expect(course.at([36, 95], [36, 95], 0).expected).toBeNaN();
  });

  it('is the value below its limit', () => {
    const course = plant(undefined).detection.course('a-1', 'high')!;
    expect(course.at([36], [36], 0)).toEqual({ observed: 36, expected: Number.NaN, low: -Infinity, high: 60 });
    expect(plant(undefined).detection.course('a-1', 'nothing')).toBeUndefined();
  });
});
