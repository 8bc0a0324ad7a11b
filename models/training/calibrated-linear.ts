import type { AssetRows } from './asset-rows.ts';
import { fitLinearModel, scaled } from './fit-linear.ts';
import { type HeldOut, holdOut, unitOf } from './held-out.ts';
import { judgeRow } from './linear-model.ts';
import { judgeModal, type ModalModel } from './modal-model.ts';
import type { Use } from './split.ts';

/** A model whose score is in units of held-out rows, and its limit. */
export interface CalibratedLinear extends HeldOut {
  readonly model: ModalModel;
  /** The highest limit of a mode in units of its own usual score: one that is blind is not seen in the common limit. */
  readonly highestLimit: number;
}

/**
 * Fits a linear model to each mode of the rows, scores in units of what every other held-out row of that mode passes.
 * Modes differ in their tails: each mode's unit is widened until its own limit is that of the most frequent mode, so that
 * one limit serves all.
 */
export function calibratedLinear(rows: AssetRows, lags: number): CalibratedLinear {
  const { modes } = rows;
  const fitted = modes ? modes.known.map((_, mode) => inUnits(rows, lags, mode)) : [inUnits(rows, lags, undefined)];
  const first = fitted[0] as Fitted;
  const parts = fitted.map(({ part, unit, limit }) => scaled(part, (unit * limit) / first.limit));
  const model: ModalModel = { modes: modes && { by: modes.by, known: modes.known }, parts };
  const scores = (use: Use) => Array.from(rows.rows(use, lags), (row) => judgeModal(model, row).score);
  const heldOut = holdOut(scores('limit'), scores('verify'));
  return { model, highestLimit: Math.max(heldOut.limit, ...fitted.map(({ limit }) => limit)), ...heldOut };
}

type Fitted = ReturnType<typeof inUnits>;

function inUnits(rows: AssetRows, lags: number, mode: number | undefined) {
  const part = fitLinearModel(rows, lags, mode);
  const errors = Array.from(rows.rows('limit', lags, mode), (row) => judgeRow(part, row).spe);
  const unit = unitOf(errors);
  const { limit } = holdOut(
    errors.map((error) => error / unit),
    [],
  );
  return { part, unit, limit };
}
