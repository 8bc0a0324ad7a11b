import { Quality, qualityCode } from '../../edge/core/quality.ts';
import { textValue } from '../../edge/core/text-value.ts';
import type { CsvLayout } from './csv-layout.ts';
import { type CsvRecord, readRecords } from './csv-records.ts';
import { parseTime } from './csv-time.ts';
import type { Moment, MomentSource, ReportProblem } from './moment.ts';

/** Rows of one time in a long table become one moment, up to this many. */
const maxRowsTogether = 10_000;

const absent = new Set(['', 'nan', 'null', 'none', 'na', 'n/a', '-', '--', '#n/a']);
const switches = new Map([
  ['true', 1],
  ['on', 1],
  ['false', 0],
  ['off', 0],
]);

/** What a text cell stands for among values; NaN where it is empty. */
const textIn = (cell: string): number => (cell.trim() === '' ? Number.NaN : textValue(cell.trim()));

/** A cell as a number: NaN where it says that there is none, undefined where it is no number. */
function numberIn(cell: string, decimalComma: boolean): number | undefined {
  const value = Number(cell);
  if (value !== 0 && Number.isFinite(value)) return value;
  const word = cell.trim().toLowerCase();
  if (absent.has(word)) return Number.NaN;
  if (value === 0) return value;
  const decimal = decimalComma ? Number(word.replace(',', '.')) : Number.NaN;
  return switches.get(word) ?? (Number.isFinite(decimal) ? decimal : undefined);
}

/** Moments of a CSV file; values without a place in it, and cells that are empty or no numbers, are bad. */
export function csvSource(layout: CsvLayout, utcOffsetMinutes: number): MomentSource {
  const { file, delimiter } = layout;
  const times = { column: layout.time, utcOffsetMinutes };
  return {
    file,
    read(report) {
      const blocks = readRecords(file, delimiter, report);
      return layout.kind === 'wide'
        ? wideMoments(layout, times, blocks, report)
        : longMoments(layout, times, blocks, report);
    },
  };
}

interface Times {
  readonly column: number;
  readonly utcOffsetMinutes: number;
}

function timeOf({ line, cells }: CsvRecord, { column, utcOffsetMinutes }: Times, report: ReportProblem): number {
  const cell = cells[column] ?? '';
  const time = parseTime(cell, utcOffsetMinutes);
  if (Number.isNaN(time)) {
    report(line, `"${cell}" is no time; write 2027-01-12T08:00:00+08:00, 2027-01-12 08:00:00 or seconds since 1970`);
  }
  return time;
}

function* wideMoments(
  layout: Extract<CsvLayout, { kind: 'wide' }>,
  times: Times,
  blocks: Iterable<readonly CsvRecord[]>,
  report: ReportProblem,
): Generator<Moment | undefined, void> {
  const { columns, headers } = layout;
  const points = Int32Array.from(columns, (_, index) => index);
  for (const records of blocks) {
    for (const record of records) {
      const at = timeOf(record, times, report);
      if (Number.isNaN(at)) continue;
      const { line, cells } = record;
      if (cells.length !== headers.length) report(line, `${cells.length} cells under ${headers.length} headers`);
      const values = new Float64Array(columns.length);
      const quality = new Uint8Array(columns.length);
      const texts = new Map<number, string>();
      for (let index = 0; index < columns.length; index++) {
        const column = columns[index] as number;
        const cell = cells[column];
        const value = cell === undefined ? Number.NaN : valueIn(layout, index, cell);
        if (cell !== undefined && layout.texts.has(index) && value) texts.set(index, cell.trim());
        values[index] = value ?? Number.NaN;
        if (value !== undefined && !Number.isNaN(value)) continue;
        quality[index] = column < 0 ? Quality.config : Quality.bad;
        if (value === undefined) report(line, `"${cell}" in column "${headers[column]}" is no number`);
      }
      const held = texts.size > 0 ? { texts } : {};
      yield { at, points, values, quality, times: new Float64Array(columns.length).fill(at), ...held };
    }
    yield undefined;
  }
}

/** A cell of a point as its value: NaN where there is none, undefined where it is no number. */
const valueIn = ({ texts, delimiter }: CsvLayout, point: number, cell: string): number | undefined =>
  texts.has(point) ? textIn(cell) : numberIn(cell, delimiter !== ',');

interface LongRow {
  readonly point: number;
  readonly text: string | undefined;
  readonly value: number;
  readonly quality: number;
}

function* longMoments(
  layout: Extract<CsvLayout, { kind: 'long' }>,
  times: Times,
  blocks: Iterable<readonly CsvRecord[]>,
  report: ReportProblem,
): Generator<Moment | undefined, void> {
  let at = Number.NaN;
  let rows: LongRow[] = [];
  for (const records of blocks) {
    for (const record of records) {
      const point = layout.pointOf.get((record.cells[layout.tag] ?? '').trim());
      if (point === undefined) continue;
      const time = timeOf(record, times, report);
      const row = Number.isNaN(time) ? undefined : longRow(layout, point, record, report);
      if (!row) continue;
      if (rows.length > 0 && (time !== at || rows.length === maxRowsTogether)) {
        yield momentOf(at, rows);
        rows = [];
      }
      at = time;
      rows.push(row);
    }
    yield undefined;
  }
  if (rows.length > 0) yield momentOf(at, rows);
}

function longRow(
  layout: Extract<CsvLayout, { kind: 'long' }>,
  point: number,
  { line, cells }: CsvRecord,
  report: ReportProblem,
): LongRow | undefined {
  const word = layout.quality < 0 ? '' : (cells[layout.quality] ?? '').trim();
  const written = word === '' ? Quality.good : qualityCode(word);
  if (written === undefined) {
    report(line, `"${word}" is no quality; write good, uncertain, bad or a reason such as stale`);
    return undefined;
  }
  const cell = cells[layout.value] ?? '';
  const value = valueIn(layout, point, cell);
  if (value === undefined) report(line, `"${cell}" is no number`);
  const text = layout.texts.has(point) ? cell.trim() : undefined;
  if (value !== undefined && !Number.isNaN(value)) return { point, text, value, quality: written };
  return { point, text: undefined, value: Number.NaN, quality: written === Quality.good ? Quality.bad : written };
}

function momentOf(at: number, rows: readonly LongRow[]): Moment {
  const texts = new Map(rows.flatMap(({ point, text }) => (text === undefined ? [] : [[point, text]])));
  return {
    at,
    points: Int32Array.from(rows, ({ point }) => point),
    values: Float64Array.from(rows, ({ value }) => value),
    quality: Uint8Array.from(rows, ({ quality }) => quality),
    times: new Float64Array(rows.length).fill(at),
    ...(texts.size > 0 ? { texts } : {}),
  };
}
