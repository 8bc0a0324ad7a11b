import { isMissingText, numberIn } from './number-cell.ts';
import { type TimeFormat, timeFormatOf } from './time-cell.ts';

/** How a CSV file is written, found from its first lines. */
export interface CsvLayout {
  /** Code of the separator. */
  readonly separator: number;
  /** Code of the decimal sign. */
  readonly point: number;
  readonly hasHeader: boolean;
  readonly names: readonly string[];
  /** Columns of words rather than numbers. */
  readonly words: readonly boolean[];
}

const separators = [',', ';', '\t', '|'];
const timeNames =
  /^(time|date|datetime|date[ _-]?time|time[ _-]?stamp|ts|t[_ ]?stamp|时间|时间戳|日期|采集时间)\b|timestamp|datetime/i;

/** The separator that cuts the lines into most cells, the same number in nearly all. */
export function separatorOf(lines: readonly string[]): string {
  const worth = (separator: string) => {
    const counts = lines.map((line) => line.replace(/"[^"]*"/g, '').split(separator).length).sort((a, b) => a - b);
    const usual = counts[counts.length >> 1] ?? 1;
    const agreeing = counts.filter((count) => count === usual).length / counts.length;
    return usual === 1 ? 0 : agreeing + usual / 1e6;
  };
  return separators.reduce((best, next) => (worth(next) > worth(best) ? next : best));
}

/** Reads the layout from the cells of the first lines, header included when there is one. */
export function layoutOf(separator: string, rows: readonly (readonly string[])[]): CsvLayout {
  const [first = []] = rows;
  const point =
    separator !== ',' && rows.slice(1).some((row) => row.some((cell) => /^[+-]?\d+,\d+(e[+-]?\d+)?$/i.test(cell)))
      ? ','
      : '.';
  const isNumber = (cell: string) => {
    const bytes = Buffer.from(cell);
    return !Number.isNaN(numberIn(bytes, 0, bytes.length, point.charCodeAt(0)));
  };
  const hasHeader = first.some((cell) => !isMissingText(cell) && !isNumber(cell) && timeFormatOf([cell]) === undefined);
  const names = first.map((cell, place) => (hasHeader && cell.trim() !== '' ? cell.trim() : `column-${place + 1}`));
  const body = hasHeader ? rows.slice(1) : rows;
  const words = names.map((_, place) => {
    const cells = body.map((row) => row[place] ?? '').filter((cell) => !isMissingText(cell));
    return cells.filter((cell) => !isNumber(cell)).length > cells.length / 2;
  });
  return { separator: separator.charCodeAt(0), point: point.charCodeAt(0), hasHeader, names: apart(names), words };
}

/** Names once each: a repeated one gets its number. */
function apart(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const times = (seen.get(name) ?? 0) + 1;
    seen.set(name, times);
    return times === 1 ? name : `${name}#${times}`;
  });
}

/** Which column holds the time, and how it is written; undefined when none does. */
export function timeColumnOf(
  layout: CsvLayout,
  rows: readonly (readonly string[])[],
  wanted?: string,
): { readonly place: number; readonly format: TimeFormat } | undefined {
  const body = layout.hasHeader ? rows.slice(1) : rows;
  const formatAt = (place: number) =>
    timeFormatOf(body.map((row) => row[place] ?? '').filter((cell) => !isMissingText(cell)));
  if (wanted !== undefined) {
    const place = layout.names.indexOf(wanted);
    const format = formatAt(place) ?? (layout.words[place] ? undefined : 'number');
    return format === undefined ? undefined : { place, format };
  }
  const places = layout.names.map((_, place) => place);
  const named = places.filter((place) => timeNames.test(layout.names[place] ?? ''));
  for (const place of [...named, ...places.filter((place) => layout.words[place])]) {
    const format = formatAt(place);
    if (format !== undefined) return { place, format };
  }
  return undefined;
}
