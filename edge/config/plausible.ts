import type { Asset } from '../core/asset.ts';
import { type Pack, packAssetOf } from '../core/pack.ts';
import type { TagDefinition } from '../core/tag.ts';

/**
 * Gives points that state no range the one that the pack holds plausible for the role they fill; only where the point
 * is in the role's unit. Values beyond it become uncertain, and stay for the safety limits.
 */
export function withPlausibleRanges(
  definitions: readonly TagDefinition[],
  assets: readonly Asset[],
  packs: ReadonlyMap<string, Pack>,
): readonly TagDefinition[] {
  const ranges = new Map<number, readonly [number, number]>();
  for (const { type, roles } of assets) {
    for (const [role, tag] of Object.entries(roles)) {
      const { plausible, unit } = packAssetOf(packs, type)?.roles[role] ?? {};
      const point = definitions[tag];
      const open = point?.low === Number.NEGATIVE_INFINITY && point.high === Number.POSITIVE_INFINITY;
      if (plausible && open && point.unit === unit) ranges.set(tag, plausible);
    }
  }
  return definitions.map((definition, index) => {
    const range = ranges.get(index);
    return range ? { ...definition, low: range[0], high: range[1] } : definition;
  });
}
