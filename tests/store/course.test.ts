import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Series, Store } from '../../edge/store/api.ts';
import { defaultRetention, type Retention } from '../../edge/store/retention.ts';
import { thinSeries } from '../../edge/store/series.ts';
import { batchOf, newFolder, open, tagTable } from './fixture.ts';

const startMs = Date.UTC(2026, 0, 15);
const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const periodMs = 10_000;
const days = 4;
const value = (random: ReturnType<typeof seededRandom>, at: number) =>
  Math.round(1000 * Math.sin(at / 4000) + 50 * random.normal()) / 100;

/** Tag 0 a measurement, tag 1 a state, polled every 10 s. */
function twoTags(): TagTable {
  const [measurement, state] = tagTable(2, { periodMs }).definitions;
  return new TagTable([measurement!, { ...state!, states: { 0: 'off', 1: 'on' } }]);
}

/** A store that has lived through four days of two tags, and all samples of the first. */
async function lived(retention: Retention): Promise<{ store: Store; all: Series; clock: VirtualClock }> {
  const clock = new VirtualClock(startMs);
  const store = await open(await newFolder(), { clock, tags: twoTags(), retention });
  const random = seededRandom(11);
  const count = (days * dayMs) / periodMs;
  const all = {
    times: Float64Array.from({ length: count }, (_, at) => startMs + at * periodMs),
    values: Float64Array.from({ length: count }, (_, at) => value(random, at)),
    quality: new Uint8Array(count),
  };
  for (let at = 0; at < count; at++) {
    store.history.append(batchOf([0, 1], all.times[at]!, (tag) => (tag === 0 ? all.values[at]! : at % 2)));
    if (at % 90 !== 89) continue;
    await clock.advance(90 * periodMs);
    await store.history.begin();
  }
  return { store, all, clock };
}

/** Least and greatest value in each piece of the span, by a look at all of it. */
function bounds({ times, values }: Series, fromMs: number, widthMs: number, pieces: number) {
  const found = Array.from({ length: pieces }, () => [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]);
  times.forEach((time, row) => {
    const piece = found[Math.floor((time - fromMs) / widthMs)];
    if (!piece) return;
    piece[0] = Math.min(piece[0]!, values[row]!);
    piece[1] = Math.max(piece[1]!, values[row]!);
  });
  return found;
}

describe('the course of a tag', () => {
  it('shows over days the least and greatest of every hour, newest samples included, in the points asked for', async () => {
    const { store, all } = await lived(defaultRetention);
    // a bucket of one hour: read from minutes, and from raw samples where those are not made yet
    const course = await store.history.query('d/t0', startMs, startMs + days * dayMs - 1, days * 24 * 2);
    expect(course.times.length).toBeLessThanOrEqual(days * 24 * 2);
    expect(bounds(course, startMs, hourMs, days * 24)).toEqual(bounds(all, startMs, hourMs, days * 24));
    // buckets of six hours: from hours
    const coarse = await store.history.query('d/t0', startMs, startMs + days * dayMs - 1, days * 4 * 2);
    expect(coarse.times.length).toBeLessThanOrEqual(days * 4 * 2);
    expect(bounds(coarse, startMs, 6 * hourMs, days * 4)).toEqual(bounds(all, startMs, 6 * hourMs, days * 4));
    // every sample where as many points are asked for
    const fine = await store.history.query('d/t0', startMs, startMs + days * dayMs, 1_000_000);
    expect(fine).toEqual(all);
    expect(thinSeries(fine, startMs, startMs + days * dayMs, 100).times.length).toBeLessThanOrEqual(100);
    await store.close();
  });

  it('goes on in coarser rows where finer ones are dropped, each class of tags after its own time', async () => {
    const { store, all, clock } = await lived({
      raw: { measurement: dayMs, state: 3 * dayMs },
      minute: { measurement: 2 * dayMs },
      hour: { measurement: 100 * dayMs },
      maxBytes: 1e9,
    });
    const newest = clock.wallMs();
    const read = (tag: string) => store.history.query(tag, startMs, startMs + days * dayMs, 1_000_000);
    const measurement = await read('d/t0');
    const gaps = Array.from(measurement.times.subarray(1), (time, row) => time - measurement.times[row]!);
    const begins = (least: number, most: number) => {
      const row = gaps.findIndex((gap) => gap > least && gap <= most);
      return row < 0 ? undefined : newest - measurement.times[row]!;
    };
    // half hours and half minutes: two points a row
    expect(measurement.times[0]).toBe(startMs);
    expect(gaps[0]).toBe(hourMs / 2);
    const minutesFrom = measurement.times[gaps.findIndex((gap) => gap <= 30_000)]!;
    const rawFrom = measurement.times[gaps.findIndex((gap) => gap <= periodMs)]!;
    expect(newest - minutesFrom).toBeGreaterThanOrEqual(2 * dayMs - hourMs);
    expect(newest - minutesFrom).toBeLessThan(2 * dayMs + 8 * hourMs);
    expect(newest - rawFrom).toBeGreaterThanOrEqual(dayMs - hourMs);
    expect(newest - rawFrom).toBeLessThan(dayMs + 8 * hourMs);
    expect(begins(hourMs, Number.POSITIVE_INFINITY)).toBeUndefined();
    expect(bounds(measurement, startMs, hourMs, days * 24)).toEqual(bounds(all, startMs, hourMs, days * 24));
    const state = await read('d/t1');
    const statesFrom = state.times.findIndex((time, row) => time - (state.times[row - 1] ?? 0) === periodMs);
    expect(newest - state.times[statesFrom]!).toBeGreaterThanOrEqual(3 * dayMs - hourMs);
    expect(newest - state.times[statesFrom]!).toBeLessThan(3 * dayMs + 8 * hourMs);
    await store.close();
  });
});
