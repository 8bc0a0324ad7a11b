import type { LifelineError } from '../core/errors.ts';
import { suggest } from '../core/suggest.ts';
import { ColumnStore } from './column-store.ts';
import { type CsvLayout, layoutOf, separatorOf, timeColumnOf } from './csv/layout.ts';
import { type Line, linesOf, textCells } from './csv/lines.ts';
import { RowReader } from './csv/row-reader.ts';
import { evaluateErrors } from './errors.ts';
import type { Table } from './table.ts';

/** Lines from which the layout is found. */
const HEAD_LINES = 300;

export interface ReadOptions {
  /** Name of the time column; found when left out. */
  readonly time?: string | undefined;
  /** Name of the column with the truth. */
  readonly label?: string | undefined;
  /** Told the number of rows read, now and then. */
  readonly onRows?: (rows: number) => void;
}

/** Reads a CSV export as it streams in. Throws coded errors for what makes it unusable; the rest are warnings of the table. */
export async function readTable(file: string, chunks: AsyncIterable<Buffer>, options: ReadOptions): Promise<Table> {
  const lines = linesOf(chunks);
  try {
    return await tableFrom(file, lines, options);
  } finally {
    // a file that is not read to its end is closed all the same
    await lines.return(undefined);
  }
}

async function tableFrom(file: string, lines: ReturnType<typeof linesOf>, options: ReadOptions): Promise<Table> {
  const head: Line[] = [];
  while (head.length < HEAD_LINES) {
    const next = await lines.next();
    if (next.done) break;
    const { bytes, start, end, quoted, number } = next.value;
    head.push({ bytes: Buffer.from(bytes.subarray(start, end)), start: 0, end: end - start, quoted, number });
  }
  const decode = decoderFor(file, head);
  const separator = separatorOf(head.map((line) => decode(line.bytes)));
  const cells = head.map((line) => textCells(line, separator.charCodeAt(0), decode));
  const layout = layoutOf(separator, cells);
  if (head.length < (layout.hasHeader ? 2 : 1))
    throw evaluateErrors.create('EMPTY', `read ${file}: it has no data rows`);
  if (layout.names.length === 1 && layout.words[0])
    throw evaluateErrors.create(
      'SEPARATOR',
      `read ${file}: every row is one cell, such as "${(cells.at(-1)?.[0] ?? '').slice(0, 60)}"`,
    );
  const reader = readerFor(file, layout, cells, decode, options);
  for (const line of layout.hasHeader ? head.slice(1) : head) reader.take(line);
  for await (const line of lines) {
    reader.take(line);
    if (reader.rows % 65_536 === 0) options.onRows?.(reader.rows);
  }
  const warnings = [...repeatedNames(file, layout), ...reader.problems()];
  return { ...reader.table(), warnings };
}

function readerFor(
  file: string,
  layout: CsvLayout,
  cells: readonly (readonly string[])[],
  decode: (bytes: Uint8Array) => string,
  { time, label }: ReadOptions,
): RowReader {
  for (const name of [time, label]) if (name !== undefined) known(file, name, layout.names);
  const timeColumn = timeColumnOf(layout, cells, time);
  if (time !== undefined && timeColumn === undefined) {
    const sample = cells[1]?.[layout.names.indexOf(time)] ?? '';
    throw evaluateErrors.create(
      'TIME',
      `read ${file}: column "${time}" holds no times that can be read, such as "${sample}"`,
    );
  }
  const labelPlace = label === undefined ? -1 : layout.names.indexOf(label);
  const places = layout.names
    .map((_, place) => place)
    .filter((place) => place !== timeColumn?.place && place !== labelPlace);
  return new RowReader({ file, layout, decode, places, timeColumn, labelPlace, store: new ColumnStore(places.length) });
}

/** Throws when the header has no such column. */
export function known(file: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return;
  const near = suggest(name, names);
  throw evaluateErrors.create('COLUMN', `read ${file}: no column "${name}"${near ? `; did you mean "${near}"?` : ''}`);
}

/** UTF-8, or GB18030 when the first lines are none. */
function decoderFor(file: string, head: readonly Line[]): (bytes: Uint8Array) => string {
  const text = Buffer.concat(head.map(({ bytes }) => bytes));
  if (text.includes(0)) throw evaluateErrors.create('READ', `read ${file}: it is no text in UTF-8 or GBK`);
  const strict = new TextDecoder('utf-8', { fatal: true });
  let label = 'utf-8';
  try {
    strict.decode(text);
  } catch {
    label = 'gb18030';
  }
  const decoder = new TextDecoder(label);
  return (bytes) => decoder.decode(bytes);
}

function repeatedNames(file: string, { names }: CsvLayout): LifelineError[] {
  return names
    .filter((name) => /#\d+$/.test(name) && names.includes(name.replace(/#\d+$/, '')))
    .map((name) => evaluateErrors.create('COLUMN', `read ${file}: the name of column "${name}" stands more than once`));
}
