import type { Text } from '../core/text.ts';

/** A cell that cannot be taken as text (a date that Excel made of `1-2`), and how to mend it. */
export interface CellFault {
  readonly message: Text;
  readonly fix: Text;
}

/** One line of a CSV file or one row of a sheet; lines count from 1, as people see them. */
export interface CellRow {
  readonly line: number;
  readonly cells: readonly (string | CellFault)[];
}

/** The cells of a whole CSV file or of one sheet, wherever they came from. */
export interface TableCells {
  readonly file: string;
  /** Name of the sheet; absent in CSV. */
  readonly sheet?: string;
  readonly rows: readonly CellRow[];
}

/** Everything that a foreign file could make large is bounded before memory is taken for it. */
export const tableLimits = {
  fileBytes: 32 * 1024 * 1024,
  /** All parts of a workbook together, unpacked. */
  unpackedBytes: 128 * 1024 * 1024,
  sheets: 256,
  /** Rows of one point table; a gateway with more tags splits them over devices. */
  rows: 50_000,
  columns: 256,
  /** Characters of one cell. */
  cellLength: 2000,
} as const;

/** Filled rows in which the header is looked for: titles and authors stand above it. */
export const titleRows = 10;
