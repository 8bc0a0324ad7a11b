import { open, rename, rm } from 'node:fs/promises';
import { timeText } from '../../evaluate/csv/time-cell.ts';
import { evaluateErrors } from '../../evaluate/errors.ts';
import type { Table } from '../../evaluate/table.ts';
import type { RowVerdicts } from '../../evaluate/verdicts.ts';

/** Rows that are written at once. */
const ROWS_AT_ONCE = 10_000;

/** Writes one line for each row of the data, `row,time,score,alarm,top1,top2,top3`: whole, or not at all. */
export async function writeScores(file: string, table: Table, verdicts: RowVerdicts): Promise<void> {
  const draft = `${file}.${process.pid}.part`;
  const names = table.names.map(quoted);
  try {
    const handle = await open(draft, 'w');
    try {
      await handle.write('row,time,score,alarm,top1,top2,top3\n');
      for (let from = 0; from < verdicts.rows; from += ROWS_AT_ONCE) {
        const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, verdicts.rows - from) }, (_, at) => from + at);
        await handle.write(rows.map((row) => lineOf(row, table, verdicts, names)).join(''));
      }
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw evaluateErrors.create('READ', `cannot write ${file}`, cause);
  }
}

function lineOf(row: number, { times, timeFormat }: Table, verdicts: RowVerdicts, names: readonly string[]): string {
  const time = times && timeFormat ? timeText(times[row] as number, timeFormat) : String(row);
  const [top1, top2, top3] = verdicts.topAt(row).map((column) => names[column] ?? '');
  const alarm = verdicts.alarmAt(row) ? 1 : 0;
  return `${row},${time},${verdicts.scores[row]},${alarm},${top1 ?? ''},${top2 ?? ''},${top3 ?? ''}\n`;
}

const quoted = (name: string): string => (/[",\r\n]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name);
