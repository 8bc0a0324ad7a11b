import { extname } from 'node:path';
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
