/** How the times of a column are written. `number` is elapsed time or a row number in no known unit. */
export type TimeFormat =
  | 'year-first-zoned'
  | 'year-first'
  | 'day-first'
  | 'month-first'
  | 'epoch-s'
  | 'epoch-ms'
  | 'epoch-us'
  | 'epoch-ns'
  | 'number';

const yearFirst =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const yearLast =
  /^(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d+))?)?\s*([AP]M)?)?$/i;

/** Units of epochs, by what the year 2001 to 2100 looks like in them. */
const epochs: readonly (readonly [TimeFormat, number])[] = [
  ['epoch-s', 1e-3],
  ['epoch-ms', 1],
  ['epoch-us', 1e3],
  ['epoch-ns', 1e6],
];
const earliestMs = Date.UTC(2001, 0);
const latestMs = Date.UTC(2100, 0);

/** The format that all of the texts have; undefined when there is none. Days come before months where both would do. */
export function timeFormatOf(texts: readonly string[]): TimeFormat | undefined {
  if (texts.length === 0) return undefined;
  const formats: readonly TimeFormat[] = [
    'year-first-zoned',
    'year-first',
    'day-first',
    'month-first',
    ...epochs.map(([name]) => name),
  ];
  return formats.find((format) => {
    const times = texts.map((text) => timeOf(text, format));
    if (!times.every(Number.isFinite)) return false;
    return !format.startsWith('epoch') || times.every((time) => time >= earliestMs && time <= latestMs);
  });
}

/** ms since epoch, times without a zone as if they were UTC; a plain number for `number`; NaN when it cannot be read. */
export function timeOf(text: string, format: TimeFormat): number {
  if (format === 'number') return text.trim() === '' ? Number.NaN : Number(text);
  const epoch = epochs.find(([name]) => name === format);
  if (epoch) return text.trim() === '' ? Number.NaN : Number(text) / epoch[1];
  if (format === 'year-first' || format === 'year-first-zoned') {
    const found = yearFirst.exec(text.trim());
    if (!found || (format === 'year-first-zoned' && found[8] === undefined)) return Number.NaN;
    const [, year, month, day, hour, minute, second, fraction, zone] = found;
    return momentOf(year, month, day, hour, minute, second, fraction) - zoneMs(zone);
  }
  const found = yearLast.exec(text.trim());
  if (!found) return Number.NaN;
  const [, first, other, year, hour, minute, second, fraction, half] = found;
  const [day, month] = format === 'day-first' ? [first, other] : [other, first];
  return momentOf(year, month, day, clockHour(hour, half), minute, second, fraction);
}

function clockHour(hour: string | undefined, half: string | undefined): string | undefined {
  if (hour === undefined || half === undefined) return hour;
  return String((Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0));
}

function zoneMs(zone: string | undefined): number {
  if (zone === undefined || zone.toUpperCase() === 'Z') return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

function momentOf(year = '', month = '', day = '', hour = '0', minute = '0', second = '0', fraction = '0'): number {
  const inRange = +month >= 1 && +month <= 12 && +day >= 1 && +day <= 31 && +hour <= 24 && +minute < 60 && +second < 61;
  if (!inRange) return Number.NaN;
  const full = year.length === 2 ? 2000 + Number(year) : Number(year);
  return Date.UTC(full, +month - 1, +day, +hour, +minute, +second) + Number(`0.${fraction}`) * 1000;
}

/** A time as it is written in results: ISO 8601, with Z where the source told the zone; the number itself for `number`. */
export function timeText(time: number, format: TimeFormat): string {
  if (!Number.isFinite(time)) return '';
  if (format === 'number') return String(time);
  const text = new Date(time).toISOString().replace('.000Z', 'Z');
  return format === 'year-first-zoned' || format.startsWith('epoch') ? text : text.slice(0, -1);
}
