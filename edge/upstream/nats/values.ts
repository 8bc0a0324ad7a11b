import { createHash } from 'node:crypto';
import { type Asset, utilityOf } from '../../core/asset.ts';
import { plainValue, type SampleBatch } from '../../core/batch.ts';
import { qualityName } from '../../core/quality.ts';
import type { TagTable } from '../../core/tag.ts';
import { districtOf } from '../grid-cell.ts';
import { type Belonging, type Subjects, valuesSubject } from './subjects.ts';

/** Samples of one message at most; with names of usual length it stays below the 1 MB that a server takes by default. */
const maxSamples = 4_000;
const idDigits = 32;
const nobodys: Belonging = { utility: '', district: '' };

/** Which utility and district a tag belongs to: those of the first asset of which it fills a role. */
export type Belongings = ReadonlyMap<number, Belonging>;

export function belongingsOf(assets: readonly Asset[]): Belongings {
  const found = new Map<number, Belonging>();
  for (const { type, grid, roles } of assets) {
    const belonging = { utility: utilityOf(type), district: districtOf(grid) };
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
  const rowsBySubject = new Map<string, number[]>();
  batch.tags.forEach((tag, row) => {
    const subject = valuesSubject(parts, parts.belongings.get(tag) ?? nobodys, batch.device);
    const rows = rowsBySubject.get(subject);
    if (rows) rows.push(row);
    else rowsBySubject.set(subject, [row]);
  });
  const messages: ValuesMessage[] = [];
  for (const [subject, rows] of rowsBySubject) {
    for (let start = 0; start < rows.length; start += maxSamples) {
      const payload = JSON.stringify(bodyOf(batch, rows.slice(start, start + maxSamples), parts));
      const hash = createHash('sha256').update(`${subject}\n${payload}`).digest('hex').slice(0, idDigits);
      messages.push({ subject, payload, id: `${parts.gateway}/values/${hash}` });
    }
  }
  return messages;
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
  const oldestMs = rows.reduce((oldest, row) => Math.min(oldest, timeOf(row)), Number.POSITIVE_INFINITY);
  const columns: Record<string, Required<Column>> = {};
  for (const row of rows) {
    const { name } = tags.at(batch.tags[row] as number);
    columns[name] ??= { values: [], offsetsMs: [], quality: [] };
    const { values, offsetsMs, quality } = columns[name];
    values.push(plainValue(batch, row));
    offsetsMs.push(timeOf(row) - oldestMs);
    quality.push(qualityName(batch.quality[row] as number));
  }
  const told = Object.entries(columns).map(([name, { values, offsetsMs, quality }]): [string, Column] => [
    name,
    {
      values,
      ...(offsetsMs.some((offset) => offset !== 0) ? { offsetsMs } : {}),
      ...(quality.some((one) => one !== 'good') ? { quality } : {}),
    },
  ]);
  const t = new Date(oldestMs).toISOString();
  return { device: batch.device, t, ...(historical ? { historical } : {}), tags: Object.fromEntries(told) };
}
