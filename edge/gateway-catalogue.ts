import type { IncidentCatalogue } from './alarms/incidents/incident-book.ts';
import { Topology } from './alarms/incidents/topology.ts';
import type { AlarmSubject } from './alarms/record.ts';
import type { LoadedGateway } from './config/load.ts';
import { utilityOf } from './core/asset.ts';
import type { LiveTable } from './core/live-table.ts';
import { type PackAsset, packAssetOf } from './core/pack.ts';
import { isGood, Quality } from './core/quality.ts';

/** Everything an alarm of this gateway can be about: assets, its devices, and itself, with their texts from the packs. */
export function buildCatalogue(loaded: LoadedGateway, live: LiveTable): IncidentCatalogue {
  /** What each can be said to suffer from, in the order of precedence: a device may bear the name of the asset it serves. */
  const subjects = new Map<string, { readonly subject: AlarmSubject; readonly kinds: readonly PackAsset[] }>();
  const set = (subject: AlarmSubject, kind: PackAsset | undefined) => {
    const kinds = [...(kind ? [kind] : []), ...(subjects.get(subject.id)?.kinds ?? [])];
    subjects.set(subject.id, { subject, kinds });
  };
  const nowhere = { grid: '', location: undefined };
  const own = loaded.packs.get('gateway')?.assets;
  /** What is claimed of any asset, whatever its pack. */
  const anywhere = { ...loaded.packs.get('instrument')?.assets['tag']?.alarms, ...own?.['learned-model']?.alarms };
  const { id, name = id } = loaded.config.gateway;
  set({ id, name, utility: 'gateway', ...nowhere }, own?.['node']);
  for (const { definition } of loaded.devices) {
    set({ id: definition.id, name: definition.id, utility: 'gateway', ...nowhere }, own?.['device']);
  }
  for (const asset of loaded.assets) {
    const { id, name, grid, location } = asset;
    set({ id, name, utility: utilityOf(asset.type), grid, location }, packAssetOf(loaded.packs, asset.type));
  }
  const roles = new Map(loaded.assets.map((asset) => [asset.id, asset.roles]));
  return {
    topology: topologyOf(loaded),
    subject: (subject) => subjects.get(subject)?.subject,
    value(subject, role) {
      const tag = roles.get(subject)?.[role];
      return tag !== undefined && isGood(live.quality[tag] ?? Quality.bad) ? live.values[tag] : undefined;
    },
    alarm: (subject, kind) =>
      subjects.get(subject)?.kinds.find(({ alarms }) => alarms[kind])?.alarms[kind] ?? anywhere[kind],
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

/** Tags that a safety limit reads, by index. */
export function safetyTags({ assets, packs }: Pick<LoadedGateway, 'assets' | 'packs'>): ReadonlySet<number> {
  return new Set(
    assets.flatMap(({ type, roles }) => {
      const { limits = [], alarms = {} } = packAssetOf(packs, type) ?? {};
      const guarded = limits.filter(({ kind }) => alarms[kind]?.safety);
      return guarded.flatMap(({ role, when }) => [roles[role] ?? [], (when && roles[when.role]) ?? []].flat());
    }),
  );
}
