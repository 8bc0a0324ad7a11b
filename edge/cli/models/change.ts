import { modelErrors } from '../../detection/errors.ts';
import { replaceText } from '../../detection/learned/models-disk.ts';
import { objectionsTo } from '../../detection/learned/record.ts';
import { placeOf, promoted, rolledBack, type ShelfState, shadowed } from '../../detection/learned/shelf-state.ts';
import type { ModelsOptions } from '../models.ts';
import { judgeVersion } from './judge.ts';
import { assetNamed, openSite, type Site, versionMeant } from './site.ts';

const daySeconds = 86_400;

/** Writes into the models folder which version is used how from now on; throws the coded reason when it may not be. */
export async function changeModel(
  change: 'shadow' | 'unshadow' | 'promote' | 'rollback',
  name: string,
  options: ModelsOptions,
): Promise<void> {
  const site = await openSite(options.config, options.data);
  const { id } = assetNamed(site.gateway, name);
  const next = await changed(change, site, id, options);
  await replaceText(site.stateFile, `${JSON.stringify(next, null, 1)}\n`);
  const place = placeOf(next, id);
  if (options.json) console.log(JSON.stringify({ asset: id, ...place }));
  else {
    const said = (version: number | null) => (version === null ? 'none' : `version ${version}`);
    console.log(
      `${id}: ${said(place.active)} decides, ${said(place.shadow)} in shadow; a running gateway takes it in within a minute`,
    );
  }
}

async function changed(
  change: 'shadow' | 'unshadow' | 'promote' | 'rollback',
  site: Site,
  id: string,
  options: ModelsOptions,
): Promise<ShelfState> {
  const { state } = site;
  const { shadow } = placeOf(state, id);
  switch (change) {
    case 'unshadow':
      return shadowed(state, id, null);
    case 'shadow':
      return shadowed(state, id, (await sound(site, id, options.version)).version);
    case 'promote': {
      const { version, manifest } = await sound(site, id, options.version ?? shadow ?? undefined);
      if (!options.force) prove(site, id, version, manifest.stepS, options.days);
      const next = promoted(state, id, version, manifest.counter);
      if (next !== 'downgrade') return next;
      const { counter } = placeOf(state, id);
      throw modelErrors.create(
        'DOWNGRADE',
        `promote version ${version} of ${id}: its counter is ${manifest.counter}, ${counter} was promoted before`,
      );
    }
    case 'rollback': {
      const next = rolledBack(state, id);
      if (next) return next;
      throw modelErrors.create('VERSION', `roll back ${id}: no version is active`);
    }
  }
}

/** The version that is meant, when nothing speaks against using it. */
async function sound({ gateway, folder }: Site, id: string, wanted: number | undefined) {
  const version = await versionMeant(folder, id, wanted);
  const { manifest, errors } = await judgeVersion(gateway, folder, assetNamed(gateway, id), version);
  const [first] = errors;
  if (first) throw first;
  if (!manifest) throw new Error(`version ${version} of ${id} has no manifest`);
  return { version, manifest };
}

function prove({ record }: Site, id: string, version: number, stepS: number, days: number): void {
  const entry = record.find((one) => one.asset === id && one.version === version);
  const objections = objectionsTo(entry, Math.ceil((days * daySeconds) / stepS));
  if (objections.length > 0)
    throw modelErrors.create('UNPROVEN', `promote version ${version} of ${id}: ${objections.join('; ')}`);
}
