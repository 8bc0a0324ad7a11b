import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { parseSiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import { AssetRows } from '../../models/training/asset-rows.ts';
import { calibratedLinear } from '../../models/training/calibrated-linear.ts';
import { encodeModalModel } from '../../models/training/linear-onnx.ts';
import { judgeModal } from '../../models/training/modal-model.ts';
import { modelCard } from '../../models/training/model-card.ts';
import { findModes } from '../../models/training/modes.ts';
import { trainAsset } from '../../models/training/site-model.ts';
import { StepGrid } from '../../models/training/step-grid.ts';
import { startMs } from './plant.ts';

const roles = ['flow', 'pressure', 'power', 'pump-1-run', 'pump-2-run', 'door'] as const;
const least = { fit: 120, limit: 60 };

interface Run {
  readonly days?: number;
  /** Which pumps run in a step. */
  readonly pumps?: (step: number) => readonly [number, number];
  readonly disturb?: (step: number, values: number[]) => void;
}

/** Two pumps that change over every so many hours: each pair has a flow, a pressure and an efficiency of its own. */
function stationGrid(seed: number, { days = 20, pumps = byHours, disturb = () => undefined }: Run = {}): StepGrid {
  const random = seededRandom(seed, 'two pumps');
  const names = roles.map((role) => `ps/${role}`);
  const grid = new StepGrid(names, { fromMs: startMs, toMs: startMs + days * 86_400_000 - 1 }, 300);
  let demand = 0;
  for (let step = 0; step < grid.steps; step++) {
    demand = 0.9 * demand + random.normal();
    const [one, two] = pumps(step);
    const flow = 400 * one + 700 * two + (one === two ? -1 : 1) * 8 * demand + random.normal();
    const lift = 0.3 + 0.1 * two + (two - one) * 1e-4 * 8 * demand + 2e-4 * random.normal();
    const values = [flow, lift, 0.4 * flow * lift + 0.2 * random.normal(), one, two, random.next() < 0.02 ? 1 : 0];
    disturb(step, values);
    for (const [column, value] of values.entries()) grid.take(column, grid.timeMs(step) - 1, value);
  }
  return grid;
}

/** One pump, the other, both, six hours each by turns that do not keep to the hours of the day. */
function byHours(step: number): readonly [number, number] {
  const turn = Math.floor(step / 77) % 3;
  return [turn === 1 ? 0 : 1, turn === 0 ? 0 : 1];
}

const historyOf = (grid: StepGrid) => ({
  ...{ asset: 'ps-1', assetType: 'test.station', grid, utcOffsetMinutes: 0, source: 'a test', version: 1, seed: 1 },
  roles: roles.map((role, column) => ({ role, unit: '', column })),
});

function trained(grid: StepGrid) {
  const training = trainAsset(historyOf(grid));
  if ('refused' in training) throw new Error(`refused: ${training.refused} ${training.found}`);
  return training;
}

const places = [0, 1, 2, 3, 4, 5];

describe('operating modes', () => {
  it('are the combinations of the states that explain the signals; a door makes none', () => {
    const found = findModes(stationGrid(1), places, 3, least)!;
    expect(found.states).toEqual([3, 4]);
    expect(found.without).toEqual([5]);
    expect(found.by).toBe('combination');
    expect([...found.known].sort()).toEqual([
      [0, 1],
      [1, 0],
      [1, 1],
    ]);
  });

  it('begin when the states have stood for some rows, and are none where a state is missing', () => {
    const grid = stationGrid(1);
    grid.columns[3]![100] = Number.NaN;
    const { ofStep, known } = findModes(grid, places, 3, least)!;
    const mode = (step: number) => (ofStep[step] === -1 ? undefined : known[ofStep[step]!]);
    expect([76, 77, 78, 79].map(mode)).toEqual([[1, 0], undefined, undefined, [0, 1]]);
    expect([99, 100, 101, 102, 103].map(mode)).toEqual([[0, 1], undefined, undefined, undefined, [0, 1]]);
  });

  it('are how many are on where like pumps take turns and combinations are too rare', () => {
    const day = (step: number): readonly [number, number] => {
      if (Math.floor(step / 77) % 2 === 1) return [1, 1];
      // the first of the pumps alone for two days of twenty only
      return step < 2 * 288 ? [1, 0] : [0, 1];
    };
    const like = stationGrid(1, {
      pumps: day,
      disturb: (_, values) => {
        if (values[3] !== values[4]) values[0] = 500;
      },
    });
    const found = findModes(like, places, 3, { fit: 400, limit: 60 })!;
    expect(found.by).toBe('sum');
    expect([...found.known].sort()).toEqual([[1], [2]]);
  });

  it('are left alone where neither has rows enough', () => {
    expect(findModes(stationGrid(1), places, 3, { fit: 1e6, limit: 60 })).toBeUndefined();
  });
});

describe('a model for each operating mode', () => {
  it('computes in ONNX what the reference computes, in every mode, and says nothing in one never seen', async () => {
    const grid = stationGrid(1);
    const modes = findModes(grid, places, 3, least)!;
    const rows = new AssetRows(grid, [0, 1, 2], 0, modes);
    const { model } = calibratedLinear(rows, 2);
    const session = await InferenceSession.create(encodeModalModel(model, 2));
    const batch = Array.from(rows.rows('verify', 2), (row) => row.slice()).slice(0, 300);
    for (const [at, row] of batch.entries()) row[at % 3] = row[at % 3]! * (1 + (at % 4) / 500);
    for (const row of batch.slice(0, 5)) row.set([0, 0], row.length - 2);
    const width = batch[0]!.length;
    const values = new Tensor('float32', Float32Array.from(batch.flatMap((row) => [...row])), [batch.length, width]);
    const outputs = await session.run({ values });
    let apart = 0;
    const seen = new Set<string>();
    for (const [at, row] of batch.entries()) {
      const wanted = judgeModal(model, row);
      seen.add(row.slice(-2).join(' '));
      const pairs = (['t2', 'spe', 'score'] as const).map((name) => [outputs[name]!.data[at] as number, wanted[name]]);
      for (const [role, share] of wanted.contributions.entries())
        pairs.push([outputs['contributions']!.data[3 * at + role] as number, share]);
      for (const [got, reference] of pairs as [number, number][])
        apart = Math.max(apart, Math.abs(got - reference) / Math.max(1, Math.abs(reference)));
    }
    expect([...seen].sort()).toEqual(['0 0', '0 1', '1 0', '1 1']);
    expect([...outputs['score']!.data].slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(apart).toBeLessThanOrEqual(1e-5);
  });

  it('sees in each mode what one model for all of them does not', () => {
    /** Pressure as it is with the other pumps: within what is usual over all modes. */
    const spoilt = (step: number, values: number[]) => {
      if (step >= 17 * 288 && values[3] === 1 && values[4] === 0) values[1]! += 0.004;
    };
    const [calm, odd] = [stationGrid(1), stationGrid(1, { disturb: spoilt })];
    const shareAbove = (grid: StepGrid, withModes: boolean) => {
      const states = withModes ? findModes(grid, places, 3, least) : undefined;
      const signals = withModes ? [0, 1, 2] : [0, 1, 2, 3, 4];
      return calibratedLinear(new AssetRows(grid, signals, 0, states), 2).verifyShares.limit;
    };
    expect(shareAbove(calm, true)).toBeLessThan(0.01);
    expect(shareAbove(odd, true)).toBeGreaterThan(0.15);
    expect(shareAbove(odd, false)).toBeLessThan(0.02);
  });

  it('is refused where one of the modes would be blind, behind a common limit that looks well', () => {
    const jumpy = stationGrid(1, {
      disturb: (step, values) => {
        if (values[3] === 1 && values[4] === 0 && step % 101 === 0) values[1]! += 5;
      },
    });
    expect(trainAsset(historyOf(jumpy))).toMatchObject({ refused: 'blind' });
  });

  it('lets normal rows pass its limit as seldom in every mode, on weeks it has not seen', () => {
    const shares = [1, 2, 3].map((seed) => {
      const { heldOut } = trained(stationGrid(seed, { days: 42 })).manifest;
      return (heldOut['shareAbove'] as Record<string, number>)['nominal 0.01']!;
    });
    const mean = shares.reduce((sum, share) => sum + share, 0) / shares.length;
    expect(mean).toBeGreaterThan(0.005);
    expect(mean).toBeLessThan(0.02);
  });

  it('is described by its modes in manifest and card, with the same bytes for the same history', () => {
    const { manifest, onnx, leftOut } = trained(stationGrid(1));
    expect(manifest.modes).toMatchObject({ roles: ['pump-1-run', 'pump-2-run'], by: 'combination', settleSteps: 3 });
    expect(manifest.contributors).toEqual(['flow', 'pressure', 'power']);
    expect(leftOut).toEqual([{ role: 'door', why: 'state that explains nothing' }]);
    expect(manifest.inputs.slice(-2).map(({ name }) => name)).toEqual(['pump-1-run', 'pump-2-run']);
    expect(parseSiteManifest(JSON.stringify(manifest))).toEqual(manifest);
    expect(modelCard(manifest, leftOut)).toContain('a model for each of 3 operating modes');
    expect(modelCard(manifest, leftOut)).toContain('pump-1-run = 1, pump-2-run = 1');
    expect(Buffer.from(trained(stationGrid(1)).onnx).equals(Buffer.from(onnx))).toBe(true);
  });
});
