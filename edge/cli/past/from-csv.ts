import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { StepGrid } from '../../../models/training/step-grid.ts';
import { fileReason } from '../../config/file-reason.ts';
import { LifelineError } from '../../core/errors.ts';
import { quantileOfSorted } from '../../detection/order-statistics.ts';
import { readTable } from '../../evaluate/read-table.ts';
import type { Table } from '../../evaluate/table.ts';
import { pastErrors } from './errors.ts';
import type { Read, SourceRequest } from './request.ts';
import { utcOffsetMinutes } from './utc-offset.ts';
import { isLocal } from './wish.ts';

/** Steps are not shorter than this, whatever the file has. */
const leastStepS = 60;
const longestStepS = 3600;
/** Rows no farther apart than so many poll periods are as good as polled. */
const POLLED_GAP = 1.5;

/** An export of a SCADA system: columns by the names of points. Rows may be unsorted; the last of a moment stays. */
export async function fromCsv({
  names,
  wish,
  timezone,
  onProgress,
  onPolled,
  periodMsOf,
}: SourceRequest): Promise<Read> {
  const file = wish.from;
  const table = await read(file, wish.time, onProgress);
  const times = utcTimes(file, table, timezone);
  const columns = columnsOf(table.names, names);
  const matched = columns.filter(({ column }) => column >= 0);
  if (matched.length === 0) {
    const some = names.slice(0, 3).join(', ');
    throw pastErrors.create(
      'COLUMNS',
      `read ${file}: none of ${table.names.length} columns is a point such as ${some}`,
    );
  }
  const sorted = times.filter(Number.isFinite).sort();
  const span = { fromMs: sorted[0] ?? Number.NaN, toMs: sorted.at(-1) ?? Number.NaN };
  if (!Number.isFinite(span.fromMs)) throw pastErrors.create('TIME', `read ${file}: no row has a time`);
  const grid = new StepGrid(names, span, stepOf(sorted));
  const rowMs = usualGapMs(sorted);
  for (const { place, column } of matched) {
    for (let row = 0; row < table.store.rows; row++)
      grid.take(column, times[row] as number, table.store.value(place, row));
    if (onPolled && rowMs <= POLLED_GAP * periodMsOf(column))
      onPolled(column, times, table.store.slice(place, 0, table.store.rows));
  }
  const strangers = columns.filter(({ column }) => column < 0).map(({ place }) => table.names[place]);
  const missing = names.length - matched.length;
  return {
    ...{ grid, source: `the file ${basename(file)}` },
    notes: [
      ...(strangers.length > 0 ? [`columns that are no point of an asset: ${strangers.join(', ')}`] : []),
      ...(missing > 0 ? [`${missing} of ${names.length} points have no column`] : []),
    ],
  };
}

async function read(file: string, time: string | undefined, onProgress: (share: number) => void): Promise<Table> {
  try {
    const { size } = await stat(file);
    const stream = createReadStream(file, { highWaterMark: 1 << 18 });
    return await readTable(file, stream, { time, onRows: () => onProgress(stream.bytesRead / size) });
  } catch (cause) {
    if (cause instanceof LifelineError) throw cause;
    throw pastErrors.create('READ', `cannot read ${file}${fileReason(cause)}`, cause);
  }
}

/** ms since epoch; times without an offset are those of the gateway's zone. */
function utcTimes(file: string, { times, timeFormat }: Table, timezone: string): Float64Array {
  if (!times || timeFormat === undefined || timeFormat === 'number')
    throw pastErrors.create('TIME', `read ${file}: it has no column of dates and times`);
  if (!isLocal(timeFormat)) return times;
  const offsetMs = utcOffsetMinutes(timezone, times.find(Number.isFinite) ?? 0) * 60_000;
  return times.map((time) => time - offsetMs);
}

interface Matched {
  /** Column of the file. */
  readonly place: number;
  /** Column of the grid, −1 for none. */
  readonly column: number;
}

/** Columns by the whole name of a tag, or by its point where only one of the tags has it. */
function columnsOf(headers: readonly string[], tags: readonly string[]): Matched[] {
  const short = (name: string) => name.slice(name.indexOf('/') + 1);
  const places = headers.map((header, place) => {
    const whole = tags.indexOf(header);
    if (whole >= 0) return { place, column: whole };
    const same = tags.flatMap((tag, column) => (short(tag) === header ? [column] : []));
    return { place, column: same.length === 1 ? (same[0] as number) : -1 };
  });
  const taken = new Set<number>();
  return places.map(({ place, column }) => {
    if (column < 0 || taken.has(column)) return { place, column: -1 };
    taken.add(column);
    return { place, column };
  });
}

/** The median distance of rows in time, ms; 0 for a single one. */
function usualGapMs(sorted: Float64Array): number {
  const gaps = sorted
    .slice(1)
    .map((time, at) => time - (sorted[at] as number))
    .filter((gap) => gap > 0)
    .sort();
  return quantileOfSorted(gaps, 0.5) || 0;
}

/** That in whole seconds, within bounds. */
const stepOf = (sorted: Float64Array): number =>
  Math.min(longestStepS, Math.max(leastStepS, Math.ceil(usualGapMs(sorted) / 1000)));
