import { type Asset, utilityOf } from '../../core/asset.ts';
import type { TagTable } from '../../core/tag.ts';
import { cityOf, districtOf } from '../grid-cell.ts';
import { fillTopic, placesOf } from './topic-template.ts';

/** Whether no two points share a topic of a template: the broker can keep the last value of each then. */
export function tellsPointsApart(template: string): boolean {
  const places = placesOf(template);
  return (places.has('device') && places.has('point')) || (places.has('asset') && places.has('role'));
}

/** Which topic the values of each point go to. */
export class ValueTopics {
  private readonly template: string;
  private readonly fixed: Readonly<Record<string, string>>;
  /** Whether all points of a device have one topic. */
  private readonly byDevice: boolean;
  private known: { tags: TagTable; assets: readonly Asset[]; topics: (string | undefined)[]; roles: Roles } | undefined;

  /** @param fixed what the places are that are the same for all values */
  constructor(template: string, fixed: { readonly prefix: string; readonly gateway: string }) {
    this.template = template;
    this.fixed = { ...fixed };
    this.byDevice = [...placesOf(template)].every((name) => name === 'device' || name in fixed);
  }

  /** The topic of all points of a device, where the template has no place that tells them apart. */
  ofDevice(device: string): string | undefined {
    return this.byDevice ? fillTopic(this.template, { ...this.fixed, device }) : undefined;
  }

  /**
   * The topic of one point. A point with roles is taken for the first that the assets give it; one without any is called by
   * its device and its own name instead.
   */
  of(tag: number, tags: TagTable, assets: readonly Asset[]): string {
    if (this.known?.tags !== tags || this.known.assets !== assets) {
      this.known = { tags, assets, topics: [], roles: rolesOf(assets) };
    }
    const { topics, roles } = this.known;
    topics[tag] ??= this.fill(tag, tags, roles);
    return topics[tag];
  }

  private fill(tag: number, tags: TagTable, roles: Roles): string {
    const { device, point } = tags.at(tag);
    const { asset, role = point } = roles.get(tag) ?? {};
    const place = { city: cityOf(asset?.grid), district: districtOf(asset?.grid), grid: asset?.grid };
    const utility = asset && utilityOf(asset.type);
    const names = { device, point, role, utility, asset: asset?.id ?? device };
    return fillTopic(this.template, { ...this.fixed, ...place, ...names });
  }
}

type Roles = ReadonlyMap<number, { readonly asset: Asset; readonly role: string }>;

function rolesOf(assets: readonly Asset[]): Roles {
  const roles = new Map<number, { readonly asset: Asset; readonly role: string }>();
  for (const asset of assets) {
    for (const [role, tag] of Object.entries(asset.roles)) if (!roles.has(tag)) roles.set(tag, { asset, role });
  }
  return roles;
}
