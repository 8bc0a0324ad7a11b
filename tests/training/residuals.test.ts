import { describe, expect, it } from 'vitest';
import type { PackAsset } from '../../edge/core/pack.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { ExpectedValue } from '../../edge/detection/residual/expected-value.ts';
import { calibrateAsset } from '../../models/training/residuals/calibrate-asset.ts';
import { LeastSquares } from '../../models/training/residuals/least-squares.ts';
import { type AssetRows, joinRows, ratesOf, withOthers, withPeers } from '../../models/training/residuals/rows.ts';

const startMs = Date.UTC(2026, 0, 5);
const minutes = 5 * 1440;

/** Pump-like rows: head = 40 − 0.002 flow², with noise of 0.1; `faulty` is the share of rows that a fault spoils. */
function pumpRows(seed: number, faulty = 0): AssetRows {
  const random = seededRandom(seed, 'pump');
  const flow = new Float32Array(minutes);
  const head = new Float32Array(minutes);
  for (let row = 0; row < minutes; row++) {
    flow[row] = 60 + 40 * Math.sin(row / 90) + 5 * random.normal();
    head[row] = 40 - 0.002 * (flow[row] as number) ** 2 + 0.1 * random.normal();
    if (random.next() < faulty) head[row] = (head[row] as number) - 5;
  }
  const timesMs = Float64Array.from({ length: minutes }, (_, row) => startMs + row * 60_000);
  return { timesMs, columns: new Map([...Object.entries({ flow, head })]) };
}

/** A wet well of 120 m²: 30 L/s come, pumps take 540 m³/h from 2 m down to 1.2 m, the gauge has noise of 7 mm. */
function wellRows(seed: number, areaM2: number): AssetRows {
  const random = seededRandom(seed, 'well');
  const level = new Float32Array(minutes);
  const flow = new Float32Array(minutes);
  let depthM = 1.5;
  let pumping = false;
  for (let row = 0; row < minutes; row++) {
    if (depthM > 2) pumping = true;
    if (depthM < 1.2) pumping = false;
    flow[row] = (pumping ? 540 : 0) + 2 * random.normal();
    depthM += (0.03 * 60 - (pumping ? 540 : 0) / 60) / areaM2;
    level[row] = depthM + 0.007 * random.normal();
  }
  const timesMs = Float64Array.from({ length: minutes }, (_, row) => startMs + row * 60_000);
  return { timesMs, columns: new Map([...Object.entries({ level, flow })]) };
}

const packWith = (...residuals: readonly Readonly<Record<string, unknown>>[]): PackAsset =>
  ({ detectors: [{ detector: 'residual', kind: 'worn', options: { residuals } }] }) as unknown as PackAsset;

describe('least squares', () => {
  it('give back the weights that made the rows', () => {
    const random = seededRandom(3, 'rows');
    const squares = new LeastSquares(3);
    for (let row = 0; row < 2000; row++) {
      const terms = Float64Array.from({ length: 3 }, () => random.normal());
      squares.add(terms, 2 + 3 * (terms[0] as number) - (terms[1] as number) + 0.5 * (terms[2] as number));
    }
    const [intercept, ...weights] = squares.solve();
    expect(intercept).toBeCloseTo(2, 2);
    for (const [index, weight] of [3, -1, 0.5].entries()) expect(weights[index]).toBeCloseTo(weight, 2);
  });
});

describe('the calibration of residuals', () => {
  it('finds the curve and its noise on rows that it was not fitted to', () => {
    const { worn } = calibrateAsset(packWith({ role: 'head', of: ['flow'], moves: 'down' }), pumpRows(1), 480);
    expect(worn?.parts[0]?.scale).toBeGreaterThan(0.08);
    expect(worn?.parts[0]?.scale).toBeLessThan(0.13);
    expect(worn?.limit).toBe(24);
  });

  it('learns the balance of a wet well: its area and what comes', () => {
    const residual = { role: 'level', rate: true, of: ['flow'], moves: 'up' };
    const part = calibrateAsset(packWith(residual), wellRows(4, 120), 480)['worn']?.parts[0];
    if (!part) throw new Error('not calibrated');
    const expected = new ExpectedValue(part);
    const [still, pumped] = [0, 540].map((flow) => expected.at([flow], startMs, 480));
    // A dL/dt = inflow − pumped flow, m a minute
    expect(still).toBeCloseTo((0.03 * 60) / 120, 3);
    const areaM2 = 540 / 60 / ((still as number) - (pumped as number));
    // 0.9 m² is the standard error of so many rows
    expect(Math.abs(areaM2 - 120)).toBeLessThan(4);
    // two readings of 7 mm
    expect(part.scale).toBeCloseTo(0.007 * Math.SQRT2, 3);
  });

  it('lets charts of short windows pass lower limits, unless history leaps', () => {
    const rows = pumpRows(1);
    const head = (rows.columns.get('head') as Float32Array).map((value, row) => value - (row % 700 === 0 ? 4 : 0));
    const leaping = { ...rows, columns: new Map([...rows.columns, ['head', head]]) };
    const limitOf = (of: AssetRows, windowS: number) => {
      const options = { residuals: [{ role: 'head', of: ['flow'], moves: 'down' }], windowS };
      const pack = { detectors: [{ detector: 'residual', kind: 'worn', options }] } as unknown as PackAsset;
      const chart = calibrateAsset(pack, of, 480)['worn'];
      expect(chart?.windowS).toBe(windowS === 60 ? undefined : windowS);
      return chart?.limit;
    };
    expect([60, 10].map((windowS) => limitOf(rows, windowS))).toEqual([24, 6]);
    expect(limitOf(leaping, 60)).toBe(24);
    expect(limitOf(leaping, 10)).toBeGreaterThan(15);
  });

  it('is hardly moved by faults in a twentieth of the history', () => {
    const pack = packWith({ role: 'head', of: ['flow'], moves: 'down' });
    const weightsOf = (rows: AssetRows) => calibrateAsset(pack, rows, 480)['worn']?.parts[0]?.weights ?? [];
    const clean = weightsOf(pumpRows(1));
    for (const [index, weight] of weightsOf(pumpRows(1, 0.05)).entries())
      expect(Math.abs(weight - (clean[index] as number))).toBeLessThan(0.05);
  });

  it('does not take a step for a departure where a value is moved in steps', () => {
    const { timesMs, columns } = pumpRows(1);
    const flow = columns.get('flow') as Float32Array;
    const tap = flow.map((value) => Math.round(value / 20));
    const rows = { timesMs, columns: new Map([...columns, ['tap', tap]]) };
    const scaleOf = (role: string, inputs: readonly string[]) =>
      calibrateAsset(packWith({ role, of: inputs }), rows, 480)['worn']?.parts[0]?.scale;
    expect(scaleOf('tap', ['flow'])).toBe(0.5);
    expect(scaleOf('head', ['flow'])).toBeLessThan(0.13);
  });

  it('leaves out what a day of history does not tell, and roles that nobody mapped', () => {
    const pack = packWith({ role: 'head', of: ['flow'] });
    const { timesMs, columns } = pumpRows(1);
    const cut = <T extends Float32Array | Float64Array>(values: T) => values.subarray(0, 1000) as T;
    const short = { timesMs: cut(timesMs), columns: new Map([...columns].map(([role, of]) => [role, cut(of)])) };
    expect(calibrateAsset(pack, short, 480)).toEqual({});
    expect(calibrateAsset(packWith({ role: 'speed', of: ['flow'] }), pumpRows(1), 480)).toEqual({});
  });
});

describe('rows of history', () => {
  const rowsOf = (role: string, ...values: number[]): AssetRows => ({
    timesMs: Float64Array.from(values, (_, row) => startMs + row * 60_000),
    columns: new Map([[role, Float32Array.from(values)]]),
  });

  it('are joined in time, unknown where a role was not there yet', () => {
    const { columns } = joinRows([rowsOf('a', 1, 2), rowsOf('b', 3)]);
    expect([...(columns.get('a') ?? [])]).toEqual([1, 2, Number.NaN]);
    expect([...(columns.get('b') ?? [])]).toEqual([Number.NaN, Number.NaN, 3]);
  });

  it('know the median of three or more peers', () => {
    const three = [rowsOf('t', 1, 9), rowsOf('t', 2, 8), rowsOf('t', 90, 7)];
    const medians = (rows: AssetRows[]) =>
      withPeers(rows, ['peers.t', 't']).map(({ columns }) => columns.get('peers.t'));
    expect(medians(three).map((column) => [...(column ?? [])])).toEqual([2, 2, 2].map(() => [2, 8]));
    expect(medians(three.slice(1))).toEqual([undefined, undefined]);
  });

  it('know what the first asset below has, where it is of the same kind', () => {
    const chain = [
      { id: 'a', upstreamOf: ['b'] },
      { id: 'b', upstreamOf: ['station'] },
    ];
    const around = { assets: chain, rowsOf: () => undefined };
    const rows = withOthers(chain, [rowsOf('t', 1, 2), rowsOf('t', 3, 4)], ['t', 'downstream.t'], around);
    const below = rows.map(({ columns }) => columns.get('downstream.t'));
    expect(below.map((column) => column && [...column])).toEqual([[3, 4], undefined]);
  });

  it('know what the asset above has, whatever its kind', () => {
    const districts = [
      { id: 'fed', upstreamOf: [] },
      { id: 'alone', upstreamOf: [] },
    ];
    const station = { id: 'station', upstreamOf: ['fed'] };
    const around = { assets: [station, ...districts], rowsOf: () => rowsOf('u', 5, 6) };
    const rows = withOthers(districts, [rowsOf('t', 1, 2), rowsOf('t', 3, 4)], ['t', 'upstream.u'], around);
    const above = rows.map(({ columns }) => columns.get('upstream.u'));
    expect(above.map((column) => column && [...column])).toEqual([[5, 6], undefined]);
  });

  it('have rates from minute to minute, none over a gap', () => {
    const rates = ratesOf(Float32Array.from([1, 3, 6]), Float64Array.from([0, 60_000, 180_000]));
    expect([...rates]).toEqual([Number.NaN, 2, Number.NaN]);
  });
});
