import { parseDuration } from '../../edge/core/duration.ts';

/** Date, time and an offset from UTC (ISO 8601): without one, a time would be another on every machine. */
const instant = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** A time with its offset as ms since epoch; undefined when it is none. */
export function parseInstant(text: string): number | undefined {
  const ms = instant.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? undefined : ms;
}

/** A duration after `startMs`, or a time with its offset, as ms since epoch; undefined when it is neither. */
export function parseMoment(text: string, startMs: number): number | undefined {
  const afterMs = parseDuration(text);
  return afterMs === undefined ? parseInstant(text) : startMs + afterMs;
}
