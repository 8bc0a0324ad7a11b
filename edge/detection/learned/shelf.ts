import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Folder of one version: `<folder>/<asset>/<version>`. */
export const versionFolder = (folder: string, asset: string, version: number): string =>
  join(folder, asset, String(version));

/** Versions of an asset's model that lie in the folder, oldest first; none when there is no such folder. */
export async function versionsOf(folder: string, asset: string): Promise<readonly number[]> {
  const names = await readdir(join(folder, asset)).catch(() => []);
  return names
    .filter((name) => /^[1-9]\d*$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
}
