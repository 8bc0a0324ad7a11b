import { createHash } from 'node:crypto';
import { seededRandom } from '../../edge/core/random.ts';
import type { SiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import { quantileOfSorted } from '../../edge/detection/order-statistics.ts';
import { type AssetHistory, samplesOf, type TrainedRole } from './asset-history.ts';
import type { AssetRows } from './asset-rows.ts';
import { ALPHA, type HeldOut, SMOOTHING } from './held-out.ts';
import { linearNames } from './linear-onnx.ts';
import { operatorSet } from './onnx-graph.ts';
import { significant } from './significant.ts';

const PARITY_VECTORS = 64;
/** Rows that envelope and parity vectors are drawn from, evenly over the history. */
const MOST_SAMPLES = 20_000;
/** The trained range is that of all but one row in a thousand either way, widened by this share of its width. */
const ENVELOPE_TAIL = 0.001;
const ENVELOPE_MARGIN = 0.1;

/** What the manifest of a trained model is made of. */
export interface Described {
  readonly history: AssetHistory;
  readonly kind: 'linear' | 'autoencoder';
  /** The judged signals, and the states that tell modes. */
  readonly signals: readonly TrainedRole[];
  readonly states: readonly TrainedRole[];
  readonly modes: SiteManifest['modes'];
  readonly rows: AssetRows;
  readonly lags: number;
  readonly fitRows: number;
  readonly heldOut: HeldOut;
  readonly onnx: Uint8Array;
  /** What the reference says of a row. */
  readonly scoreOf: (row: Float32Array) => number;
  /** 1 / scale of each signal: so far parity vectors are moved. */
  readonly inverseScale: ArrayLike<number>;
  /** Figures of the fit, into the manifest. */
  readonly training: Readonly<Record<string, unknown>>;
}

/** The manifest of a trained model. */
export function describeTrained(of: Described): SiteManifest {
  const { history, kind, signals, states, modes, rows, lags, fitRows, heldOut, onnx } = of;
  const { asset, assetType, grid, version, seed, source, utcOffsetMinutes } = history;
  const samples = samplesOf(rows.rows('fit', lags), Math.ceil(fitRows / MOST_SAMPLES));
  const iso = (ms: number) => new Date(ms).toISOString();
  const { percent, permille, limit } = heldOut.verifyShares;
  return {
    ...{ schema: 'lifeline-model/1', id: asset, version: `${version}`, kind, counter: version },
    ...{ assetType, asset, file: 'model.onnx', sha256: createHash('sha256').update(onnx).digest('hex') },
    ...{ operatorSet, inputName: linearNames.input, outputName: linearNames.score },
    ...{ contributionsName: linearNames.contributions, contributors: signals.map(({ role }) => role) },
    inputs: inputsOf(signals, states, lags, samples),
    ...(modes ? { modes } : {}),
    ...{ stepS: grid.stepS, utcOffsetMinutes, smoothing: SMOOTHING },
    limit: { value: significant(heldOut.limit, 6), alpha: ALPHA, margin: 1 },
    outputDeciles: heldOut.deciles.map((bound) => significant(bound, 6)),
    training: {
      ...{ by: 'lifeline train', from: source, first: iso(grid.timeMs(0)), last: iso(grid.timeMs(grid.steps - 1)) },
      dataSha256: grid.hash([...signals, ...states].map(({ column }) => column)),
      ...{ seed, rows: fitRows, lags, ...of.training },
    },
    heldOut: {
      ...{ limitRows: heldOut.limitRows, anomalousRows: heldOut.anomalousRows, verifyRows: heldOut.verifyRows },
      shareAbove: { 'nominal 0.01': significant(percent, 3), 'nominal 0.001': significant(permille, 3) },
      shareAboveLimit: significant(limit, 3),
    },
    parity: parityOf(of, samples),
  };
}

function inputsOf(
  signals: readonly TrainedRole[],
  states: readonly TrainedRole[],
  lags: number,
  rows: readonly Float32Array[],
): SiteManifest['inputs'] {
  const values = Array.from({ length: lags + 1 }, (_, lag) =>
    signals.map(({ role, unit }, column) => {
      const name = lag === 0 ? role : `${role} ${lag} before`;
      return lag === 0 ? { name, role, unit, lag, envelope: envelopeOf(rows, column) } : { name, role, unit, lag };
    }),
  );
  const calendar = [
    { name: 'hour', role: '', unit: 'h', lag: 0 },
    { name: 'free-day', role: '', unit: '1', lag: 0 },
  ];
  return [...values.flat(), ...calendar, ...states.map(({ role, unit }) => ({ name: role, role, unit, lag: 0 }))];
}

function envelopeOf(rows: readonly Float32Array[], column: number): { min: number; max: number } {
  const sorted = Float64Array.from(rows, (row) => row[column] as number).sort();
  const [min, max] = [quantileOfSorted(sorted, ENVELOPE_TAIL), quantileOfSorted(sorted, 1 - ENVELOPE_TAIL)];
  const slack = ENVELOPE_MARGIN * (max - min);
  return { min: significant(min - slack), max: significant(max + slack) };
}

/** Rows of history, every other one with a role moved away from the others: where the limit lies and beyond. */
function parityOf(
  { history, signals, scoreOf, inverseScale }: Described,
  rows: readonly Float32Array[],
): SiteManifest['parity'] {
  const random = seededRandom(history.seed, 'parity');
  return Array.from({ length: PARITY_VECTORS }, (_, index) => {
    const row = (rows[Math.floor((index * rows.length) / PARITY_VECTORS)] as Float32Array).slice();
    const role = random.integer(0, signals.length - 1);
    if (index % 2 === 1) row[role] = (row[role] as number) + (4 * random.normal()) / (inverseScale[role] as number);
    return { input: [...row], output: scoreOf(row) };
  });
}
