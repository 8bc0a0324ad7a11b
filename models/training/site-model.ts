import { type AssetHistory, BLIND_LIMIT, countOf, LEAST_ROWS, type Training, usableRoles } from './asset-history.ts';
import { AssetRows } from './asset-rows.ts';
import { calibratedLinear } from './calibrated-linear.ts';
import type { LinearModel } from './linear-model.ts';
import { encodeModalModel } from './linear-onnx.ts';
import { judgeModal } from './modal-model.ts';
import { findModes } from './modes.ts';
import { describeTrained } from './site-description.ts';

/** Newest value and two before it (dynamic PCA with two lags), where there are rows enough for so many inputs. */
const LAGS = 2;
const ROWS_PER_INPUT = 10;
/** Wider matrices take minutes to decompose. */
const MOST_INPUTS = 240;

/**
 * Trains the linear model of one asset: one for each operating mode that history shows, where states tell modes. The same
 * history and seed give the same bytes.
 */
export function trainAsset(history: AssetHistory): Training {
  const { usable: all, leftOut } = usableRoles(history);
  const usable = all.slice(0, MOST_INPUTS);
  if (usable.length < 2) return { refused: 'inputs', found: usable.length, leftOut };
  const { grid, utcOffsetMinutes } = history;
  const places = usable.map(({ column }) => column);
  const leastFit = Math.max(LEAST_ROWS.fit, ROWS_PER_INPUT * usable.length);
  const modes = findModes(grid, places, LAGS + 1, { fit: leastFit, limit: LEAST_ROWS.limit });
  const isState = ({ column }: { readonly column: number }) => modes?.states.includes(column) ?? false;
  const signals = usable.filter((role) => !isState(role));
  const states = usable.filter(isState);
  const rows = new AssetRows(
    grid,
    signals.map(({ column }) => column),
    utcOffsetMinutes,
    modes,
  );
  const kinds = modes ? [...modes.known.keys()] : [undefined];
  const fewest = (use: 'fit' | 'limit', lags: number) =>
    Math.min(...kinds.map((mode) => countOf(rows.rows(use, lags, mode))));
  const width = signals.length * (LAGS + 1);
  const lags = width <= MOST_INPUTS && fewest('fit', LAGS) >= ROWS_PER_INPUT * width ? LAGS : 0;
  const found = fewest('fit', lags);
  if (found < LEAST_ROWS.fit || fewest('limit', lags) < LEAST_ROWS.limit) return { refused: 'rows', found, leftOut };
  const { model, ...heldOut } = calibratedLinear(rows, lags);
  if (heldOut.limit > BLIND_LIMIT) return { refused: 'blind', found: heldOut.limit, leftOut };
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
  return { onnx, manifest, leftOut };
}
