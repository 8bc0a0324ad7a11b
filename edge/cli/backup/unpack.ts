import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { LifelineError } from '../../core/errors.ts';
import { freeBytesOf } from '../../store/disk-space.ts';
import { type TarMember, untar } from '../../store/tar.ts';
import { backupErrors } from './errors.ts';
import { type ArchivedFile, type Manifest, manifestName, maxManifestBytes, readManifest } from './manifest.ts';

/**
 * Restores an archive into a folder that is new or empty: `config/` and `data/`. Everything is unpacked beside it and
 * compared with the manifest, byte for byte, before the folder comes to be; only its owner may look into it. Rejects with
 * LL-BACKUP-FOLDER, -NEWER, -CONTENT, -FILE or LL-STORE-ARCHIVE, and leaves nothing behind then.
 */
export async function unpack(archive: string, to: string, version: string): Promise<Manifest> {
  const before = await readdir(to).catch(() => undefined);
  if (before && before.length > 0) throw backupErrors.create('FOLDER', `restore into ${to}: it is not empty`);
  let staging: string | undefined;
  try {
    await mkdir(dirname(to), { recursive: true });
    staging = await mkdtemp(`${to}.part-`);
    const manifest = await unpackInto(archive, staging, version);
    if (before) await rmdir(to);
    await rename(staging, to);
    return manifest;
  } catch (cause) {
    if (staging) await rm(staging, { recursive: true, force: true });
    if (cause instanceof LifelineError) throw cause;
    const damaged = isZlibError(cause);
    throw backupErrors.create(damaged ? 'CONTENT' : 'FILE', `restore ${archive} into ${to}`, cause);
  }
}

const isZlibError = (cause: unknown): boolean =>
  cause instanceof Error && 'code' in cause && /^(Z_|ERR_BUFFER)/.test(String(cause.code));

async function unpackInto(archive: string, staging: string, version: string): Promise<Manifest> {
  const packed = createReadStream(archive);
  const bytes = createGunzip();
  packed.on('error', (error) => bytes.destroy(error)).pipe(bytes);
  try {
    const members = untar(bytes);
    const first = (await members.next()).value as TarMember | undefined;
    if (first?.name !== manifestName || first.size > maxManifestBytes) {
      throw backupErrors.create('CONTENT', `read ${archive}: it does not begin with a manifest`);
    }
    const manifest = readManifest(await textOf(first), version);
    await checkRoom(manifest, staging);
    for (const file of manifest.files) {
      const { value: member } = await members.next();
      if (member?.name !== file.name || member.size !== file.size) {
        throw backupErrors.create('CONTENT', `read ${file.name}: ${member?.name ?? 'the end'} comes instead`);
      }
      await write(member, file, join(staging, file.name));
    }
    if (!(await members.next()).done)
      throw backupErrors.create('CONTENT', `read ${archive}: it holds more than it says`);
    return manifest;
  } finally {
    packed.destroy();
    bytes.destroy();
  }
}

async function textOf({ content }: TarMember): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of content) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

async function checkRoom({ files }: Manifest, folder: string): Promise<void> {
  const wanted = files.reduce((sum, { size }) => sum + size, 0);
  const free = await freeBytesOf(folder);
  if (wanted <= free) return;
  const [wantedMb, freeMb] = [wanted, free].map((bytes) => Math.ceil(bytes / 1e6));
  throw backupErrors.create('FILE', `restore ${wantedMb} MB into ${folder}: ${freeMb} MB are free`);
}

async function write(member: TarMember, { name, sha256 }: ArchivedFile, path: string): Promise<void> {
  const hash = createHash('sha256');
  async function* hashed() {
    for await (const part of member.content) {
      hash.update(part);
      yield part;
    }
  }
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await pipeline(hashed(), createWriteStream(path, { mode: 0o600, flush: true }));
  if (hash.digest('hex') !== sha256) throw backupErrors.create('CONTENT', `read ${name}: its checksum is another`);
}
