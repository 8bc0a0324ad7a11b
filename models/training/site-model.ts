import { createHash } from 'node:crypto';
import { seededRandom } from '../../edge/core/random.ts';
import type { SiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import { quantileOfSorted } from '../../edge/detection/order-statistics.ts';
import { AssetRows } from './asset-rows.ts';
import { fitLinearModel } from './fit-linear.ts';
import { ALPHA, type HeldOut, holdOut, SMOOTHING } from './held-out.ts';
import { judgeRow, type LinearModel } from './linear-model.ts';
import { encodeLinearModel, linearNames } from './linear-onnx.ts';
import { operatorSet } from './onnx-graph.ts';
import { significant } from './significant.ts';
import type { StepGrid } from './step-grid.ts';
import { type Usefulness, usefulnessOf } from './usable-roles.ts';

/** Newest value and two before it (dynamic PCA with two lags), where there are rows enough for so many inputs. */
const LAGS = 2;
const ROWS_PER_INPUT = 10;
/** Wider matrices take minutes to decompose. */
const MOST_INPUTS = 240;
/** Fewer rows say nothing of what is normal. */
const LEAST_ROWS = { fit: 120, limit: 60 } as const;
/** A limit this far above usual scores lets everything pass: normal operation is of several kinds. Design choice. */
const BLIND_LIMIT = 100;
const PARITY_VECTORS = 64;
/** Rows that envelope and parity vectors are drawn from, evenly over the history. */
const MOST_SAMPLES = 20_000;
/** The trained range is that of all but one row in a thousand either way, widened by this share of its width. */
const ENVELOPE_TAIL = 0.001;
const ENVELOPE_MARGIN = 0.1;

/** A role of an asset, its unit, and where its history is. */
export interface TrainedRole {
  readonly role: string;
  readonly unit: string;
  /** Column of the grid. */
  readonly column: number;
}

/** What is to be trained, and on what. */
export interface AssetHistory {
  readonly asset: string;
  readonly assetType: string;
  readonly roles: readonly TrainedRole[];
  readonly grid: StepGrid;
  readonly utcOffsetMinutes: number;
  /** Where the history comes from, in words. */
  readonly source: string;
  readonly version: number;
  readonly seed: number;
}

/** A role that is no input, and why. */
export interface LeftOut {
  readonly role: string;
  readonly why: Exclude<Usefulness, 'usable'>;
}

/** A trained model, or why there is none. */
export type Training =
  | { readonly onnx: Uint8Array; readonly manifest: SiteManifest; readonly leftOut: readonly LeftOut[] }
  | { readonly refused: Refusal; readonly found: number; readonly leftOut: readonly LeftOut[] };

/** Too few usable signals, too few whole rows, or a limit that sees nothing; `found` is how many, or the limit. */
export type Refusal = 'inputs' | 'rows' | 'blind';

/** Trains the linear model of one asset. The same history and seed give the same bytes. */
export function trainAsset(history: AssetHistory): Training {
  const { grid, roles } = history;
  const judged = roles.map((role) => ({ ...role, use: usefulnessOf(grid.columns[role.column] as Float32Array) }));
  const leftOut = judged.flatMap(({ role, use }) => (use === 'usable' ? [] : [{ role, why: use }]));
  const usable = judged.filter(({ use }) => use === 'usable').slice(0, MOST_INPUTS);
  if (usable.length < 2) return { refused: 'inputs', found: usable.length, leftOut };
  const places = usable.map(({ column }) => column);
  const rows = new AssetRows(grid, places, history.utcOffsetMinutes);
  const count = (use: 'fit' | 'limit', lags: number) => countOf(rows.rows(use, lags));
  const width = usable.length * (LAGS + 1);
  const lags = width <= MOST_INPUTS && count('fit', LAGS) >= ROWS_PER_INPUT * width ? LAGS : 0;
  const found = count('fit', lags);
  if (found < LEAST_ROWS.fit || count('limit', lags) < LEAST_ROWS.limit) return { refused: 'rows', found, leftOut };
  const heldOut = holdOut(fitLinearModel(rows, lags), rows);
  if (heldOut.limit > BLIND_LIMIT) return { refused: 'blind', found: heldOut.limit, leftOut };
  const onnx = encodeLinearModel(heldOut.model);
  return { onnx, manifest: describe(history, usable, rows, heldOut, onnx, found), leftOut };
}

function describe(
  history: AssetHistory,
  usable: readonly TrainedRole[],
  rows: AssetRows,
  { model, ...heldOut }: HeldOut,
  onnx: Uint8Array,
  fitRows: number,
): SiteManifest {
  const { asset, assetType, grid, version, seed, source, utcOffsetMinutes } = history;
  const samples = samplesOf(rows.rows('fit', model.lags), Math.ceil(fitRows / MOST_SAMPLES));
  const iso = (ms: number) => new Date(ms).toISOString();
  const { percent, permille, limit } = heldOut.verifyShares;
  return {
    ...{ schema: 'lifeline-model/1', id: asset, version: `${version}`, kind: 'linear', counter: version },
    ...{ assetType, asset, file: 'model.onnx', sha256: createHash('sha256').update(onnx).digest('hex') },
    ...{ operatorSet, inputName: linearNames.input, outputName: linearNames.score },
    ...{ contributionsName: linearNames.contributions, contributors: usable.map(({ role }) => role) },
    inputs: inputsOf(usable, model.lags, samples),
    ...{ stepS: grid.stepS, utcOffsetMinutes, smoothing: SMOOTHING },
    limit: { value: significant(heldOut.limit, 6), alpha: ALPHA, margin: 1 },
    outputDeciles: heldOut.deciles.map((bound) => significant(bound, 6)),
    training: {
      ...{ by: 'lifeline train', from: source, first: iso(grid.timeMs(0)), last: iso(grid.timeMs(grid.steps - 1)) },
      ...{ dataSha256: grid.hash(usable.map(({ column }) => column)), seed, rows: fitRows },
      ...{ lags: model.lags, components: model.components },
    },
    heldOut: {
      ...{ limitRows: heldOut.limitRows, anomalousRows: heldOut.anomalousRows, verifyRows: heldOut.verifyRows },
      shareAbove: { 'nominal 0.01': significant(percent, 3), 'nominal 0.001': significant(permille, 3) },
      shareAboveLimit: significant(limit, 3),
    },
    parity: parityOf(model, samples, seed),
  };
}

function inputsOf(usable: readonly TrainedRole[], lags: number, rows: readonly Float32Array[]): SiteManifest['inputs'] {
  const values = Array.from({ length: lags + 1 }, (_, lag) =>
    usable.map(({ role, unit }, column) => {
      const name = lag === 0 ? role : `${role} ${lag} before`;
      return lag === 0 ? { name, role, unit, lag, envelope: envelopeOf(rows, column) } : { name, role, unit, lag };
    }),
  );
  const calendar = [
    { name: 'hour', role: '', unit: 'h', lag: 0 },
    { name: 'free-day', role: '', unit: '1', lag: 0 },
  ];
  return [...values.flat(), ...calendar];
}

function envelopeOf(rows: readonly Float32Array[], column: number): { min: number; max: number } {
  const sorted = Float64Array.from(rows, (row) => row[column] as number).sort();
  const [min, max] = [quantileOfSorted(sorted, ENVELOPE_TAIL), quantileOfSorted(sorted, 1 - ENVELOPE_TAIL)];
  const slack = ENVELOPE_MARGIN * (max - min);
  return { min: significant(min - slack), max: significant(max + slack) };
}

/** Rows of history, every other one with a role moved away from the others: where the limit lies and beyond. */
function parityOf(model: LinearModel, rows: readonly Float32Array[], seed: number): SiteManifest['parity'] {
  const random = seededRandom(seed, 'parity');
  return Array.from({ length: PARITY_VECTORS }, (_, index) => {
    const row = (rows[Math.floor((index * rows.length) / PARITY_VECTORS)] as Float32Array).slice();
    const role = random.integer(0, model.roles - 1);
    if (index % 2 === 1)
      row[role] = (row[role] as number) + (4 * random.normal()) / (model.inverseScale[role] as number);
    return { input: [...row], output: judgeRow(model, row).score };
  });
}

function samplesOf(rows: Iterable<Float32Array>, every: number): Float32Array[] {
  const samples: Float32Array[] = [];
  let at = 0;
  for (const row of rows) if (at++ % every === 0) samples.push(row.slice());
  return samples;
}

function countOf(rows: Iterable<unknown>): number {
  let count = 0;
  for (const _ of rows) count++;
  return count;
}
