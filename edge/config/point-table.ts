import type { Text } from '../core/text.ts';
import { ambiguousCells, cellAliases } from './column-aliases.ts';
import { pointErrors } from './errors.ts';
import { unguard } from './formula-guard.ts';
import type { Column, PointRow } from './point-columns.ts';
import { type Place, type PlaceOf, type Problem, problemAt } from './problem.ts';
import { type CellFault, type CellRow, type TableCells, tableLimits, titleRows } from './table-cells.ts';
import { namesTags, readHeader, type TableHeader } from './table-header.ts';
import { tableFixes, tableTexts } from './table-texts.ts';
import { configFixes } from './texts.ts';

/** A row and where each of its columns stands, for problems found later. */
export interface LocatedRow {
  readonly row: PointRow;
  /** Place of a column by key; the first column where the table has none of this key. */
  readonly place: PlaceOf;
}

export interface PointTable {
  /** Rows without a problem. */
  readonly rows: readonly LocatedRow[];
  readonly problems: readonly Problem[];
}

export interface TableReading {
  /** Unknown and doubled columns are passed over instead of refused. */
  readonly ignoreColumns?: boolean;
}

/** Characters that no table needs and that XLSX cannot hold; U+FFFD stands for text that was lost before. */
const unusable = /[\p{Cc}\p{Cs}\p{Noncharacter_Code_Point}\uFFFD]/u;
/** What spreadsheets show in place of a value they could not work out. */
const spreadsheetError = /^#(?:REF!|DIV\/0!|VALUE!|NAME\?|NULL!|NUM!|N\/A|SPILL!|CALC!|RESULT!)$/;
const shownLength = 60;

/**
 * Reads the sheets of one device's point table (点表), with Chinese or English headers. Every bad cell is reported by row
 * and column; rows with a problem are left out. Tags are unique over all the sheets.
 */
export function readPointTable(sheets: readonly TableCells[], reading: TableReading = {}): PointTable {
  const rows: LocatedRow[] = [];
  const problems: Problem[] = [];
  const firstOf = new Map<string, Place>();
  for (const sheet of sheets) readSheet(sheet, reading, { rows, problems, firstOf });
  return { rows, problems };
}

interface Reading {
  readonly rows: LocatedRow[];
  readonly problems: Problem[];
  /** Where each tag was named first. */
  readonly firstOf: Map<string, Place>;
}

const textsOf = ({ cells }: CellRow): string[] => cells.map((cell) => (typeof cell === 'string' ? cell : ''));

function readSheet({ file, sheet, rows: all }: TableCells, { ignoreColumns = false }: TableReading, reading: Reading) {
  const where = sheet === undefined ? { file } : { file, sheet };
  const filled = all.filter(({ cells }) => cells.some((cell) => typeof cell !== 'string' || cell.trim() !== ''));
  const top = Math.max(
    0,
    filled.slice(0, titleRows).findIndex((row) => namesTags(textsOf(row))),
  );
  const [head, ...body] = filled.slice(top);
  if (!head || head.cells.length > tableLimits.columns || reading.rows.length + body.length > tableLimits.rows) {
    const place = { ...where, line: head?.line ?? 1, column: 1, path: '' };
    const limit = pointErrors.create('LIMIT', tableTexts.tooLarge);
    reading.problems.push(problemAt(place, head ? limit : pointErrors.create('HEADER', tableTexts.empty)));
    return;
  }
  const header = readHeader({ ...where, line: head.line }, textsOf(head), ignoreColumns);
  reading.problems.push(...header.problems);
  if (header.problems.length > 0) return;
  const columnOf = new Map(header.columns.map((column, index) => [column?.key, index + 1]));
  for (const { line, cells } of body) {
    const place = (path: string) => ({ ...where, line, column: columnOf.get(path) ?? 1, path });
    readRow(header, cells, place, reading);
  }
}

function readRow(
  header: TableHeader,
  cells: CellRow['cells'],
  place: PlaceOf,
  { rows, problems, firstOf }: Reading,
): void {
  const before = problems.length;
  const row: Record<string, unknown> = {};
  header.columns.forEach((column, index) => {
    const result = column && readCell(column, cells[index] ?? '');
    if (!column || !result) return;
    if ('problem' in result) problems.push(problemAt(place(column.key), result.problem, result.fix));
    else row[column.key] = result.value;
  });
  const tag = row['tag'] as string | undefined;
  const first = firstOf.get(tag ?? '');
  if (tag === undefined) {
    if (problems.length === before)
      problems.push(problemAt(place('tag'), pointErrors.create('CELL', tableTexts.noTag), tableFixes.namePoint));
  } else if (first) {
    const message = tableTexts.tagTwice(tag, nameRow(first, place('tag')));
    problems.push(problemAt(place('tag'), pointErrors.create('DUPLICATE', message)));
  } else firstOf.set(tag, place('tag'));
  if (problems.length === before) rows.push({ row: row as unknown as PointRow, place });
}

function nameRow(first: Place, again: Place): Text {
  const file = first.file === again.file ? undefined : first.file;
  const sheet = first.sheet === again.sheet && file === undefined ? undefined : first.sheet;
  return tableTexts.row(first.line, sheet, file);
}

type CellResult =
  | { readonly value: unknown }
  | { readonly problem: ReturnType<typeof pointErrors.create>; readonly fix?: Text };

/** The value of a cell; undefined when it is empty. */
function readCell(column: Column, written: string | CellFault): CellResult | undefined {
  const { key, zh } = column;
  if (typeof written !== 'string')
    return { problem: pointErrors.create('CELL', tableTexts.cellIs(key, zh, written.message)), fix: written.fix };
  // line breaks and tabs inside a cell would make rows of text that editors and other tools cannot follow
  const cell = written.replace(/[\t\r\n\v\f]+/g, ' ').trim();
  if (cell === '') return undefined;
  const shown = cell.length > shownLength ? `${cell.slice(0, shownLength)}…` : cell;
  const refuse = (fix: Text): CellResult => ({
    problem: pointErrors.create('CELL', tableTexts.cell(shown, key, zh)),
    fix,
  });
  if (cell.length > tableLimits.cellLength) return refuse(tableFixes.shorten);
  if (unusable.test(cell)) return refuse(tableFixes.typeAgain);
  if (spreadsheetError.test(cell)) return refuse(tableFixes.noResult);
  const word = cell.toLowerCase();
  const question = ambiguousCells[key]?.[word];
  if (question !== undefined) return refuse(question);
  const result = column.read(unguard(cellAliases[key]?.[word] ?? cell));
  return 'value' in result ? result : refuse(configFixes.expected(result.expected));
}
