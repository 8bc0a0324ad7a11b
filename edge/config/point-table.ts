import { parse } from 'csv-parse/sync';
import { suggest } from '../core/suggest.ts';
import { pointErrors } from './errors.ts';
import { type Column, columns, type PointRow, unsupportedColumns } from './point-columns.ts';
import { type Problem, problemAt } from './problem.ts';

/** Rows of one table at most; a gateway with more tags splits them over devices. */
const maxRows = 50_000;

interface Header {
  readonly columns: readonly (Column | { readonly key: string; readonly unsupported: true })[];
  readonly problems: readonly Problem[];
}

/** A row and the line it came from, for problems found later. */
export interface LocatedRow {
  readonly line: number;
  readonly row: PointRow;
}

export interface PointTable {
  readonly rows: readonly LocatedRow[];
  /** Where each column stands, counted from 1, by key. */
  readonly columns: ReadonlyMap<string, number>;
  readonly problems: readonly Problem[];
}

/** A table of which nothing could be read. */
const nothing = { rows: [], columns: new Map<string, number>() };

const headerNames = new Map<string, Header['columns'][number]>([
  ...columns.flatMap((column): [string, Column][] => [
    [column.key.toLowerCase(), column],
    [column.zh, column],
  ]),
  ...Object.entries(unsupportedColumns).flatMap(([key, zh]): [string, Header['columns'][number]][] => [
    [key.toLowerCase(), { key, unsupported: true }],
    [zh, { key, unsupported: true }],
  ]),
]);

function readHeader(file: string, cells: readonly string[]): Header {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  const found = cells.map((cell, index) => {
    const place = { file, line: 1, column: index + 1, path: cell };
    const column = headerNames.get(cell.trim().toLowerCase());
    if (!column) {
      const near = suggest(cell, headerNames.keys());
      const fix = near ? `did you mean "${near}"?` : `known: ${columns.map((known) => known.key).join(', ')}`;
      problems.push(problemAt(place, pointErrors.create('HEADER', `unknown column "${cell}"`), fix));
    } else if (seen.has(column.key)) {
      problems.push(problemAt(place, pointErrors.create('HEADER', `column "${column.key}" stands twice`)));
    }
    if (column) seen.add(column.key);
    return column ?? { key: cell, unsupported: true as const };
  });
  if (!seen.has('tag')) {
    const place = { file, line: 1, column: 1, path: 'tag' };
    problems.push(problemAt(place, pointErrors.create('HEADER', 'column "tag" (点名) is missing')));
  }
  return { columns: found, problems };
}

function readRow(file: string, line: number, header: Header, cells: readonly string[], problems: Problem[]): PointRow {
  const row: Record<string, unknown> = {};
  header.columns.forEach((column, index) => {
    const cell = (cells[index] ?? '').trim();
    if (cell === '') return;
    const place = { file, line, column: index + 1, path: column.key };
    if ('unsupported' in column) {
      const message = `column "${column.key}" is not supported yet, but the cell holds "${cell}"`;
      problems.push(problemAt(place, pointErrors.create('UNSUPPORTED', message)));
      return;
    }
    const result = column.read(cell);
    if ('value' in result) row[column.key] = result.value;
    else
      problems.push(
        problemAt(
          place,
          pointErrors.create('CELL', `"${cell}" in column "${column.key}"`),
          `expected ${result.expected}`,
        ),
      );
  });
  return row as unknown as PointRow;
}

/**
 * Reads a point table (点表) from CSV text with Chinese or English headers. Every bad cell is reported by row and
 * column (the row counts as in a spreadsheet: the header is row 1); rows with a problem are left out.
 */
export function parsePointTable(file: string, text: string): PointTable {
  let records: { readonly record: string[]; readonly info: { readonly lines: number } }[];
  try {
    records = parse(text, {
      bom: true,
      info: true,
      relax_column_count: true,
      skip_empty_lines: true,
      to: maxRows + 1,
    }) as unknown as typeof records;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const place = { file, line: 1, column: 1, path: '' };
    return {
      ...nothing,
      problems: [problemAt(place, pointErrors.create('CELL', message), 'mend the quotes of the CSV file')],
    };
  }
  const [first, ...rest] = records;
  if (!first) {
    const place = { file, line: 1, column: 1, path: '' };
    return { ...nothing, problems: [problemAt(place, pointErrors.create('HEADER', 'the table is empty'))] };
  }
  const header = readHeader(file, first.record);
  if (header.problems.length > 0) return { ...nothing, problems: header.problems };
  return readRows(file, header, rest);
}

function readRows(
  file: string,
  header: Header,
  records: readonly { readonly record: string[]; readonly info: { readonly lines: number } }[],
): PointTable {
  const rows: LocatedRow[] = [];
  const problems: Problem[] = [];
  const lineOf = new Map<string, number>();
  for (const { record, info } of records) {
    const before = problems.length;
    const row = readRow(file, info.lines, header, record, problems);
    const place = { file, line: info.lines, column: 1, path: 'tag' };
    if (row.tag === undefined)
      problems.push(problemAt(place, pointErrors.create('CELL', 'the row has no tag'), 'name the point'));
    else if (lineOf.has(row.tag)) {
      const message = `tag "${row.tag}" stands already in row ${lineOf.get(row.tag)}`;
      problems.push(problemAt(place, pointErrors.create('DUPLICATE', message)));
    } else lineOf.set(row.tag, info.lines);
    if (problems.length === before) rows.push({ line: info.lines, row });
  }
  return { rows, problems, columns: new Map(header.columns.map(({ key }, index) => [key, index + 1])) };
}
