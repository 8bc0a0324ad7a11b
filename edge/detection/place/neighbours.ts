import type { Asset } from '../../core/asset.ts';
import type { Place } from '../../core/finding.ts';
import type { DetectorContext } from '../detector.ts';
import { normalShare } from '../normal-distribution.ts';
import { ranked } from './belief.ts';

/** What of a context is needed here. */
type NeighbourContext = Pick<DetectorContext, 'assets' | 'tags' | 'live' | 'trust' | 'calibration'>;

/**
 * A sensor that is believed may show too little all the same, poisoned or sheltered; then what lies upwind is likelier than
 * what lies downwind, which has it through the gaps of the doors against the air (design choices).
 */
const blind = 0.05;
const upwind = 1;
const downwind = 0.25;
/** Of a sensor without a calibration, standard deviation as a share of the value that passed its limit. */
const usualNoise = 0.05;

/**
 * Where it comes from that a role has passed its limit on one of several compartments beside each other: what is given off
 * in one of them reaches the others, thinner. Candidates are the asset and those of its kind before and behind it; each by
 * the probability that it has most, from the noise of the sensors, and by which way the air goes (`upstreamOf`).
 * @param role is filled on the asset
 */
export function amongNeighbours(asset: Asset, role: string, context: NeighbourContext): readonly Place[] {
  const alike = context.assets.filter(({ type }) => type === asset.type);
  const before = alike.filter(({ upstreamOf }) => upstreamOf.includes(asset.id));
  const behind = alike.filter(({ id }) => asset.upstreamOf.includes(id));
  const own = context.live.values[asset.roles[role] ?? -1] ?? Number.NaN;
  const candidates = [
    ...[asset, ...before].map((candidate) => ({ candidate, wind: upwind })),
    ...behind.map((candidate) => ({ candidate, wind: downwind })),
  ].map(({ candidate, wind }) => {
    // what has passed the limit counts as it is: safety reads every value
    const value = candidate === asset ? own : believed(candidate.roles[role], context);
    return { candidate, wind, value, deviation: noiseOf(candidate.roles[role], context) ?? usualNoise * Math.abs(own) };
  });
  const weights = candidates.map((one) => {
    if (!Number.isFinite(one.value)) return one.wind;
    const rivals = candidates.filter((other) => other !== one && Number.isFinite(other.value));
    const most = rivals.map((rival) =>
      normalShare((one.value - rival.value) / Math.hypot(one.deviation, rival.deviation)),
    );
    return (1 - blind) * Math.min(1, ...most) + blind * one.wind;
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return ranked(
    candidates.map(({ candidate: { id, location = null } }) => ({ id, location })),
    Float64Array.from(weights, (weight) => weight / total),
  );
}

const believed = (tag: number | undefined, { live, trust }: NeighbourContext): number =>
  tag !== undefined && trust.usable(tag) ? (live.values[tag] ?? Number.NaN) : Number.NaN;

/** Standard deviation of one reading in normal operation. */
function noiseOf(tag: number | undefined, { calibration, tags }: NeighbourContext): number | undefined {
  const scale = tag === undefined ? undefined : calibration?.tags[tags.at(tag).name]?.differenceScale;
  return scale ? scale / Math.SQRT2 : undefined;
}
