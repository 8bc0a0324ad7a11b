import type { Random } from '../../edge/core/random.ts';

/** One dense layer: `weights` row by row (inputs × outputs). */
export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  readonly weights: Float64Array;
  readonly bias: Float64Array;
  readonly tanh: boolean;
}

/**
 * A small autoencoder: tanh in between, linear at the end. It rebuilds the first `outputs of the last layer` inputs; the
 * others are its context, which helps to rebuild and is not judged.
 */
export type Autoencoder = readonly Layer[];

/** Layers of the given widths with Glorot-uniform weights (Glorot and Bengio 2010). */
export function createAutoencoder(widths: readonly number[], random: Random): Autoencoder {
  return widths.slice(1).map((outputs, index): Layer => {
    const inputs = widths[index] as number;
    const bound = Math.sqrt(6 / (inputs + outputs));
    const weights = Float64Array.from({ length: inputs * outputs }, () => bound * (2 * random.next() - 1));
    return { inputs, outputs, weights, bias: new Float64Array(outputs), tanh: index + 2 < widths.length };
  });
}

/** The weights as a file holds them. */
export const rounded = (model: Autoencoder): Autoencoder =>
  model.map((layer) => ({ ...layer, weights: layer.weights.map(Math.fround), bias: layer.bias.map(Math.fround) }));

/** Activations of every layer for one row, the row itself first; what is missing (NaN) goes in as 0. */
function activations(model: Autoencoder, row: ArrayLike<number>): Float64Array[] {
  const all = [Float64Array.from(row, (value) => (Number.isNaN(value) ? 0 : value))];
  for (const { inputs, outputs, weights, bias, tanh } of model) {
    const from = all.at(-1) as Float64Array;
    const to = Float64Array.from(bias);
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++)
        to[o] = (to[o] as number) + (from[i] as number) * (weights[i * outputs + o] as number);
    }
    if (tanh) for (let o = 0; o < outputs; o++) to[o] = Math.tanh(to[o] as number);
    all.push(to);
  }
  return all;
}

/** What the model makes of a row. */
export const rebuild = (model: Autoencoder, row: ArrayLike<number>): Float64Array =>
  activations(model, row).at(-1) as Float64Array;

/** Sum of squared reconstruction errors of one row, over what the model rebuilds. */
export function reconstructionError(model: Autoencoder, row: ArrayLike<number>): number {
  return rebuild(model, row).reduce((sum, value, index) => sum + (value - (row[index] as number)) ** 2, 0);
}

export interface TrainingOptions {
  readonly epochs: number;
  readonly batch: number;
  readonly rate: number;
  /** Told how many epochs are done. */
  readonly onEpoch?: (done: number) => void;
}

/**
 * Adam (Kingma and Ba 2015) on the squared reconstruction error, in place; deterministic for a given random. What is
 * missing of a row (NaN) is not asked for.
 */
export function trainAutoencoder(
  model: Autoencoder,
  rows: readonly Float32Array[],
  options: TrainingOptions,
  random: Random,
): void {
  const parameters = model.flatMap(({ weights, bias }) => [weights, bias]);
  const gradients = parameters.map(({ length }) => new Float64Array(length));
  const first = parameters.map(({ length }) => new Float64Array(length));
  const second = parameters.map(({ length }) => new Float64Array(length));
  const order = rows.map((_, index) => index);
  let steps = 0;
  for (let epoch = 0; epoch < options.epochs; epoch++) {
    shuffle(order, random);
    const rate = options.rate * (1 - epoch / options.epochs);
    for (let from = 0; from < order.length; from += options.batch) {
      for (const gradient of gradients) gradient.fill(0);
      const batch = order.slice(from, from + options.batch);
      for (const index of batch) backward(model, rows[index] as Float32Array, gradients, 1 / batch.length);
      adam(parameters, gradients, first, second, ++steps, rate);
    }
    options.onEpoch?.(epoch + 1);
  }
}

/** Adds one row's gradient, weighted by `share`. */
function backward(model: Autoencoder, row: Float32Array, gradients: readonly Float64Array[], share: number): void {
  const all = activations(model, row);
  let delta = (all.at(-1) as Float64Array).map((value, index) => {
    const wanted = row[index] as number;
    return Number.isNaN(wanted) ? 0 : 2 * share * (value - wanted);
  });
  for (let layer = model.length - 1; layer >= 0; layer--) {
    const { inputs, outputs, weights, tanh } = model[layer] as Layer;
    const [from, to] = [all[layer], all[layer + 1]] as [Float64Array, Float64Array];
    if (tanh) delta = delta.map((value, o) => value * (1 - (to[o] as number) ** 2));
    const [ofWeights, ofBias] = [gradients[2 * layer], gradients[2 * layer + 1]] as [Float64Array, Float64Array];
    const below = new Float64Array(inputs);
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < outputs; o++) {
        const place = i * outputs + o;
        ofWeights[place] = (ofWeights[place] as number) + (from[i] as number) * (delta[o] as number);
        below[i] = (below[i] as number) + (weights[place] as number) * (delta[o] as number);
      }
    }
    for (let o = 0; o < outputs; o++) ofBias[o] = (ofBias[o] as number) + (delta[o] as number);
    delta = below;
  }
}

function adam(
  parameters: readonly Float64Array[],
  gradients: readonly Float64Array[],
  first: readonly Float64Array[],
  second: readonly Float64Array[],
  steps: number,
  rate: number,
): void {
  const [decay1, decay2, tiny] = [0.9, 0.999, 1e-8];
  const correction = Math.sqrt(1 - decay2 ** steps) / (1 - decay1 ** steps);
  for (const [index, values] of parameters.entries()) {
    const [g, m, v] = [gradients[index], first[index], second[index]] as [Float64Array, Float64Array, Float64Array];
    for (let place = 0; place < values.length; place++) {
      const slope = g[place] as number;
      m[place] = decay1 * (m[place] as number) + (1 - decay1) * slope;
      v[place] = decay2 * (v[place] as number) + (1 - decay2) * slope * slope;
      const step = (rate * correction * (m[place] as number)) / (Math.sqrt(v[place] as number) + tiny);
      values[place] = (values[place] as number) - step;
    }
  }
}

/** Fisher and Yates. */
function shuffle(order: number[], random: Random): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.integer(0, last);
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
}
