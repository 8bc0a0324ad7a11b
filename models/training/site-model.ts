import {
  type AssetHistory,
  BLIND_LIMIT,
  countOf,
  LEAST_ROWS,
  type LeftOut,
  type Refused,
  type Trained,
  type TrainedRole,
  type Training,
  usableRoles,
} from './asset-history.ts';
import { AssetRows } from './asset-rows.ts';
import { calibratedLinear } from './calibrated-linear.ts';
import type { LinearModel } from './linear-model.ts';
import { encodeModalModel } from './linear-onnx.ts';
import { judgeModal } from './modal-model.ts';
import { type FoundModes, findModes } from './modes.ts';
import { describeTrained } from './site-description.ts';

/** Newest value and two before it (dynamic PCA with two lags), where there are rows enough for so many inputs. */
const LAGS = 2;
const ROWS_PER_INPUT = 10;
/** Wider matrices take minutes to decompose. */
const MOST_INPUTS = 240;

/**
 * Trains the linear model of one asset: one for each operating mode that history shows, where states tell modes, and one for
 * all where that is no good. The same history and seed give the same bytes.
 */
export function trainAsset(history: AssetHistory): Training {
  const { usable: all, leftOut } = usableRoles(history);
  const usable = all.slice(0, MOST_INPUTS);
  if (usable.length < 2) return { refused: 'inputs', found: usable.length, leftOut };
  const places = usable.map(({ column }) => column);
  const leastFit = Math.max(LEAST_ROWS.fit, ROWS_PER_INPUT * usable.length);
  const modes = findModes(history.grid, places, LAGS + 1, { fit: leastFit, limit: LEAST_ROWS.limit });
  const isIdle = ({ column }: TrainedRole) => modes?.without.includes(column) ?? false;
  const byModes =
    modes &&
    trainOn(
      history,
      usable.filter((role) => !isIdle(role)),
      modes,
    );
  if (!byModes || 'refused' in byModes) return { ...trainOn(history, usable, undefined), leftOut };
  const idle = usable.filter(isIdle).map(({ role }): LeftOut => ({ role, why: 'state that explains nothing' }));
  return { ...byModes, leftOut: [...leftOut, ...idle] };
}

function trainOn(
  history: AssetHistory,
  usable: readonly TrainedRole[],
  modes: FoundModes | undefined,
): Trained | Refused {
  const isState = ({ column }: TrainedRole) => modes?.states.includes(column) ?? false;
  const [signals, states] = [usable.filter((role) => !isState(role)), usable.filter(isState)];
  const places = signals.map(({ column }) => column);
  const rows = new AssetRows(history.grid, places, history.utcOffsetMinutes, modes);
  const kinds = modes ? [...modes.known.keys()] : [undefined];
  const fewest = (use: 'fit' | 'limit', lags: number) =>
    Math.min(...kinds.map((mode) => countOf(rows.rows(use, lags, mode))));
  const width = signals.length * (LAGS + 1);
  const lags = width <= MOST_INPUTS && fewest('fit', LAGS) >= ROWS_PER_INPUT * width ? LAGS : 0;
  const found = fewest('fit', lags);
  if (found < LEAST_ROWS.fit || fewest('limit', lags) < LEAST_ROWS.limit) return { refused: 'rows', found };
  const { model, highestLimit, ...heldOut } = calibratedLinear(rows, lags);
  if (highestLimit > BLIND_LIMIT) return { refused: 'blind', found: highestLimit };
  const onnx = encodeModalModel(model, states.length);
  const [first] = model.parts as readonly [LinearModel];
  const manifest = describeTrained({
    ...{ history, kind: 'linear', signals, states, rows, lags, heldOut, onnx },
    fitRows: countOf(rows.rows('fit', lags)),
    modes: modes && {
      ...{ roles: states.map(({ role }) => role), by: modes.by, known: modes.known.map((key) => [...key]) },
      settleSteps: LAGS + 1,
    },
    scoreOf: (row) => judgeModal(model, row).score,
    inverseScale: first.inverseScale,
    training: { components: modes ? model.parts.map(({ components }) => components) : first.components },
  });
  return { onnx, manifest };
}
