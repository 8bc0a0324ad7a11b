import { parse } from 'csv-parse/sync';
import type { ReportProblem } from './moment.ts';
import { readTextBlocks } from './text-blocks.ts';

/** A cell in quotes may run over so many lines; more is a quote that nobody closed. */
const maxQuotedLines = 100;

export type Delimiter = ',' | ';' | '\t';

/** The delimiter that cuts a header into most cells. */
export function delimiterOf(header: string): Delimiter {
  const cells = (delimiter: Delimiter) => header.split(delimiter).length;
  return cells(';') > cells(',') ? ';' : cells('\t') > cells(',') ? '\t' : ',';
}

/** Cuts one record into cells; undefined when its quotes are wrong. */
export function cellsOf(record: string, delimiter: Delimiter): readonly string[] | undefined {
  if (!record.includes('"')) return record.split(delimiter);
  try {
    return (parse(record, { delimiter, relax_column_count: true }) as string[][])[0];
  } catch {
    return undefined;
  }
}

/** Whether every quote of a text has its partner (RFC 4180: a quote inside a cell is written twice). */
const closed = (text: string) => (text.split('"').length - 1) % 2 === 0;

/** A record of a CSV file and the line that it begins in. */
export interface CsvRecord {
  readonly line: number;
  readonly cells: readonly string[];
}

/** The records of a CSV file after its header, block by block. A record that cannot be cut is reported and left out. */
export function* readRecords(
  path: string,
  delimiter: Delimiter,
  report: ReportProblem,
): Generator<readonly CsvRecord[], void> {
  let open: { line: number; text: string; lines: number } | undefined;
  const take = (record: { line: number; text: string }, into: CsvRecord[]) => {
    if (record.line === 1 || record.text.trim() === '') return;
    const cells = cellsOf(record.text, delimiter);
    if (cells) into.push({ line: record.line, cells });
    else report(record.line, 'the quotes of this row are wrong');
  };
  for (const { firstLine, lines } of readTextBlocks(path)) {
    const records: CsvRecord[] = [];
    for (let index = 0; index < lines.length; index++) {
      const text = lines[index] as string;
      if (!open) {
        const record = { line: firstLine + index, text };
        if (!text.includes('"') || closed(text)) take(record, records);
        else open = { ...record, lines: 1 };
        continue;
      }
      open = { line: open.line, text: `${open.text}\n${text}`, lines: open.lines + 1 };
      if (!closed(open.text) && open.lines < maxQuotedLines) continue;
      take(open, records);
      open = undefined;
    }
    yield records;
  }
  if (open) report(open.line, 'a quote of this row is never closed');
}
