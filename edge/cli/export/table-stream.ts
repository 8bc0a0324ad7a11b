import { type Draft, openDraft } from '../../config/draft.ts';
import { csvLines, type OutputCells, xlsxBytes } from '../../config/table-output.ts';
import { isWorkbook } from '../table-writing.ts';
import { exportErrors } from './errors.ts';

/** Rows of a workbook at most: it is held in memory until it is written. */
const maxWorkbookRows = 200_000;

/** A table that is written row by row; it is in its place once it is finished, and never in part. */
export interface TableStream {
  /** Resolves once there is room for more. Rejects with LL-EXPORT-TOO-LARGE. */
  write(rows: OutputCells): Promise<void>;
  finish(): Promise<void>;
  /** Leaves nothing behind. */
  abandon(): Promise<void>;
}

/** Begins a table of the kind that its name tells. */
export async function openTable(name: string, sheet: string, header: readonly string[]): Promise<TableStream> {
  const draft = await openDraft(name);
  return isWorkbook(name) ? workbook(name, sheet, header, draft) : await csv(header, draft);
}

async function csv(header: readonly string[], draft: Draft): Promise<TableStream> {
  // without a byte order mark Excel takes Chinese for another encoding
  await draft.write(`\uFEFF${csvLines([header])}`);
  return {
    write: (rows) => draft.write(csvLines(rows)),
    finish: () => draft.finish(),
    abandon: () => draft.abandon(),
  };
}

function workbook(name: string, sheet: string, header: readonly string[], draft: Draft): TableStream {
  const cells: (readonly (string | number)[])[] = [header];
  return {
    async write(rows) {
      if (cells.length + rows.length > maxWorkbookRows + 1)
        throw exportErrors.create('TOO-LARGE', `write ${name}: more than ${maxWorkbookRows} rows`);
      for (const row of rows) cells.push(row);
    },
    async finish() {
      await draft.write(await xlsxBytes([{ name: sheet, cells }]));
      await draft.finish();
    },
    abandon: () => draft.abandon(),
  };
}
