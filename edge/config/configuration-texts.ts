import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, normalize, resolve, sep } from 'node:path';
import { parse } from 'yaml';
import { LifelineError } from '../core/errors.ts';
import type { TagTable } from '../core/tag.ts';
import { csvCells } from './csv-cells.ts';
import { configErrors } from './errors.ts';
import { unguard } from './formula-guard.ts';
import { type LoadContext, type LoadResult, loadGateway } from './load.ts';
import { csvLines } from './table-output.ts';
import { decodeText } from './text-encoding.ts';
import { configTexts } from './texts.ts';

/** What people write of a configuration: `gateway.yaml` and the CSV tables that it names, by path from its folder. */
export type ConfigurationTexts = ReadonlyMap<string, string>;

/** Rows of cells, the header among them. */
export type WrittenCells = readonly (readonly string[])[];

/** Tables that a text names and that lie below its folder as CSV; whatever is wrong with the text. */
export function tablesNamedIn(yaml: string): readonly string[] {
  const points = devicesIn(yaml).map((device) => (device as { readonly points?: unknown } | null)?.points);
  const own = points.filter((path): path is string => typeof path === 'string' && isOwnTable(path));
  return [...new Set(own)];
}

function devicesIn(yaml: string): readonly unknown[] {
  try {
    const value: unknown = parse(yaml, { logLevel: 'silent' });
    const devices = (value as { readonly devices?: unknown } | null)?.devices;
    return Array.isArray(devices) ? devices : [];
  } catch {
    return [];
  }
}

function isOwnTable(path: string): boolean {
  const plain = normalize(path);
  return plain.toLowerCase().endsWith('.csv') && !isAbsolute(plain) && plain.split(sep)[0] !== '..';
}

/** The texts as they are on disk; tables that are not there are left out. Rejects with `LL-CONFIG-FILE`. */
export async function readTexts(file: string): Promise<ConfigurationTexts> {
  const folder = dirname(file);
  const yaml = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw configErrors.create('FILE', configTexts.cannotRead(file, cause), cause);
  });
  const texts = new Map([[basename(file), yaml]]);
  for (const path of tablesNamedIn(yaml)) {
    const bytes = await readFile(join(folder, path)).catch(() => undefined);
    if (bytes) texts.set(path, decodeText(bytes).text);
  }
  return texts;
}

/** Tells texts apart: the same only where every file is. */
export function hashOf(texts: ConfigurationTexts): string {
  const sorted = [...texts].sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex');
}

/** Judges texts in the place of the files of `gateway.yaml` at `file`, with everything that they refer to. */
export function loadTexts(
  file: string,
  texts: ConfigurationTexts,
  context: LoadContext,
  running?: TagTable,
): Promise<LoadResult> {
  const folder = dirname(file);
  const proposed = new Map([...texts].map(([path, text]) => [resolve(folder, path), text]));
  return loadGateway(file, { ...context, proposed }, running);
}

/** The cells of a table as they are edited; undefined where the text is no table. */
export function cellsOf(text: string): WrittenCells | undefined {
  try {
    return csvCells(text).rows.map(({ cells }) => cells.map((cell) => (typeof cell === 'string' ? unguard(cell) : '')));
  } catch (error) {
    if (error instanceof LifelineError) return undefined;
    throw error;
  }
}

/** A table as text, one line for each row, so that row and line are the same number; empty rows at its end are left out. */
export function textOfCells(cells: WrittenCells): string {
  const plain = cells.map((row) => row.map((cell) => cell.replace(/[\t\r\n\v\f]+/g, ' ')));
  const last = plain.findLastIndex((row) => row.some((cell) => cell.trim() !== ''));
  return csvLines(plain.slice(0, last + 1));
}
