import { createHash } from 'node:crypto';
import { type Asset, utilityOf } from '../../core/asset.ts';
import { plainValue, type SampleBatch } from '../../core/batch.ts';
import { isGood, Quality, qualityName } from '../../core/quality.ts';
import type { TagTable } from '../../core/tag.ts';
import { districtOf } from '../grid-cell.ts';
import { type Belonging, type Subjects, valuesSubject } from './subjects.ts';

/** Samples of one message at most; with names of usual length it stays below the 1 MB that a server takes by default. */
const maxSamples = 4_000;
const idDigits = 32;
const nobodys: Belonging = { utility: '', district: '' };

/** Which utility and district a tag belongs to: those of the first asset of which it fills a role; one object for each pair. */
export type Belongings = ReadonlyMap<number, Belonging>;

export function belongingsOf(assets: readonly Asset[]): Belongings {
  const found = new Map<number, Belonging>();
  const known = new Map<string, Belonging>();
  for (const { type, grid, roles } of assets) {
    const [utility, district] = [utilityOf(type), districtOf(grid)];
    const key = `${utility}/${district}`;
    const belonging = known.get(key) ?? { utility, district };
    known.set(key, belonging);
    for (const tag of Object.values(roles)) if (!found.has(tag)) found.set(tag, belonging);
  }
  return found;
}

/** One message with values. */
export interface ValuesMessage {
  readonly subject: string;
  readonly payload: string;
  /** By its content: the same values under the same subject have the same. */
  readonly id: string;
}

/** Where values go, and how they are told. */
export interface ValuesParts extends Subjects {
  readonly tags: TagTable;
  readonly belongings: Belongings;
  /** Of an earlier time. */
  readonly historical: boolean;
}

/** The messages of a batch: one for each utility and district, more where it has very many samples. */
export function valuesMessages(batch: SampleBatch, parts: ValuesParts): readonly ValuesMessage[] {
  const messages: ValuesMessage[] = [];
  for (const [belonging, rows] of rowsByBelonging(batch.tags, parts.belongings)) {
    const subject = valuesSubject(parts, belonging, batch.device);
    for (let start = 0; start < rows.length; start += maxSamples) {
      const payload = JSON.stringify(bodyOf(batch, rows.slice(start, start + maxSamples), parts));
      const hash = createHash('sha256').update(`${subject}\n${payload}`).digest('hex').slice(0, idDigits);
      messages.push({ subject, payload, id: `${parts.gateway}/values/${hash}` });
    }
  }
  return messages;
}

/** Rows in their order; assets of one utility and district have the same belonging, see `belongingsOf`. */
function rowsByBelonging(tags: Int32Array, belongings: Belongings): ReadonlyMap<Belonging, readonly number[]> {
  const rowsOf = new Map<Belonging, number[]>();
  for (let row = 0; row < tags.length; row++) {
    const belonging = belongings.get(tags[row] as number) ?? nobodys;
    const rows = rowsOf.get(belonging);
    if (rows) rows.push(row);
    else rowsOf.set(belonging, [row]);
  }
  return rowsOf;
}

/** Samples of one tag, in order of time. */
interface Column {
  readonly values: (number | string | null)[];
  /** After `t`; left out where all are 0. */
  offsetsMs?: number[];
  /** Left out where all are good. */
  quality?: string[];
}

/** `{device, t, historical?, tags: {tag: {values, offsetsMs?, quality?}}}`; t is the oldest source time. */
function bodyOf(batch: SampleBatch, rows: readonly number[], { tags, historical }: ValuesParts): object {
  const timeOf = (row: number) => {
    const time = batch.times[row] as number;
    return Number.isFinite(time) ? time : batch.received;
  };
  let oldestMs = Number.POSITIVE_INFINITY;
  for (const row of rows) oldestMs = Math.min(oldestMs, timeOf(row));
  const columns = new Map<number, Column>();
  for (const row of rows) {
    const tag = batch.tags[row] as number;
    const column: Column = columns.get(tag) ?? { values: [] };
    columns.set(tag, column);
    add(column, plainValue(batch, row), timeOf(row) - oldestMs, batch.quality[row] as number);
  }
  const told = Object.fromEntries(Array.from(columns, ([tag, column]) => [tags.at(tag).name, column]));
  const t = new Date(oldestMs).toISOString();
  return { device: batch.device, t, ...(historical ? { historical } : {}), tags: told };
}

/** What is ordinary, no offset and good, is only written out once something in the column is not. */
function add(column: Column, value: number | string | null, offsetMs: number, code: number): void {
  const before = column.values.length;
  column.values.push(value);
  if (offsetMs !== 0) column.offsetsMs ??= new Array<number>(before).fill(0);
  column.offsetsMs?.push(offsetMs);
  if (!isGood(code)) column.quality ??= new Array<string>(before).fill(qualityName(Quality.good));
  column.quality?.push(qualityName(code));
}
