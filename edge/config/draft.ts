import { type FileHandle, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts a file in place whole or not at all; its folder is made when it is missing. */
export async function replaceFile(name: string, content: Buffer | string, mode?: number): Promise<void> {
  const draft = await openDraft(name, mode);
  await draft.write(content);
  await draft.finish();
}

/** A file that is being written beside its place. Whatever fails leaves nothing behind. */
export interface Draft {
  write(content: Buffer | string): Promise<void>;
  /** Puts it in its place, synced. */
  finish(): Promise<void>;
  abandon(): Promise<void>;
}

/** Begins a file, with the permissions of the one that it replaces; its folder is made when it is missing. */
export async function openDraft(name: string, mode = 0o666): Promise<Draft> {
  const path = `${name}.${process.pid}.part`;
  let handle: FileHandle | undefined;
  const abandon = async () => {
    await handle?.close().catch(() => undefined);
    await rm(path, { force: true });
  };
  const guarded = async (step: () => Promise<unknown>) => {
    try {
      await step();
    } catch (cause) {
      await abandon();
      throw new Error(`cannot write ${name}; is its folder there, and may it be written to?`, { cause });
    }
  };
  await guarded(async () => {
    await mkdir(dirname(name)).catch(() => undefined);
    const before = await stat(name).catch(() => undefined);
    handle = await open(path, 'w', before ? before.mode & 0o777 : mode);
  });
  return {
    write: (content) => guarded(async () => handle?.writeFile(content)),
    finish: () =>
      guarded(async () => {
        await handle?.sync();
        await handle?.close();
        await rename(path, name);
        await syncFolder(dirname(name));
      }),
    abandon,
  };
}

/** A name is safe from a power cut only once its folder is. */
async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
