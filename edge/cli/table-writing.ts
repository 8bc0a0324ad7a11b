import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, extname } from 'node:path';
import { InvalidArgumentError, Option } from 'commander';
import { csvBytes, type HeaderLanguage, type OutputSheet, xlsxBytes } from '../config/table-output.ts';

/** Reads the name of a table to be written for commander. */
export function tableFile(name: string): string {
  if (isWorkbook(name) || extname(name).toLowerCase() === '.csv') return name;
  throw new InvalidArgumentError('expected a name that ends in .csv or .xlsx');
}

export const isWorkbook = (name: string): boolean => extname(name).toLowerCase() === '.xlsx';

const languages: readonly HeaderLanguage[] = ['zh', 'en'];

/** Option for the language of the header row. */
export const headersOption = (): Option =>
  new Option('--headers <language>', 'language of the header row').choices(languages).default('en');

/** The bytes of a table file of the kind that its name tells: a workbook of all sheets, or the only sheet as CSV. */
export async function tableBytes(name: string, sheets: readonly OutputSheet[]): Promise<Buffer> {
  return isWorkbook(name) ? await xlsxBytes(sheets) : csvBytes(sheets[0]?.cells ?? []);
}

/** Puts a file in place whole or not at all; its folder is made when it is missing. */
export async function replaceFile(name: string, content: Buffer): Promise<void> {
  const draft = await openDraft(name);
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

/** Begins a file; its folder is made when it is missing. */
export async function openDraft(name: string): Promise<Draft> {
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
    handle = await open(path, 'w');
  });
  return {
    write: (content) => guarded(async () => handle?.writeFile(content)),
    finish: () =>
      guarded(async () => {
        await handle?.sync();
        await handle?.close();
        await rename(path, name);
      }),
    abandon,
  };
}
