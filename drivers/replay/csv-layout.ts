import { suggest } from '../../edge/core/suggest.ts';
import { asText, both } from '../../edge/core/text.ts';
import { type DeviceDefinition, type DevicePoint, isTextType } from '../api.ts';
import { cellsOf, type Delimiter, delimiterOf } from './csv-records.ts';
import { replayErrors } from './errors.ts';
import { readFirstLines } from './text-blocks.ts';

/** Headers that mean the time where the device names none; the first column when there is none of them. */
const timeHeaders = ['time', 'timestamp', 'datetime', 'date', 't', '时间', '时间戳', '日期'];
const tagHeaders = ['tag', 'point', '点名'];
const valueHeaders = ['value', '值', '数值'];
const qualityHeaders = ['quality', '质量'];

/** How the columns of a CSV file are to be read. */
export type CsvLayout = {
  readonly file: string;
  readonly delimiter: Delimiter;
  /** Headers as they stand, without blanks around. */
  readonly headers: readonly string[];
  /** Column of the time. */
  readonly time: number;
  /** Points whose cells are texts. */
  readonly texts: ReadonlySet<number>;
} & (
  | {
      /** A column per tag. */
      readonly kind: 'wide';
      /** Column of each point; −1 where the file has none. */
      readonly columns: Int32Array;
    }
  | {
      /** A row per value. */
      readonly kind: 'long';
      readonly tag: number;
      readonly value: number;
      /** −1 when the file has none. */
      readonly quality: number;
      /** Point by what stands in the tag column. */
      readonly pointOf: ReadonlyMap<string, number>;
    }
);

/** What a point may be called in a file, the surest first: the `node` of its row, `device/point`, `point`. */
export function namesOf({ node, name }: DevicePoint): readonly string[] {
  return [...(node === '' ? [] : [node]), name, name.slice(name.indexOf('/') + 1)];
}

/** Reads the header of a CSV file. Throws `LL-REPLAY-FILE` and `LL-REPLAY-COLUMN`. */
export function readLayout(file: string, device: DeviceDefinition, timeHeader: string | undefined): CsvLayout {
  const [first = ''] = readFirstLines(file);
  if (first.trim() === '')
    throw replayErrors.create('FILE', both(`${file}:1: there is no header`, `${file}:1：没有表头`));
  const delimiter = delimiterOf(first);
  const headers = (cellsOf(first, delimiter) ?? []).map((cell) => cell.trim());
  const lower = headers.map((header) => header.toLowerCase());
  const find = (known: readonly string[]) => lower.findIndex((header) => known.includes(header));
  const time = timeHeader === undefined ? Math.max(0, find(timeHeaders)) : headers.indexOf(timeHeader);
  if (time < 0) {
    const near = suggest(timeHeader ?? '', headers);
    const meant = near ? both(`; did you mean "${near}"?`, `；是否为“${near}”？`) : asText('');
    const text = both(
      `${file}:1: no column "${timeHeader}" for the time${meant.en}`,
      `${file}:1：没有时间列“${timeHeader}”${meant.zh}`,
    );
    throw replayErrors.create('COLUMN', text);
  }
  const texts = new Set(device.points.flatMap(({ type }, index) => (isTextType(type) ? [index] : [])));
  const [tag, value] = [find(tagHeaders), find(valueHeaders)];
  if (tag >= 0 && value >= 0) {
    const pointOf = new Map<string, number>();
    device.points.forEach((point, index) => {
      for (const name of namesOf(point)) if (!pointOf.has(name)) pointOf.set(name, index);
    });
    return { kind: 'long', file, delimiter, headers, time, texts, tag, value, quality: find(qualityHeaders), pointOf };
  }
  const columns = Int32Array.from(device.points, (point) => {
    const name = namesOf(point).find((candidate) => headers.includes(candidate));
    return name === undefined ? -1 : headers.indexOf(name);
  });
  return { kind: 'wide', file, delimiter, headers, time, texts, columns };
}
