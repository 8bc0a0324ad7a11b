import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileReason } from '../../config/file-reason.ts';
import { modelErrors } from '../../detection/errors.ts';
import { replaceText } from '../../detection/learned/models-disk.ts';
import { versionFolder } from '../../detection/learned/shelf.ts';
import { signManifest } from '../../detection/learned/signature.ts';
import { manifestText, type SiteManifest } from '../../detection/learned/site-manifest.ts';
import { manifestIn } from './judge.ts';
import type { ModelsOptions } from './options.ts';
import { assetNamed, openSite, versionMeant } from './site.ts';

/** Signs the manifest of a version; its file is covered by the hash in it. */
export async function signModels(name: string, options: ModelsOptions): Promise<void> {
  const { gateway, folder } = await openSite(options.config, options.data);
  const { id } = assetNamed(gateway, name);
  const version = await versionMeant(folder, id, options.version);
  const place = versionFolder(folder, id, version);
  const keyFile = options.key ?? '';
  const pem = await readFile(keyFile, 'utf8').catch((cause: unknown) => {
    throw modelErrors.create('MISSING', `cannot read key ${keyFile}${fileReason(cause)}`, cause);
  });
  const signed = signedWith(pem, await manifestIn(place), keyFile);
  await replaceText(join(place, 'manifest.json'), manifestText(signed));
  const key = signed.signature?.key ?? '';
  console.log(
    options.json ? JSON.stringify({ asset: id, version, key }) : `${id} version ${version}: signed with key ${key}`,
  );
}

function signedWith(pem: string, manifest: SiteManifest, keyFile: string): SiteManifest {
  try {
    return signManifest(manifest, pem);
  } catch (cause) {
    throw modelErrors.create('SIGNATURE', `sign with ${keyFile}: it holds no private Ed25519 key in PEM`, cause);
  }
}
