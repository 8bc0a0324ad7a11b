import type { Asset } from '../../edge/core/asset.ts';
import { type Pack, packAssetOf } from '../../edge/core/pack.ts';
import type { PlantAsset, PlcPoint } from '../city/plant.ts';

const fastMs = 1000;
const usualMs = 5000;
const slowMs = 60_000;
/** A limit that counts after so few seconds wants every scan. */
const quickS = 2;
/** Detectors that reckon in seconds. */
const quickDetectors: ReadonlySet<string> = new Set(['district-burst']);

/**
 * Poll groups as an engineer sets them where tags are many (design choice): every second what a quick limit or a detector
 * that reckons in seconds watches, every 5 s what fills another role, every minute what only people look at.
 */
export function pollGroups(
  packs: ReadonlyMap<string, Pack>,
  assets: readonly Pick<PlantAsset | Asset, 'id' | 'type'>[],
): (point: PlcPoint) => number {
  const types = new Map(assets.map(({ id, type }) => [id, type]));
  return ({ asset, role }) => {
    const type = types.get(asset ?? '');
    if (type === undefined || role === undefined) return slowMs;
    const kind = packAssetOf(packs, type);
    const quickLimit = kind?.limits.some((limit) => limit.role === role && limit.onDelayS <= quickS) ?? false;
    const quickDetector = kind?.detectors.some(({ detector }) => quickDetectors.has(detector)) ?? false;
    return quickLimit || quickDetector ? fastMs : usualMs;
  };
}
