import { type Autoencoder, rebuild } from './autoencoder.ts';
import { type Standards, standardise } from './linear-model.ts';

/**
 * What a kind of asset does in normal operation, as one of its assets sees it: the autoencoder is that of all assets of the
 * kind, course and scale of the signals and the widths of the errors are its own. All figures are those that a float32 holds.
 */
export interface KindModel extends Standards {
  /** Place of each of the asset's roles among those of the kind: [roles]. Roles that it lacks go in as their mean. */
  readonly places: readonly number[];
  readonly network: Autoencoder;
  /** 1 / standard deviation of the error of each role: [roles]. */
  readonly inverseDeviations: Float64Array;
  /** 1 / that error which every other normal row passes, or that is a fifth of the signals' deviations. */
  readonly inverseSpe: number;
}

/** What a row comes to. */
export interface KindVerdict {
  /** Mean squared standardised error of what is rebuilt. */
  readonly spe: number;
  /** Squared standardised error of each role: [roles]. */
  readonly contributions: Float64Array;
  readonly score: number;
}

/** The row of the network: standardised values in the places of the kind, NaN for roles that the asset lacks. */
export function networkRow(
  model: Standards & Pick<KindModel, 'places'>,
  width: number,
  row: ArrayLike<number>,
): Float32Array {
  const placed = new Float32Array(width).fill(Number.NaN);
  for (const [role, value] of standardise(model, row).entries()) placed[model.places[role] as number] = value;
  return placed;
}

/** The reference that the ONNX graph is held against. @param row [roles + 2]: values, hour, free day */
export function judgeKind(model: KindModel, row: ArrayLike<number>): KindVerdict {
  const { places, network, inverseDeviations } = model;
  const values = standardise(model, row);
  const placed = new Float64Array(network[0]?.inputs ?? 0);
  for (const [role, value] of values.entries()) placed[places[role] as number] = value;
  const rebuilt = rebuild(network, placed);
  const contributions = values.map((value, role) => {
    const error = value - (rebuilt[places[role] as number] as number);
    return (error * (inverseDeviations[role] as number)) ** 2;
  });
  const spe = contributions.reduce((sum, share) => sum + share, 0) / contributions.length;
  return { spe, contributions, score: spe * model.inverseSpe };
}
