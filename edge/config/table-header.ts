import { meant } from '../core/suggest.ts';
import type { Text } from '../core/text.ts';
import { columnAliases } from './column-aliases.ts';
import { pointErrors } from './errors.ts';
import { type Column, columns } from './point-columns.ts';
import { type Place, type Problem, problemAt } from './problem.ts';
import { tableFixes, tableTexts } from './table-texts.ts';
import { configFixes } from './texts.ts';

/** What stands in each column of one table; undefined where a column is left out of account. */
export interface TableHeader {
  readonly columns: readonly (Column | undefined)[];
  readonly problems: readonly Problem[];
}

/** Full-width letters, case and line breaks make no difference between names. */
const normalise = (name: string): string => name.normalize('NFKC').trim().toLowerCase().replace(/\s+/g, ' ');

const known = new Map<string, Column>();
const add = (column: Column, ...names: readonly string[]) => {
  for (const name of names) known.set(normalise(name), column);
};
for (const column of columns) add(column, column.key, column.zh, ...(columnAliases[column.key] ?? []));

/** Whether a cell is the name of a column, in either language or as others call it. */
export const isColumnName = (cell: string): boolean => known.has(normalise(cell));

/** Whether a row can be the header: one of its cells names the tags. */
export const namesTags = (cells: readonly string[]): boolean =>
  cells.some((cell) => known.get(normalise(cell))?.key === 'tag');

/**
 * Finds the columns by their names. With `ignoreColumns`, what is not known or stands twice is left out of account
 * instead of being a problem.
 */
export function readHeader(place: Omit<Place, 'path' | 'column'>, cells: readonly string[], ignoreColumns: boolean) {
  const problems: Problem[] = [];
  const seen = new Map<string, string>();
  const refuse = (index: number, message: Text, fix?: Text) => {
    if (ignoreColumns) return;
    const cell = { ...place, column: index + 1, path: cells[index] ?? '' };
    problems.push(problemAt(cell, pointErrors.create('HEADER', message), fix));
  };
  const found = cells.map((cell, index) => {
    const column = known.get(normalise(cell));
    const before = seen.get(column?.key ?? '');
    if (cell === '') return undefined;
    if (!column) refuse(index, tableTexts.unknownColumn(cell), nearColumn(cell));
    else if (before === undefined) seen.set(column.key, cell);
    else {
      const { key, zh } = column;
      const same = before === cell ? tableTexts.columnTwice(cell) : tableTexts.columnsAlike(cell, before, key, zh);
      refuse(index, same, tableFixes.removeColumn);
      return undefined;
    }
    return column;
  });
  if (!seen.has('tag')) {
    const error = pointErrors.create('HEADER', tableTexts.columnMissing('tag', '点名'));
    problems.push(problemAt({ ...place, column: 1, path: 'tag' }, error));
  }
  return { columns: found, problems };
}

const nearColumn = (cell: string): Text =>
  meant(cell, known.keys()) ?? {
    en: configFixes.known(columns.map(({ key }) => key)).en,
    zh: configFixes.known(columns.map(({ zh }) => zh)).zh,
  };
