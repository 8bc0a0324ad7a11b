import { stabilityOf, totalOf } from '../../detection/learned/record.ts';
import { versionFolder, versionsOf } from '../../detection/learned/shelf.ts';
import { placeOf } from '../../detection/learned/shelf-state.ts';
import { inColumns } from '../reporting.ts';
import { manifestIn } from './judge.ts';
import type { ModelsOptions } from './options.ts';
import { assetsNamed, openSite, type Site } from './site.ts';

/** A version as it is listed. */
interface Listed {
  readonly asset: string;
  readonly version: number;
  readonly role: 'active' | 'shadow' | 'previous' | '';
  readonly kind: string;
  readonly signed: boolean;
  /** What it did; null before it was seated. */
  readonly record: (ReturnType<typeof totalOf> & { readonly stability: number }) | null;
}

/** Every version with what it is and what it did. */
export async function listModels(name: string | undefined, options: ModelsOptions): Promise<void> {
  const site = await openSite(options.config, options.data);
  const rows: Listed[] = [];
  for (const { id } of assetsNamed(site.gateway, name))
    for (const version of await versionsOf(site.folder, id)) rows.push(await listed(site, id, version));
  if (options.json) console.log(JSON.stringify(rows, null, 2));
  else if (rows.length === 0) console.log(`no models in ${site.folder}; lifeline train makes them`);
  else for (const line of inColumns([head, ...rows.map(cells)], [1, 5, 6, 7, 8])) console.log(line);
}

async function listed({ folder, state, record }: Site, asset: string, version: number): Promise<Listed> {
  const { active, shadow, previous } = placeOf(state, asset);
  const manifest = await manifestIn(versionFolder(folder, asset, version)).catch(() => undefined);
  const entry = record.find((one) => one.asset === asset && one.version === version);
  const role = version === active ? 'active' : version === shadow ? 'shadow' : version === previous ? 'previous' : '';
  return {
    ...{ asset, version, role, kind: manifest?.kind ?? 'unreadable', signed: manifest?.signature !== undefined },
    record: entry ? { ...totalOf(entry), stability: stabilityOf(entry) } : null,
  };
}

const head = ['asset', 'version', 'role', 'kind', 'signed', 'rows', 'events', 'out of model', 'stability'];

function cells({ asset, version, role, kind, signed, record }: Listed): string[] {
  const figures = record
    ? [`${record.rows}`, `${record.episodes}`, `${record.outOfModel}`, record.stability.toFixed(2)]
    : ['–', '–', '–', '–'];
  return [asset, `${version}`, role || '–', kind, signed ? 'yes' : 'no', ...figures];
}
