import { seededRandom } from '../../edge/core/random.ts';
import {
  type AssetHistory,
  BLIND_LIMIT,
  countOf,
  LEAST_ROWS,
  type LeftOut,
  type Refused,
  samplesOf,
  type TrainedRole,
  type Training,
  usableRoles,
} from './asset-history.ts';
import { AssetRows } from './asset-rows.ts';
import { type Autoencoder, createAutoencoder, rebuild, rounded, trainAutoencoder } from './autoencoder.ts';
import { standardsOf, WINSORISED, widthOf } from './fit-linear.ts';
import { holdOut, unitOf } from './held-out.ts';
import { judgeKind, type KindModel, networkRow } from './kind-model.ts';
import { encodeKindModel } from './kind-onnx.ts';
import type { Standards } from './linear-model.ts';
import { describeTrained } from './site-description.ts';

/** Hidden layers: encoder, what remains of a row, decoder. Small on purpose: it is to rebuild what is usual only. */
const HIDDEN = 8;
const CORE = 4;
/** Fewer roles have nothing to be compressed; more are not looked at. */
const LEAST_ROLES = 3;
const MOST_ROLES = 64;
/** A role is one of the kind when this share of its assets has it. */
const SHARED = 0.5;
/** Rows of all assets together that the network learns from, evenly over their histories. */
const MOST_ROWS = 20_000;
/** Rows that it is shown altogether, each as often as that takes but not more than so many times. */
const SHOWN_ROWS = 300_000;
const MOST_EPOCHS = 100;
const BATCH = 64;
const RATE = 0.004;
/**
 * Errors below this share of the deviation of a signal are neither a width nor a unit of score: float32 and the reference
 * agree to 1e-5 then, and a role that others give exactly does not drown them. Design choice.
 */
const LEAST_ERROR = 0.2;

/** An asset that nothing can be learnt of. */
type Turned = Refused & Pick<Training, 'leftOut'>;

/** An asset with rows enough to learn from. */
interface Pupil {
  readonly history: AssetHistory;
  readonly signals: readonly TrainedRole[];
  readonly leftOut: readonly LeftOut[];
  readonly rows: AssetRows;
  readonly fitRows: number;
  readonly standards: Standards & Pick<KindModel, 'places'>;
}

/**
 * Trains one small autoencoder over all assets of a kind, and gives each of them its model: the network of all, with
 * normalisation, widths and limit of its own. The same histories and seed give the same bytes.
 * @param histories of assets of one kind, with one seed
 * @param onShare told now and then which share is done
 */
export function trainKind(histories: readonly AssetHistory[], onShare: (share: number) => void): readonly Training[] {
  const roles = rolesOfKind(histories);
  const enrolled = histories.map((history) => enrol(history, roles));
  const pupils = enrolled.filter((one): one is Pupil => !('refused' in one));
  const network = pupils.length > 0 ? learn(pupils, roles.length, onShare) : undefined;
  return enrolled.map((one) =>
    'refused' in one || !network ? (one as Turned) : graduate(one, network, roles, pupils.length),
  );
}

function rolesOfKind(histories: readonly AssetHistory[]): readonly string[] {
  const usable = histories.map((history) => usableRoles(history).usable.map(({ role }) => role));
  const least = SHARED * usable.filter((roles) => roles.length >= LEAST_ROLES).length;
  const known = [...new Set(usable.flat())];
  return known.filter((role) => usable.filter((roles) => roles.includes(role)).length >= least).slice(0, MOST_ROLES);
}

function enrol(history: AssetHistory, roles: readonly string[]): Pupil | Turned {
  const { usable, leftOut: useless } = usableRoles(history);
  const signals = usable.filter(({ role }) => roles.includes(role));
  const strange = usable.filter((role) => !signals.includes(role));
  const leftOut = [...useless, ...strange.map(({ role }): LeftOut => ({ role, why: 'not of the kind' }))];
  if (signals.length < LEAST_ROLES) return { refused: 'inputs', found: signals.length, leftOut };
  const columns = signals.map(({ column }) => column);
  const rows = new AssetRows(history.grid, columns, history.utcOffsetMinutes);
  const fitRows = countOf(rows.rows('fit', 0));
  if (fitRows < LEAST_ROWS.fit || countOf(rows.rows('limit', 0)) < LEAST_ROWS.limit)
    return { refused: 'rows', found: fitRows, leftOut };
  const places = signals.map(({ role }) => roles.indexOf(role));
  return { history, signals, leftOut, rows, fitRows, standards: { ...standardsOf(rows, 0), places } };
}

/** The network of a kind: every asset has as many rows in it as any other. */
function learn(pupils: readonly Pupil[], width: number, onShare: (share: number) => void): Autoencoder {
  const [first] = pupils as readonly [Pupil];
  const random = seededRandom(first.history.seed, `autoencoder ${first.history.assetType}`);
  const core = Math.min(CORE, Math.ceil(width / 2));
  const network = createAutoencoder([width, HIDDEN, core, HIDDEN, width], random);
  const share = Math.max(1, Math.floor(MOST_ROWS / pupils.length));
  const rows = pupils.flatMap(({ rows, fitRows, standards }) => {
    const every = Math.ceil(fitRows / share);
    return samplesOf(rows.rows('fit', 0), every).map((row) =>
      networkRow(standards, width, row).map((value) => Math.max(-WINSORISED, Math.min(WINSORISED, value))),
    );
  });
  const epochs = Math.min(MOST_EPOCHS, Math.ceil(SHOWN_ROWS / rows.length));
  const onEpoch = (done: number) => onShare(done / epochs);
  trainAutoencoder(network, rows, { epochs, batch: BATCH, rate: RATE, onEpoch }, random);
  return rounded(network);
}

/** The model of one asset, with what rows that shaped nothing say of it. */
function graduate(pupil: Pupil, network: Autoencoder, roles: readonly string[], assets: number): Training {
  const { history, signals, leftOut, rows, fitRows, standards } = pupil;
  const inverseDeviations = deviationsOf(pupil, network).map((deviation) => Math.fround(1 / deviation));
  const raw: KindModel = { ...standards, network, inverseDeviations, inverseSpe: 1 };
  const least = inverseDeviations.reduce((sum, one) => sum + (LEAST_ERROR * one) ** 2, 0) / signals.length;
  const unit = Math.max(least, unitOf(Array.from(rows.rows('limit', 0), (row) => judgeKind(raw, row).spe)));
  const model: KindModel = { ...raw, inverseSpe: Math.fround(1 / unit) };
  const scores = (use: 'limit' | 'verify') => Array.from(rows.rows(use, 0), (row) => judgeKind(model, row).score);
  const heldOut = holdOut(scores('limit'), scores('verify'));
  if (heldOut.limit > BLIND_LIMIT) return { refused: 'blind', found: heldOut.limit, leftOut };
  const onnx = encodeKindModel(model);
  const manifest = describeTrained({
    ...{ history, kind: 'autoencoder', signals, states: [], modes: undefined, rows, lags: 0, fitRows, heldOut, onnx },
    scoreOf: (row) => judgeKind(model, row).score,
    inverseScale: model.inverseScale,
    training: { layers: [roles.length, ...network.map(({ outputs }) => outputs)], assets },
  });
  return { onnx, manifest, leftOut };
}

/** Widths of the errors of each role over the rows that were learnt from. */
function deviationsOf({ rows, standards, signals }: Pupil, network: Autoencoder): Float64Array {
  const width = network[0]?.inputs ?? 0;
  const errors: number[][] = signals.map(() => []);
  for (const row of rows.rows('fit', 0)) {
    const placed = networkRow(standards, width, row);
    const rebuilt = rebuild(network, placed);
    for (const [role, place] of standards.places.entries())
      errors[role]?.push((placed[place] as number) - (rebuilt[place] as number));
  }
  return Float64Array.from(errors, (of) => Math.max(LEAST_ERROR, widthOf(Float64Array.from(of))));
}
