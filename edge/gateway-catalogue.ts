import type { IncidentCatalogue } from './alarms/incidents/incident-book.ts';
import { Topology } from './alarms/incidents/topology.ts';
import type { AlarmSubject } from './alarms/record.ts';

import type { LoadedGateway } from './config/load.ts';
import { utilityOf } from './core/asset.ts';
import { type PackAsset, packAssetOf } from './core/pack.ts';

/** Everything an alarm of this gateway can be about: assets, its devices, and itself, with their texts from the packs. */
export function buildCatalogue(loaded: LoadedGateway): IncidentCatalogue {
  const subjects = new Map<string, { readonly subject: AlarmSubject; readonly kind: PackAsset | undefined }>();
  const nowhere = { grid: '', location: undefined };
  const own = loaded.packs.get('gateway')?.assets;
  /** What is claimed of any asset, whatever its pack. */
  const anywhere = { ...loaded.packs.get('instrument')?.assets['tag']?.alarms, ...own?.['learned-model']?.alarms };
  const { id, name = id } = loaded.config.gateway;
  subjects.set(id, { subject: { id, name, utility: 'gateway', ...nowhere }, kind: own?.['node'] });
  for (const { definition } of loaded.devices) {
    const subject = { id: definition.id, name: definition.id, utility: 'gateway', ...nowhere };
    subjects.set(definition.id, { subject, kind: own?.['device'] });
  }
  for (const asset of loaded.assets) {
    const utility = utilityOf(asset.type);
    const kind = packAssetOf(loaded.packs, asset.type);
    const { grid, location } = asset;
    subjects.set(asset.id, { subject: { id: asset.id, name: asset.name, utility, grid, location }, kind });
  }
  return {
    topology: topologyOf(loaded),
    subject: (subject) => subjects.get(subject)?.subject,
    alarm: (subject, kind) => subjects.get(subject)?.kind?.alarms[kind] ?? anywhere[kind],
  };
}

/** Assets feed what the configuration says; a device feeds those whose roles its tags fill. */
function topologyOf({ assets, devices, tags }: LoadedGateway): Topology {
  const feeds = new Map<string, string[]>(assets.map(({ id, upstreamOf }) => [id, [...upstreamOf]]));
  for (const { definition } of devices) {
    const tells = (tag: number) => tags.at(tag).device === definition.id;
    const told = assets.filter(({ roles }) => Object.values(roles).some(tells)).map(({ id }) => id);
    feeds.set(definition.id, told);
  }
  return new Topology(feeds);
}
