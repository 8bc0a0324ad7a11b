import { type CityLink, type CityNetwork, flowOf, type LinkEnd, linkNow } from '../city/networks.ts';
import type { HeatPlant } from './heat-plant.ts';
import type { Mains } from './mains.ts';
import { heatPlant, junctions, type Trench, trenches } from './network.ts';
import type { Substation } from './substation.ts';

/** Branches may not run faster, m/s (CJJ 34); slower than this a pipe counts as standing. */
const strainedMS = 3.5;
const stillMS = 0.002;
/** What the exchanger of a substation takes at design flow, Pa: with less it does not get its heat. */
const neededPa = 50_000;
/** Share of the cross-section from which ice counts as blocking it (design choice). */
const blockedShare = 0.5;

/** Supply and return, side by side in their trenches. */
export function heatingNetworks(
  mains: Mains,
  plant: HeatPlant,
  stations: readonly Substation[],
): readonly CityNetwork[] {
  const dead = () => plant.locked || !plant.supplied;
  const supply = trenches.map((trench, index): CityLink => {
    const { id, from, to } = trench;
    return {
      ...{ id, from: endOf(from), to: endOf(to) },
      now() {
        const speedMS = mains.velocityMS(index, 'supply');
        const flow = flowOf(speedMS, stillMS);
        return linkNow(flow, {
          leaking: mains.leaksAt(flow < 0 ? from : to),
          dead: dead(),
          weak: flow !== 0 && mains.differencePa(to) < neededPa,
          strained: Math.abs(speedMS) > strainedMS,
        });
      },
    };
  });
  const back = trenches.map((trench, index): CityLink => {
    const station = stations.find(({ design }) => design.id === trench.to);
    return {
      ...{ id: trench.id, from: endOf(trench.to), to: endOf(trench.from) },
      now() {
        const speedMS = mains.velocityMS(index, 'return');
        return linkNow(flowOf(speedMS, stillMS), {
          blocked: (station?.effects.frozenShare ?? 0) >= blockedShare,
          dead: dead(),
          strained: Math.abs(speedMS) > strainedMS,
        });
      },
    };
  });
  return [
    { ...{ id: 'supply', name: { zh: '一次网供水', en: 'Primary supply' }, trunk: true, beside: true }, links: supply },
    { ...{ id: 'return', name: { zh: '一次网回水', en: 'Primary return' }, trunk: false, beside: true }, links: back },
  ];
}

/** Chambers have places of their own, the plant and the substations are assets. */
function endOf(junction: Trench['from']): LinkEnd {
  const place = junctions.find(({ id }) => id === junction)?.place;
  return place ?? (junction === 'plant' ? heatPlant.id : junction);
}
