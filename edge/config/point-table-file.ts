import { type FileHandle, open } from 'node:fs/promises';
import { resolve } from 'node:path';
import { LifelineError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import { csvCells } from './csv-cells.ts';
import { configErrors, pointErrors } from './errors.ts';
import { type PointTable, readPointTable, type TableReading } from './point-table.ts';
import { type Problem, problemAt } from './problem.ts';
import type { DeviceEntry } from './spec.ts';
import { type TableCells, tableLimits } from './table-cells.ts';
import { tableTexts } from './table-texts.ts';
import { decodeText } from './text-encoding.ts';
import { configTexts } from './texts.ts';
import { isArchive } from './xlsx-archive.ts';
import { xlsxCells } from './xlsx-cells.ts';

/** Which sheets of a workbook make the table. */
export interface SheetChoice {
  /** The sheet that must be taken. */
  readonly sheet?: string | undefined;
  /** The device that the table is for: a sheet of its name is taken alone, otherwise all sheets are. */
  readonly device?: string | undefined;
}

/** What a file turned out to be. */
interface TableFile {
  readonly sheets: readonly TableCells[];
  /** `XLSX`, or text encoding and separator. */
  readonly format: string;
}

/**
 * The point table of a device entry; relative paths start at `folder`. Rejects with `LL-CONFIG-FILE`.
 * @param proposed texts that stand in the place of files, by absolute path
 */
export async function readDeviceTable(
  { id, points, sheet }: DeviceEntry & { readonly points: string },
  folder: string,
  proposed?: ReadonlyMap<string, string>,
): Promise<PointTable> {
  return readTableFiles([resolve(folder, points)], { sheet, device: id }, proposed ? { proposed } : {});
}

/**
 * The point table that files make together. A file that is no table, or too large a one, is a problem of the table.
 * Rejects with `LL-CONFIG-FILE` when one cannot be read.
 */
export async function readTableFiles(
  files: readonly string[],
  choice: SheetChoice,
  reading: TableReading & {
    readonly opened?: (file: string, format: string) => void;
    readonly proposed?: ReadonlyMap<string, string>;
  } = {},
): Promise<PointTable> {
  const sheets: TableCells[] = [];
  const problems: Problem[] = [];
  for (const file of files) {
    try {
      const text = reading.proposed?.get(file);
      const opened = text === undefined ? await openTableFile(file, choice) : openTableText(file, text);
      reading.opened?.(file, opened.format);
      sheets.push(...opened.sheets);
    } catch (error) {
      problems.push(problemOfFile(file, error));
    }
  }
  const table = readPointTable(sheets, reading);
  return { rows: table.rows, problems: [...problems, ...table.problems] };
}

/** First bytes of the older binary format and of workbooks with a password (MS-CFB 2.2). */
const compoundFile = Buffer.from([0xd0, 0xcf, 0x11, 0xe0]);
const separatorNames = { ',': 'commas', ';': 'semicolons', '\t': 'tabs' } as const;

/**
 * Opens a CSV or XLSX file, whichever it is by its content. Rejects with `LL-CONFIG-FILE` when it cannot be read, with
 * `LL-POINTS-FORMAT` or `LL-POINTS-LIMIT` when it is no table or too large a one.
 * @param isColumn whether a cell names a column, by which the separator of a text is found; of a point table when left out
 */
export async function openTableFile(
  file: string,
  choice: SheetChoice = {},
  isColumn?: (cell: string) => boolean,
): Promise<TableFile> {
  return openTableBytes(file, await readBounded(file), choice, isColumn);
}

/** The point table of a file's bytes; what is no table, or too large a one, is a problem of the table. */
export async function readTableBytes(file: string, bytes: Buffer, choice: SheetChoice): Promise<PointTable> {
  try {
    return readPointTable((await openTableBytes(file, bytes, choice)).sheets);
  } catch (error) {
    return { rows: [], problems: [problemOfFile(file, error)] };
  }
}

/** Rethrows what is not about a table. */
function problemOfFile(file: string, error: unknown): Problem {
  const located = error instanceof LifelineError && Object.hasOwn(pointErrors.catalogue, error.code);
  if (!located) throw error;
  return problemAt({ file, line: 1, column: 1, path: '' }, error);
}

async function openTableBytes(
  file: string,
  bytes: Buffer,
  choice: SheetChoice,
  isColumn?: (cell: string) => boolean,
): Promise<TableFile> {
  if (bytes.subarray(0, compoundFile.length).equals(compoundFile))
    throw pointErrors.create('FORMAT', tableTexts.oldWorkbook);
  if (isArchive(bytes)) {
    const sheets = await xlsxCells(file, bytes, (names) => chooseSheets(names, choice));
    // new workbooks come with empty sheets
    const filled = sheets.filter(({ rows }) => rows.length > 0);
    return { sheets: filled.length > 0 ? filled : sheets.slice(0, 1), format: 'XLSX' };
  }
  if (choice.sheet !== undefined) throw pointErrors.create('FORMAT', tableTexts.noWorkbook(choice.sheet));
  const { text, encoding } = decodeText(bytes);
  return openTableText(file, text, encoding, isColumn);
}

function openTableText(
  file: string,
  text: string,
  encoding = 'UTF-8',
  isColumn?: (cell: string) => boolean,
): TableFile {
  if (text.includes('\0')) throw pointErrors.create('FORMAT', tableTexts.noTable);
  const { rows, separator } = csvCells(text, isColumn);
  return { sheets: [{ file, rows }], format: `${encoding}, separated by ${separatorNames[separator]}` };
}

function chooseSheets(names: readonly string[], { sheet, device }: SheetChoice): readonly string[] {
  if (sheet === undefined) return names.filter((name) => name === device).length === 1 ? [device ?? ''] : names;
  if (names.includes(sheet)) return [sheet];
  throw pointErrors.create('FORMAT', tableTexts.noSheet(sheet, suggest(sheet, names), names));
}

/** The whole of a regular file, if it is not too large. */
async function readBounded(file: string): Promise<Buffer> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(file, 'r');
    const status = await handle.stat();
    if (status.isFile() && status.size <= tableLimits.fileBytes) return await handle.readFile();
    if (status.isFile()) throw pointErrors.create('LIMIT', tableTexts.bytes(status.size));
    throw configErrors.create('FILE', configTexts.noRegularFile(file));
  } catch (cause) {
    if (cause instanceof LifelineError) throw cause;
    throw configErrors.create('FILE', configTexts.cannotRead(file, cause), cause);
  } finally {
    await handle?.close();
  }
}
