import { csvCell } from './csv.ts';

/** A column of a table of courses: what it holds, and values by their times, s since epoch. */
export interface CsvColumn {
  readonly name: string;
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
}

/** Courses as CSV: a row for each time in ISO 8601 (UTC), empty where a course has no sample then or a bad one. */
export function csvOf(columns: readonly CsvColumn[]): string {
  const rows = new Map<number, string[]>();
  for (const [place, { times, values }] of columns.entries()) {
    for (const [at, time] of times.entries()) {
      const row = rows.get(time) ?? columns.map(() => '');
      row[place] = String(values[at] ?? '');
      rows.set(time, row);
    }
  }
  const head = ['time', ...columns.map(({ name }) => csvCell(name))].join(',');
  const body = [...rows]
    .sort(([a], [b]) => a - b)
    .map(([time, row]) => [new Date(time * 1000).toISOString(), ...row].join(','));
  return `${[head, ...body].join('\r\n')}\r\n`;
}
