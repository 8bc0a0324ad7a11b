import type { SiteManifest } from '../../edge/detection/learned/site-manifest.ts';
import type { StepGrid } from './step-grid.ts';
import { type Usefulness, usefulnessOf } from './usable-roles.ts';

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
  readonly why: Exclude<Usefulness, 'usable'> | 'state that explains nothing' | 'not of the kind';
}

/** A model ready to be written. */
export interface Trained {
  readonly onnx: Uint8Array;
  readonly manifest: SiteManifest;
}

/** Too few usable signals, too few whole rows, or a limit that sees nothing. */
export type Refusal = 'inputs' | 'rows' | 'blind';

/** Why there is no model; `found` is how many there are, or the limit. */
export interface Refused {
  readonly refused: Refusal;
  readonly found: number;
}

/** A trained model, or why there is none. */
export type Training = (Trained | Refused) & { readonly leftOut: readonly LeftOut[] };

/** Fewer rows say nothing of what is normal. */
export const LEAST_ROWS = { fit: 120, limit: 60 } as const;
/** A limit this far above usual scores lets everything pass: normal operation is of several kinds. Design choice. */
export const BLIND_LIMIT = 100;

/** The roles that can be inputs of a model of patterns, and the others. */
export function usableRoles({ grid, roles }: AssetHistory): {
  readonly usable: readonly TrainedRole[];
  readonly leftOut: readonly LeftOut[];
} {
  const judged = roles.map((role) => ({ ...role, use: usefulnessOf(grid.columns[role.column] as Float32Array) }));
  return {
    usable: judged.filter(({ use }) => use === 'usable').map(({ use: _use, ...role }) => role),
    leftOut: judged.flatMap(({ role, use }) => (use === 'usable' ? [] : [{ role, why: use }])),
  };
}

/** Every so many of some rows, copied. */
export function samplesOf(rows: Iterable<Float32Array>, every: number): Float32Array[] {
  const samples: Float32Array[] = [];
  let at = 0;
  for (const row of rows) if (at++ % every === 0) samples.push(row.slice());
  return samples;
}

/** How many there are; the rows themselves are one array used again and again. */
export function countOf(rows: Iterable<unknown>): number {
  let count = 0;
  for (const _ of rows) count++;
  return count;
}
