import type { SignatureRow, Signatures } from './signature.ts';

/**
 * How much of the common change of one asset's pressures the model does not know: it comes through the trunk, and pumps
 * and valves answer it within seconds, by a programme that no network file tells (design choice).
 */
const commonError = 0.5;
/**
 * A gauge that is alone in its asset has no difference within it. From so many on, those of all assets count as one group:
 * what they answer in common is the trunk's, and their differences place (two would leave one difference, to no gain).
 */
const fewestAlone = 3;
/** A leak may be larger than the largest of the matrix by this share of the last step. */
const beyond = 0.5;
/** A product of variances is taken to its logarithm before it leaves the range of numbers. */
const largestProduct = 1e200;
/** A candidate whose likelihood is e⁻²⁰ of another's is out of the question. */
const hopeless = 20;

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
 * common error of all pressures of an asset, or of those that are alone in theirs (rank one: Sherman and Morrison 1950). Between two sizes of the matrix the
 * change is linear in the size, so that the best one is a projection.
 */
export function logLikelihoods(signatures: Signatures, observation: Observation): Float64Array {
  const fit = new SegmentFit(signatures, observation);
  const { length } = signatures.matrix.candidates;
  const likelihoods = new Float64Array(length);
  // From all over the network first: what is likely there rules out most of the rest.
  const stride = Math.ceil(Math.sqrt(length));
  for (let start = 0; start < stride; start++) {
    for (let candidate = start; candidate < length; candidate += stride) likelihoods[candidate] = fit.best(candidate);
  }
  return likelihoods;
}

class SegmentFit {
  private readonly signatures: Signatures;
  private readonly observation: Observation;
  /** Sensors that are there, those of one group (the pressures of an asset, or those that are alone) side by side; flows, each its own, come first. */
  private readonly groups: readonly (readonly number[])[];
  /** How many of the groups are flows. */
  private readonly flows: number;
  /** Logarithm of the least variance that all pressures together have. */
  private readonly leastLogVariance: number;
  /** The best of all candidates so far. */
  private highest = Number.NEGATIVE_INFINITY;

  constructor(signatures: Signatures, observation: Observation) {
    const { sensors } = signatures.matrix;
    this.signatures = signatures;
    this.observation = observation;
    const known = [...sensors.keys()].filter((sensor) => Number.isFinite(observation.changes[sensor]));
    const flows = known.filter((sensor) => sensors[sensor]?.quantity === 'flow');
    const pressures = known.filter((sensor) => sensors[sensor]?.quantity === 'pressure');
    const byAsset = [...Map.groupBy(pressures, (sensor) => sensors[sensor]?.asset).values()];
    const alone = byAsset.filter(({ length }) => length === 1).flat();
    const joined = alone.length < fewestAlone ? byAsset : [...byAsset.filter(({ length }) => length > 1), alone];
    this.groups = [...flows.map((sensor) => [sensor]), ...joined];
    this.flows = flows.length;
    this.leastLogVariance = pressures.reduce(
      (sum, sensor) => sum + 2 * Math.log(observation.deviations[sensor] as number),
      0,
    );
  }

  best(candidate: number): number {
    const { leaksLs } = this.signatures.matrix;
    const load = this.observation.loads[candidate] as number;
    let best = Number.NEGATIVE_INFINITY;
    let lower: SignatureRow | undefined;
    for (let leak = 0; leak < leaksLs.length; leak++) {
      const upper = this.signatures.row(candidate, leak, load);
      best = Math.max(best, this.segment(lower, upper, leak === leaksLs.length - 1 ? 1 + beyond : 1));
      lower = upper;
    }
    this.highest = Math.max(this.highest, best);
    return best;
  }

  /**
   * Log-likelihood of the best point between two rows (from no change at all without `lower`), or up to `largest` times
   * the way. Pressures can but lower what the flows leave of it: what is hopeless by then is not looked at further.
   */
  private segment(lower: SignatureRow | undefined, upper: SignatureRow, largest: number): number {
    const { signatures, observation } = this;
    const { modelError } = signatures.matrix;
    let [ee, ed, dd, logVariance, product] = [0, 0, 0, 0, 1];
    for (let group = 0; group < this.groups.length; group++) {
      if (group === this.flows) {
        const most = likelihoodOf(ee, ed, dd, logVariance + Math.log(product) + this.leastLogVariance, largest);
        if (most < this.highest - hopeless) return Number.NEGATIVE_INFINITY;
      }
      const own = this.groups[group] as readonly number[];
      let [w, we, wd, sum] = [0, 0, 0, 0];
      for (const sensor of own) {
        const from = lower ? signatures.at(lower, sensor) : 0;
        const to = signatures.at(upper, sensor);
        const middle = (from + to) / 2;
        const error = (observation.changes[sensor] as number) - from;
        const noise = observation.deviations[sensor] as number;
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
      if (group >= this.flows) {
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
    return likelihoodOf(ee, ed, dd, logVariance + Math.log(product), largest);
  }
}

/** The largest log-likelihood on the way: the misfit is the square ee − 2 s·ed + s²·dd of the share s of the way. */
function likelihoodOf(ee: number, ed: number, dd: number, logVariance: number, largest: number): number {
  const share = dd > 0 ? Math.max(0, Math.min(largest, ed / dd)) : 0;
  return -0.5 * (ee - 2 * share * ed + share * share * dd + logVariance);
}
