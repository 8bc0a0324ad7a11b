import { execFileSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type TarMember, tar, untar } from '../../edge/store/tar.ts';
import { newFolder } from './fixture.ts';

const timeMs = Date.UTC(2026, 0, 15);

async function* members(files: readonly (readonly [string, Uint8Array])[]): AsyncGenerator<TarMember> {
  for (const [name, bytes] of files) yield { name, size: bytes.length, content: piece(bytes) };
}

async function* piece(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

async function archive(files: readonly (readonly [string, Uint8Array])[]): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of tar(members(files), timeMs)) parts.push(part);
  return Buffer.concat(parts);
}

/** The bytes in pieces of so many. */
async function* inPieces(bytes: Uint8Array, length: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += length) yield bytes.subarray(at, at + length);
}

async function contents(bytes: Uint8Array, length = 1_000): Promise<[string, Buffer][]> {
  const found: [string, Buffer][] = [];
  for await (const { name, content } of untar(inPieces(bytes, length))) {
    const parts: Uint8Array[] = [];
    for await (const part of content) parts.push(part);
    found.push([name, Buffer.concat(parts)]);
  }
  return found;
}

const name = fc
  .array(fc.stringMatching(/^[a-z泵站0-9._-]{1,20}$/), { minLength: 1, maxLength: 5 })
  .map((parts) => parts.join('/'))
  .filter((path) => Buffer.byteLength(path) <= 100);

it('gives back what was put in, however the bytes come', async () => {
  const files = fc.array(fc.tuple(name, fc.uint8Array({ maxLength: 2_000 })), { maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 3_000 }), async (given, length) => {
      const found = await contents(await archive(given), length);
      expect(found).toEqual(given.map(([path, bytes]) => [path, Buffer.from(bytes)]));
    }),
    { numRuns: 50 },
  );
});

it('is read by the tar of the system, names of more than 100 bytes included', async () => {
  const dir = await newFolder();
  const long = `config/${'泵站'.repeat(20)}/points.csv`;
  await writeFile(
    join(dir, 'a.tar'),
    await archive([
      ['manifest.json', Buffer.from('{}')],
      [long, Buffer.from('tag')],
    ]),
  );
  await mkdir(join(dir, 'out'));
  execFileSync('tar', ['xf', join(dir, 'a.tar'), '-C', join(dir, 'out')]);
  expect(await readFile(join(dir, 'out', long), 'utf8')).toBe('tag');
});

it('refuses links and folders of the tar of the system, and an archive that ends anywhere', async () => {
  const dir = await newFolder();
  await mkdir(join(dir, 'config'));
  execFileSync('ln', ['-s', '/etc/passwd', join(dir, 'link')]);
  for (const what of ['config', 'link']) {
    execFileSync('tar', ['cf', join(dir, 'b.tar'), '--format=ustar', '-C', dir, what]);
    await expect(contents(await readFile(join(dir, 'b.tar')))).rejects.toMatchObject({ code: 'LL-STORE-ARCHIVE' });
  }
  const whole = await archive([['config/a', Buffer.alloc(700, 1)]]);
  for (let length = 0; length < 512 * 3; length += 100)
    await expect(contents(whole.subarray(0, length)), `cut at ${length}`).rejects.toMatchObject({
      code: 'LL-STORE-ARCHIVE',
    });
});

it('writes no member of another size than was said, and no name without end', async () => {
  const wrong = async () => {
    async function* lying(): AsyncGenerator<TarMember> {
      yield { name: 'a', size: 3, content: piece(Buffer.from('four')) };
    }
    for await (const part of tar(lying(), timeMs)) expect(part).toBeInstanceOf(Uint8Array);
  };
  await expect(wrong()).rejects.toMatchObject({ code: 'LL-STORE-ARCHIVE' });
  await expect(archive([['x'.repeat(300), Buffer.alloc(0)]])).rejects.toMatchObject({ code: 'LL-STORE-ARCHIVE' });
});
