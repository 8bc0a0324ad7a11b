import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream, type Dirent } from 'node:fs';
import { access, copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { namedFiles, withoutSecrets } from '../../config/named-files.ts';
import type { Clock } from '../../core/clock.ts';
import { LifelineError } from '../../core/errors.ts';
import { openDatabase } from '../../store/database.ts';
import { copyStill } from '../../store/still-copy.ts';
import { type TarMember, tar } from '../../store/tar.ts';
import { backupErrors } from './errors.ts';
import {
  type ArchivedFile,
  databaseName,
  documentName,
  folderName,
  type Manifest,
  manifestName,
  mostFiles,
  newManifest,
} from './manifest.ts';

/** What is backed up, and where to. */
export interface BackupWish {
  /** `gateway.yaml`. */
  readonly config: string;
  /** Data folder of the gateway, which may be running. */
  readonly data: string;
  /** The archive; must not exist. */
  readonly to: string;
  readonly withSecrets: boolean;
  readonly version: string;
  readonly clock: Clock;
}

/** Databases are compressed already where it pays; more effort would gain a few per cent. */
const gzipLevel = 1;

/**
 * Writes an archive of a gateway: its configuration with the files that it names, and its state as it is at one moment
 * of each database. All is copied beside the archive first, hashed, packed and put in its place whole. Rejects with
 * LL-BACKUP-EXISTS, -NOTHING, -FILE or LL-STORE-BUSY, and leaves nothing behind then.
 */
export async function pack(wish: BackupWish): Promise<Manifest> {
  const { to, clock, version } = wish;
  if (await exists(to)) throw backupErrors.create('EXISTS', `write ${to}: it is there already`);
  const staging = await mkdtemp(`${to}.part-`).catch((cause) =>
    Promise.reject(backupErrors.create('FILE', `write ${to}`, cause)),
  );
  try {
    const layouts = await copyDatabases(wish, staging);
    const left = [...(await copyConfiguration(wish, staging)), ...(await copyState(wish, staging))];
    const files = await hashAll(staging);
    const made = new Date(clock.wallMs()).toISOString();
    const config = `config/${basename(wish.config)}`;
    const manifest = newManifest({ version, made, config, layouts, files, left });
    const archive = join(staging, 'archive');
    const bytes = tar(membersOf(manifest, staging), clock.wallMs());
    await pipeline(bytes, createGzip({ level: gzipLevel }), createWriteStream(archive, { mode: 0o600, flush: true }));
    await rename(archive, to);
    return manifest;
  } catch (cause) {
    if (cause instanceof LifelineError) throw cause;
    throw backupErrors.create('FILE', `back up ${wish.config} and ${wish.data}`, cause);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

async function copyDatabases({ data, clock }: BackupWish, staging: string): Promise<Record<string, number>> {
  await mkdir(join(staging, 'data'), { recursive: true });
  const layouts: Record<string, number> = {};
  const names = (await readdir(data).catch(() => [])).filter((name) => databaseName.test(name));
  for (const name of names) {
    const layout = await copyStill(join(data, name), join(staging, 'data', name), clock, openDatabase);
    if (layout !== undefined) layouts[name] = layout;
  }
  if (layouts['journal.db'] === undefined) throw backupErrors.create('NOTHING', `there is no journal.db in ${data}`);
  return layouts;
}

async function copyConfiguration({ config, withSecrets }: BackupWish, staging: string): Promise<Manifest['left']> {
  const folder = dirname(resolve(config));
  const text = await readFile(config, 'utf8');
  const written = withSecrets ? { text, places: [] } : withoutSecrets(text);
  await mkdir(join(staging, 'config'), { recursive: true });
  await writeFile(join(staging, 'config', basename(config)), written.text);
  const left: Manifest['left'] = written.places.map((place) => ({ what: `!secret ${place}`, why: 'secret' }));
  for (const { path, isFolder, secret } of await namedFiles(text, folder)) {
    if (resolve(folder, path) === path) left.push({ what: path, why: 'outside' });
    else if (secret && !withSecrets) left.push({ what: path, why: 'secret' });
    else {
      const files = isFolder ? await filesUnder(join(folder, path)) : [join(folder, path)];
      left.push(...(await copyFiles(files, folder, join(staging, 'config'), withSecrets)));
    }
  }
  return left;
}

/** What else a gateway keeps: which learned models are in which state, say, and the certificates of drivers. */
async function copyState({ data, withSecrets }: BackupWish, staging: string): Promise<Manifest['left']> {
  const entries = await readdir(data, { withFileTypes: true });
  const files: string[] = [];
  for (const entry of entries) {
    const path = join(data, entry.name);
    if (entry.isFile() && documentName.test(entry.name)) files.push(path);
    if (entry.isDirectory() && folderName.test(entry.name)) files.push(...(await filesUnder(path)));
  }
  return copyFiles(files, data, join(staging, 'data'), withSecrets);
}

/** Regular files in a folder and those in it, links left out; none where there is no such folder. */
async function filesUnder(folder: string): Promise<string[]> {
  const entries: Dirent[] = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Files of people's accounts and sessions, for what is derived from passwords is a secret too, and configurations as they were written. */
const secretName = /^((accounts|sessions)\.|configuration-\d+\.json$)/;

/** Copies files to the same place below another folder; tells which were left since they are secrets. */
async function copyFiles(
  files: readonly string[],
  from: string,
  to: string,
  withSecrets: boolean,
): Promise<Manifest['left']> {
  const left: Manifest['left'] = [];
  for (const file of files) {
    const target = join(to, relative(from, file));
    await mkdir(dirname(target), { recursive: true });
    const secret = secretName.test(basename(file)) || (await holdsPrivateKey(file));
    if (withSecrets || !secret) await copyFile(file, target);
    else left.push({ what: relative(from, file), why: 'secret' });
  }
  return left;
}

/** Whether a file is a private key in PEM (RFC 7468): those are small. */
async function holdsPrivateKey(file: string): Promise<boolean> {
  const { size } = await stat(file);
  return size < 100_000 && /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(await readFile(file, 'latin1'));
}

async function hashAll(staging: string): Promise<ArchivedFile[]> {
  const paths = (await filesUnder(staging)).sort();
  if (paths.length > mostFiles) {
    throw backupErrors.create('FILE', `back up ${paths.length} files: ${mostFiles} are the most`);
  }
  const files: ArchivedFile[] = [];
  for (const path of paths) {
    const hash = createHash('sha256');
    for await (const part of createReadStream(path)) hash.update(part);
    const name = relative(staging, path).split(sep).join('/');
    files.push({ name, size: (await stat(path)).size, sha256: hash.digest('hex') });
  }
  return files;
}

async function* membersOf(manifest: Manifest, staging: string): AsyncGenerator<TarMember> {
  const text = Buffer.from(`${JSON.stringify(manifest, null, 1)}\n`);
  yield { name: manifestName, size: text.length, content: piece(text) };
  for (const { name, size } of manifest.files) yield { name, size, content: createReadStream(join(staging, name)) };
}

async function* piece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
