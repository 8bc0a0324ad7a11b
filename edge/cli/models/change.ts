import { replaceText } from '../../detection/learned/models-disk.ts';
import { promotion, requireProof, rollBack } from '../../detection/learned/shelf-change.ts';
import { placeOf, type ShelfState, shadowed, stateText } from '../../detection/learned/shelf-state.ts';
import { judgeVersion } from './judge.ts';
import type { ModelsOptions } from './options.ts';
import { assetNamed, openSite, type Site, versionMeant } from './site.ts';

/** Writes into the models folder which version is used how from now on; throws the coded reason when it may not be. */
export async function changeModel(
  change: 'shadow' | 'unshadow' | 'promote' | 'rollback',
  name: string,
  options: ModelsOptions,
): Promise<void> {
  const site = await openSite(options.config, options.data);
  const { id } = assetNamed(site.gateway, name);
  const next = await changed(change, site, id, options);
  await replaceText(site.stateFile, stateText(next));
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
      const entry = site.record.find((one) => one.asset === id && one.version === version);
      if (!options.force) requireProof(entry, { asset: id, version, stepS: manifest.stepS, days: options.days });
      return promotion(state, id, version, manifest.counter);
    }
    case 'rollback':
      return rollBack(state, id);
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
