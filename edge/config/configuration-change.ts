import { createHash } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { ConfigurationTexts } from './configuration-texts.ts';
import { replaceFile } from './draft.ts';
import { configErrors } from './errors.ts';

/** What a change writes, and what stood there when it was decided: a hash of the bytes, null where there was no file. */
const note = z.strictObject({
  format: z.literal('lifeline-change/1'),
  files: z.array(z.strictObject({ path: z.string(), before: z.string().nullable(), text: z.string() })),
});
type Note = z.output<typeof note>;

/** Lies beside `gateway.yaml` for as long as a change is being written. */
const notePath = (file: string): string => join(dirname(file), `.${basename(file)}.change`);

const bytesAt = (file: string, path: string): Promise<Buffer | undefined> =>
  readFile(join(dirname(file), path)).catch(() => undefined);

const hashOf = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

/** CSV begins with a byte order mark, without which Excel takes Chinese for another encoding. */
const writtenAs = (path: string, text: string): string =>
  path.toLowerCase().endsWith('.csv') ? `\uFEFF${text}` : text;

/**
 * Puts the texts that differ in the place of files, all of them or none: they are noted first, and a note that outlives
 * its process is completed at the next start. Rejects with `LL-CONFIG-WRITE` with all files as they were.
 */
export async function putTexts(file: string, before: ConfigurationTexts, next: ConfigurationTexts): Promise<void> {
  const changed = [...next].filter(([path, text]) => text !== before.get(path));
  const old = new Map<string, Buffer | undefined>();
  for (const [path] of changed) old.set(path, await bytesAt(file, path));
  const files = changed.map(([path, text]) => {
    const bytes = old.get(path);
    return { path, before: bytes ? hashOf(bytes) : null, text: writtenAs(path, text) };
  });
  const done: string[] = [];
  try {
    const content: Note = { format: 'lifeline-change/1', files };
    if (files.length > 1) await replaceFile(notePath(file), JSON.stringify(content), 0o600);
    for (const { path, text } of files) {
      await replaceFile(join(dirname(file), path), text, 0o640);
      done.push(path);
    }
  } catch (cause) {
    for (const path of done) {
      const bytes = old.get(path);
      if (bytes) await replaceFile(join(dirname(file), path), bytes);
      else await rm(join(dirname(file), path), { force: true });
    }
    const words = cause instanceof Error ? cause.message : String(cause);
    throw configErrors.create('WRITE', words, cause);
  } finally {
    await rm(notePath(file), { force: true });
  }
}

/** What became of a change that its process did not finish. */
export type UnfinishedChange = 'none' | 'completed' | 'changed-since';

/**
 * Completes the change that a process was writing when it ended. Where somebody has since written one of its files by
 * hand, all of them stay as they are. Before anything reads the configuration; rejects with the note kept.
 */
export async function completeChange(file: string): Promise<UnfinishedChange> {
  const text = await readFile(notePath(file), 'utf8').catch(() => undefined);
  if (text === undefined) return 'none';
  const { files } = note.parse(JSON.parse(text));
  const waiting: Note['files'] = [];
  for (const one of files) {
    const bytes = await bytesAt(file, one.path);
    const now = bytes ? hashOf(bytes) : null;
    if (now === hashOf(one.text)) continue;
    if (now !== one.before) {
      await rm(notePath(file));
      return 'changed-since';
    }
    waiting.push(one);
  }
  for (const one of waiting) await replaceFile(join(dirname(file), one.path), one.text, 0o640);
  await rm(notePath(file));
  return 'completed';
}
