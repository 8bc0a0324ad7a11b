import type { Asset } from '../../core/asset.ts';
import type { SampleBatch } from '../../core/batch.ts';
import type { LiveTable } from '../../core/live-table.ts';
import type { TagTable } from '../../core/tag.ts';
import { Datatype } from './datatype.ts';
import type { Metric, Parameter } from './payload.ts';
import { hasValue } from './quality.ts';

/** Prefix of the metrics that show assets. */
const folder = 'Assets/';

/**
 * Assets as templates (Sparkplug 3.0 §6.4.14): one definition per kind with a member per role, one instance per asset.
 * Members are Double, or String where the role holds text, so that all assets of a kind agree.
 */
export class AssetTemplates {
  private readonly kinds = new Map<string, Map<string, number>>();
  private readonly assets: readonly Asset[];
  private readonly live: LiveTable;
  /** By tag index: the roles that it fills. */
  private readonly rolesOf = new Map<number, { readonly asset: Asset; readonly role: string }[]>();

  constructor(assets: readonly Asset[], tags: TagTable, live: LiveTable) {
    this.assets = assets;
    this.live = live;
    for (const asset of assets) {
      const members = this.kinds.get(asset.type) ?? new Map<string, number>();
      this.kinds.set(asset.type, members);
      for (const [role, tag] of Object.entries(asset.roles)) {
        const text = tags.at(tag).shows === 'text';
        members.set(role, text ? Datatype.string : Datatype.double);
        const filled = this.rolesOf.get(tag);
        if (filled) filled.push({ asset, role });
        else this.rolesOf.set(tag, [{ asset, role }]);
      }
    }
  }

  /** For the birth of the node: every definition, then every instance with all its members. */
  births(nowMs: number): Metric[] {
    const definitions = [...this.kinds].map(([name, members]): Metric => {
      const metrics = [...members].map(([role, datatype]) => ({
        name: role,
        datatype,
        timestamp: nowMs,
        isNull: true,
      }));
      return template(name, nowMs, { metrics, parameters: parametersOf(undefined), isDefinition: true });
    });
    const instances = this.assets.map((asset): Metric => {
      const members = this.kinds.get(asset.type) ?? [];
      const metrics = [...members].map(([role, datatype]) => this.member(role, datatype, asset.roles[role], nowMs));
      const parameters = parametersOf(asset);
      const value = { metrics, parameters, templateRef: asset.type, isDefinition: false };
      return template(folder + asset.id, nowMs, value);
    });
    return [...definitions, ...instances];
  }

  /** The members that a batch changes, by their assets. */
  data(batch: SampleBatch, nowMs: number): Metric[] {
    const changed = new Map<Asset, Map<string, number>>();
    for (const tag of batch.tags) {
      for (const { asset, role } of this.rolesOf.get(tag) ?? []) {
        const roles = changed.get(asset);
        if (roles) roles.set(role, tag);
        else changed.set(asset, new Map([[role, tag]]));
      }
    }
    return [...changed].map(([asset, roles]): Metric => {
      const members = this.kinds.get(asset.type);
      const metrics = [...roles].map(([role, tag]) => this.member(role, members?.get(role), tag, nowMs));
      const value = { metrics, templateRef: asset.type, isDefinition: false };
      return template(folder + asset.id, nowMs, value);
    });
  }

  private member(name: string, datatype = Datatype.double as number, tag: number | undefined, nowMs: number): Metric {
    if (tag === undefined) return { name, timestamp: nowMs, datatype, isNull: true };
    const { live } = this;
    const time = live.times[tag] as number;
    const member: Metric = { name, timestamp: time > 0 ? Math.round(time) : nowMs, datatype };
    const value = live.values[tag] as number;
    const text = live.textOf(tag);
    if (!hasValue(live.quality[tag] as number)) member.isNull = true;
    else if (datatype === Datatype.string && text !== undefined) member.stringValue = text;
    else if (datatype === Datatype.double && Number.isFinite(value)) member.doubleValue = value;
    else member.isNull = true;
    return member;
  }
}

function template(name: string, timestamp: number, templateValue: NonNullable<Metric['templateValue']>): Metric {
  return { name, timestamp, datatype: Datatype.template, templateValue };
}

function parametersOf(asset: Asset | undefined): Parameter[] {
  const text = (name: string, stringValue = ''): Parameter => ({ name, type: Datatype.string, stringValue });
  const number = (name: string, doubleValue = 0): Parameter => ({ name, type: Datatype.double, doubleValue });
  const place = asset?.location;
  return [
    text('name', asset?.name),
    text('grid', asset?.grid),
    ...(asset === undefined || place ? [number('longitude', place?.[0]), number('latitude', place?.[1])] : []),
  ];
}
