/** Below this a bare number is seconds since epoch, from here on milliseconds (1973 in ms, year 5138 in s). */
const leastMs = 1e11;
const written =
  /^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2}(?:\.\d+)?))?)?\s*(Z|[+-]\d{2}:?\d{2})?$/;

/** `+08:00` or `Z` in minutes east of Greenwich. */
export function offsetMinutes(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.replace(':', '');
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return digits.startsWith('-') ? -minutes : minutes;
}

/**
 * Reads a time as spreadsheets and historians write it, in ms since epoch: `2027-01-12T08:00:00+08:00`, `2027/1/12 8:00`,
 * seconds or milliseconds since epoch. One without an offset is local to `utcOffsetMinutes`. NaN when it is none.
 */
export function parseTime(text: string, utcOffsetMinutes: number): number {
  const cell = text.trim();
  const match = written.exec(cell);
  if (!match) {
    const number = cell === '' ? Number.NaN : Number(cell);
    return number < leastMs ? number * 1000 : number;
  }
  const [, year, month, day, hour = '0', minute = '0', second = '0', offset] = match;
  const wholeSecond = Math.floor(Number(second));
  const utc = Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), wholeSecond);
  const there = new Date(utc);
  const real = there.getUTCMonth() === Number(month) - 1 && there.getUTCDate() === Number(day) && Number(hour) < 24;
  if (!real || Number(minute) > 59 || wholeSecond > 59) return Number.NaN;
  const east = offset === undefined ? utcOffsetMinutes : offsetMinutes(offset);
  return utc + Math.round((Number(second) - wholeSecond) * 1000) - east * 60_000;
}
