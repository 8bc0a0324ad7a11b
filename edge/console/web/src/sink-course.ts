import type { SinkView } from '../../wire.ts';

const spanMs = 600_000;
const rateOverMs = 60_000;

/** What one sink came to over the last ten minutes, as far as this page saw it; columns of equal length, oldest first. */
export interface SinkCourse {
  /** Gateway time, ms since epoch. */
  readonly times: number[];
  readonly pending: number[];
  /** Events confirmed, and values sent, since the gateway's start. */
  readonly events: number[];
  readonly values: number[];
}

/** The course with a sink's figures at a time added; a gateway that started anew counts from zero, and so does its course. */
export function extendSinkCourse(course: SinkCourse, sink: SinkView, time: number): SinkCourse {
  const events = sink.forwarded;
  const values = (sink.sent ?? 0) + (sink.backfilled ?? 0);
  const anew = events < (course.events.at(-1) ?? 0) || values < (course.values.at(-1) ?? 0);
  const first = anew
    ? course.times.length
    : Math.max(
        0,
        course.times.findIndex((known) => known >= time - spanMs),
      );
  return {
    times: [...course.times.slice(first), time],
    pending: [...course.pending.slice(first), sink.pending],
    events: [...course.events.slice(first), events],
    values: [...course.values.slice(first), values],
  };
}

/** How fast a count grew over the last minute, per second; undefined before two figures are known. */
export function ratePerS(times: readonly number[], counts: readonly number[]): number | undefined {
  const last = times.length - 1;
  const end = times[last] ?? 0;
  const first = times.findIndex((time) => time >= end - rateOverMs);
  const lastedMs = end - (times[first] ?? end);
  return lastedMs > 0 ? (((counts[last] ?? 0) - (counts[first] ?? 0)) / lastedMs) * 1000 : undefined;
}
