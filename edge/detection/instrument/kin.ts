import type { Asset } from '../../core/asset.ts';
import type { TagDefinition } from '../../core/tag.ts';

/** Pack of controllers as assets of their own: what else they tell is of what they serve. */
const controllers = 'plc';

/**
 * Which utility each tag tells of: that of the first asset whose role it fills; of the first asset that its device serves
 * where it fills none; none where that serves none, '': it may be of any.
 */
export function utilitiesOf(
  definitions: readonly Pick<TagDefinition, 'device'>[],
  assets: readonly Pick<Asset, 'type' | 'roles'>[],
): readonly string[] {
  const [ofTag, ofDevice] = [new Map<number, string>(), new Map<string, string>()];
  for (const { type, roles } of assets) {
    const utility = type.slice(0, type.indexOf('.'));
    for (const tag of Object.values(roles)) {
      if (!ofTag.has(tag)) ofTag.set(tag, utility);
      const { device } = definitions[tag] as TagDefinition;
      if (utility !== controllers && !ofDevice.has(device)) ofDevice.set(device, utility);
    }
  }
  return definitions.map(({ device }, tag) => ofTag.get(tag) ?? ofDevice.get(device) ?? '');
}
