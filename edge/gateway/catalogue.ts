import type { IncidentCatalogue } from '../alarms/incidents/incident-book.ts';
import { Topology } from '../alarms/incidents/topology.ts';
import type { TagName } from '../alarms/wording.ts';
import { alarmSources } from '../config/alarm-subjects.ts';
import type { LoadedGateway } from '../config/load.ts';
import type { Asset } from '../core/asset.ts';
import type { LiveTable } from '../core/live-table.ts';
import { packAssetOf } from '../core/pack.ts';
import { isGood, Quality } from '../core/quality.ts';
import { both, type Text } from '../core/text.ts';

/** Everything an alarm of this gateway can be about: assets, its devices, and itself, with their texts from packs and review. */
export function buildCatalogue(loaded: LoadedGateway, live: LiveTable): IncidentCatalogue {
  const { subjects, anywhere } = alarmSources(loaded);
  const roles = new Map(loaded.assets.map((asset) => [asset.id, asset.roles]));
  return {
    topology: topologyOf(loaded),
    tagName: tagNamesOf(loaded),
    subject: (subject) => subjects.get(subject),
    value(subject, role) {
      const tag = roles.get(subject)?.[role];
      return tag !== undefined && isGood(live.quality[tag] ?? Quality.bad) ? live.values[tag] : undefined;
    },
    alarm: (subject, kind) => subjects.get(subject)?.alarms[kind] ?? anywhere[kind],
  };
}

/** Tags by the role that they fill: alone where they are told of an asset that has them, else after the name of theirs. */
function tagNamesOf({ assets, tags, packs }: LoadedGateway): TagName {
  const filled = new Map<string, { readonly asset: Asset; readonly name: Text }[]>();
  for (const asset of assets)
    for (const [role, tag] of Object.entries(asset.roles)) {
      const name = packAssetOf(packs, asset.type)?.roles[role]?.name;
      const { name: id } = tags.at(tag);
      if (name) filled.set(id, [...(filled.get(id) ?? []), { asset, name }]);
    }
  return (tag, told) => {
    const all = filled.get(tag) ?? [];
    const own = all.find(({ asset }) => asset.id === told);
    const [first] = all;
    if (own || !first) return own?.name;
    return both(`${first.asset.name} ${first.name.en}`, `${first.asset.name} ${first.name.zh}`);
  };
}

/** Assets feed what the configuration says; a device feeds those whose roles its tags fill. */
function topologyOf({ assets, devices, tags }: LoadedGateway): Topology {
  const feeds = new Map<string, string[]>(assets.map(({ id, upstreamOf }) => [id, [...upstreamOf]]));
  for (const { definition } of devices) {
    const tells = (tag: number) => tags.at(tag).device === definition.id;
    const told = assets.filter(({ roles }) => Object.values(roles).some(tells)).map(({ id }) => id);
    feeds.set(definition.id, [...(feeds.get(definition.id) ?? []), ...told]);
  }
  return new Topology(feeds);
}
