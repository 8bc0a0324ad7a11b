import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { versionFolder } from '../../detection/learned/shelf.ts';
import { pastErrors } from '../past/errors.ts';

/** A version that is to lie in the models folder. */
export interface NewVersion {
  readonly asset: string;
  readonly version: number;
  readonly files: Readonly<Record<string, Uint8Array>>;
}

/** Puts all versions in their places. Each folder appears whole; when one cannot be written, none of them stays. */
export async function writeModels(folder: string, versions: readonly NewVersion[]): Promise<void> {
  const placed: string[] = [];
  let draft: string | undefined;
  try {
    for (const { asset, version, files } of versions) {
      const place = versionFolder(folder, asset, version);
      draft = join(dirname(place), `.${version}.${process.pid}.part`);
      await mkdir(draft, { recursive: true });
      for (const [name, bytes] of Object.entries(files)) await writeSynced(join(draft, name), bytes);
      await rename(draft, place);
      placed.push(place);
    }
  } catch (cause) {
    for (const path of [...placed, draft]) if (path !== undefined) await rm(path, { recursive: true, force: true });
    throw pastErrors.create('WRITE', `write models to ${folder}`, cause);
  }
}

async function writeSynced(path: string, bytes: Uint8Array): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}
