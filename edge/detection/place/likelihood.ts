import type { Signatures } from './signature.ts';

/**
 * A calibrated network model meets 95 % of measured heads within 7.5 % of the loss (WRc, Network analysis – a code of
 * practice, 1989): half of that is a standard deviation; as much again for demand that is drawn elsewhere than the model has it.
 */
const modelError = 0.055;
/**
 * How much of the common change of one asset's pressures the model does not know: it comes through the trunk, and pumps
 * and valves answer it within seconds, by a programme that no network file tells (design choice).
 */
const commonError = 0.5;
/** A leak may be larger than the largest of the matrix by this share of the last step. */
const beyond = 0.5;
/** A product of variances is taken to its logarithm before it leaves the range of numbers. */
const largestProduct = 1e200;

/** What has changed at the sensors of a matrix, in its order, in kPa and L/s. */
export interface Observation {
  /** After minus before; NaN where a sensor is missing or not trusted: it is left out. */
  readonly changes: Float64Array;
  /** Standard deviation of a change without any leak. */
  readonly deviations: Float64Array;
  /** Demand before, as a multiple of its mean, by candidate. */
  readonly loads: Float64Array;
}

/**
 * Log-likelihood of an observation for each candidate, the size of its leak being the one that fits best. Changes are
 * Gaussian around the model's: the noise of each sensor, an error of the model that grows with what it says, and one
 * common error of all pressures of an asset (rank one: Sherman and Morrison 1950). Between two sizes of the matrix the
 * change is linear in the size, so that the best one is a projection.
 */
export function logLikelihoods(signatures: Signatures, observation: Observation): Float64Array {
  const fit = new SegmentFit(signatures, observation);
  return Float64Array.from(signatures.matrix.candidates, (_, candidate) => fit.best(candidate));
}

class SegmentFit {
  private readonly signatures: Signatures;
  private readonly observation: Observation;
  /** Sensors that are there, those of one group (the pressures of an asset) side by side; flows are each their own. */
  private readonly groups: readonly (readonly number[])[];
  private readonly common: readonly boolean[];
  private lower: Float64Array;
  private upper: Float64Array;

  constructor(signatures: Signatures, observation: Observation) {
    const { sensors } = signatures.matrix;
    this.signatures = signatures;
    this.observation = observation;
    const known = [...sensors.keys()].filter((sensor) => Number.isFinite(observation.changes[sensor]));
    const keyOf = (sensor: number) => {
      const { asset, quantity } = sensors[sensor] as (typeof sensors)[number];
      return quantity === 'pressure' ? asset : `flow ${sensor}`;
    };
    this.groups = [...Map.groupBy(known, keyOf).values()];
    this.common = this.groups.map(([first]) => sensors[first as number]?.quantity === 'pressure');
    this.lower = new Float64Array(sensors.length);
    this.upper = new Float64Array(sensors.length);
  }

  best(candidate: number): number {
    const { leaksLs } = this.signatures.matrix;
    const load = this.observation.loads[candidate] as number;
    let best = Number.NEGATIVE_INFINITY;
    this.lower.fill(0);
    for (let leak = 0; leak < leaksLs.length; leak++) {
      this.signatures.read(this.upper, candidate, leak, load);
      best = Math.max(best, this.segment(leak === leaksLs.length - 1 ? 1 + beyond : 1));
      [this.lower, this.upper] = [this.upper, this.lower];
    }
    return best;
  }

  /** Log-likelihood of the best point between `lower` and `upper`, or up to `largest` times the way. */
  private segment(largest: number): number {
    let [ee, ed, dd, logVariance, product] = [0, 0, 0, 0, 1];
    for (let group = 0; group < this.groups.length; group++) {
      const own = this.groups[group] as readonly number[];
      let [w, we, wd, sum] = [0, 0, 0, 0];
      for (const sensor of own) {
        const from = this.lower[sensor] as number;
        const to = this.upper[sensor] as number;
        const middle = (from + to) / 2;
        const error = (this.observation.changes[sensor] as number) - from;
        const noise = this.observation.deviations[sensor] as number;
        const variance = noise * noise + (modelError * middle) ** 2;
        const weight = 1 / variance;
        ee += weight * error * error;
        ed += weight * error * (to - from);
        dd += weight * (to - from) * (to - from);
        w += weight;
        we += weight * error;
        wd += weight * (to - from);
        sum += middle;
        product *= variance;
      }
      if (this.common[group]) {
        const shared = (commonError * (sum / own.length)) ** 2;
        const taken = shared / (1 + shared * w);
        ee -= taken * we * we;
        ed -= taken * we * wd;
        dd -= taken * wd * wd;
        product *= 1 + shared * w;
      }
      if (product > largestProduct || product < 1 / largestProduct) {
        logVariance += Math.log(product);
        product = 1;
      }
    }
    const share = dd > 0 ? Math.max(0, Math.min(largest, ed / dd)) : 0;
    return -0.5 * (ee - 2 * share * ed + share * share * dd + logVariance + Math.log(product));
  }
}
