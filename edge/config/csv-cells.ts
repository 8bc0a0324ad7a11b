import { CsvError, parse } from 'csv-parse/sync';
import { pointErrors } from './errors.ts';
import { type CellRow, tableLimits, titleRows } from './table-cells.ts';
import { isColumnName } from './table-header.ts';
import { tableTexts } from './table-texts.ts';

const separators = [',', ';', '\t'] as const;
type Separator = (typeof separators)[number];

interface ParsedRecord {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
}

/** Characters of one record: every cell full, quoted and separated. */
const maxRecord = tableLimits.columns * (tableLimits.cellLength + 3);

function parseWith(text: string, delimiter: Separator, to: number): readonly ParsedRecord[] {
  return parse(text, {
    delimiter,
    info: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxRecord,
    to,
  }) as unknown as ParsedRecord[];
}

/** The separator that makes the most column names of the first rows. */
function detectSeparator(text: string, isColumn: (cell: string) => boolean): Separator {
  const score = (separator: Separator) => {
    try {
      const counts = parseWith(text, separator, titleRows).map(({ record }) => record.filter(isColumn).length);
      return Math.max(0, ...counts);
    } catch {
      return 0;
    }
  };
  const scores = separators.map(score);
  return separators[scores.indexOf(Math.max(...scores))] ?? ',';
}

/**
 * Cells of a CSV text; the separator (comma, semicolon, tab) is found from the header. `line` is where a record begins.
 * Throws `LL-POINTS-FORMAT` with the line when the quotes do not match, `LL-POINTS-LIMIT` for what is too long.
 */
export function csvCells(
  text: string,
  isColumn: (cell: string) => boolean = isColumnName,
): { readonly rows: readonly CellRow[]; readonly separator: Separator } {
  const separator = detectSeparator(text, isColumn);
  try {
    const records = parseWith(text, separator, tableLimits.rows + titleRows + 1);
    const rows = records.map(({ record, info }) => ({
      line: info.lines - record.reduce((count, cell) => count + lineBreaks(cell), 0),
      cells: record,
    }));
    return { rows, separator };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const line = typeof error['lines'] === 'number' ? error['lines'] : 1;
    if (error.code === 'CSV_MAX_RECORD_SIZE')
      throw pointErrors.create('LIMIT', tableTexts.longLine(line, maxRecord), error);
    throw pointErrors.create('FORMAT', tableTexts.quotes(line), error);
  }
}

const lineBreaks = (cell: string): number => (cell.includes('\n') ? cell.split('\n').length - 1 : 0);
