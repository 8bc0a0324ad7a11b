import type { Asset } from '../../core/asset.ts';
import { type TagDefinition, vacantTag } from '../../core/tag.ts';
import type { SinkHost } from '../api.ts';

/** One variable of the server. */
export interface PlannedVariable {
  /** String part of its node id: `device/point`, or `asset/role` behind `asset:`. */
  readonly id: string;
  /** Browse name within its folder. */
  readonly name: string;
  readonly tag: number;
  readonly definition: TagDefinition;
}

/** A folder with the points of a device, or an asset with its roles. */
export interface PlannedFolder {
  readonly id: string;
  readonly name: string;
  /** What it is, in words: the asset's kind. */
  readonly description: string;
  readonly variables: readonly PlannedVariable[];
}

/** What the server shows of a configuration. */
export interface AddressPlan {
  readonly devices: readonly PlannedFolder[];
  readonly assets: readonly PlannedFolder[];
}

/** Every selected tag under its device and, where an asset has it, under the asset by its role. */
export function planAddresses(host: Pick<SinkHost, 'tags' | 'assets' | 'wantsTag'>): AddressPlan {
  const table = host.tags();
  const wanted = (tag: number) => table.definitions[tag] !== vacantTag && host.wantsTag(tag);
  const devices = new Map<string, PlannedVariable[]>();
  for (const [tag, definition] of table.definitions.entries()) {
    if (!wanted(tag)) continue;
    const { device, point, name } = definition;
    const variables = devices.get(device) ?? [];
    devices.set(device, variables);
    variables.push({ id: name, name: point, tag, definition });
  }
  const rolesOf = (asset: Asset) =>
    Object.entries(asset.roles).flatMap(([role, tag]) => {
      const variable = { id: `asset:${asset.id}/${role}`, name: role, tag, definition: table.at(tag) };
      return wanted(tag) ? [variable] : [];
    });
  return {
    devices: [...devices].map(([id, variables]) => ({ id, name: id, description: '', variables })),
    assets: host
      .assets()
      .map((asset) => ({ id: `asset:${asset.id}`, name: asset.id, description: asset.type, variables: rolesOf(asset) }))
      .filter(({ variables }) => variables.length > 0),
  };
}
