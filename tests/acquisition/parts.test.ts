import { describe, expect, test } from 'vitest';
import { Freshness } from '../../edge/acquisition/freshness.ts';
import { Punctuality } from '../../edge/acquisition/lateness.ts';
import { PollSchedule } from '../../edge/acquisition/poll-schedule.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';

describe('punctuality', () => {
  test('gives a p99 within 9 % of the exact one', () => {
    const random = seededRandom(8);
    const punctuality = new Punctuality();
    const all = Array.from({ length: 20_000 }, () => Math.exp(random.normal() * 1.5));
    for (const latenessMs of all) punctuality.started(latenessMs, 1000);
    const exact = all.sort((a, b) => a - b)[Math.ceil(all.length * 0.99) - 1]!;
    const { p99LatenessMs } = punctuality.status();
    expect(p99LatenessMs).toBeGreaterThanOrEqual(exact - 0.01);
    expect(p99LatenessMs).toBeLessThanOrEqual(exact * 1.092);
  });

  test('calls a poll late after 10 % of its period, at least 50 ms', () => {
    const punctuality = new Punctuality();
    punctuality.started(50, 100);
    punctuality.started(51, 100);
    punctuality.started(500, 5000);
    punctuality.started(501, 5000);
    punctuality.skipped(1000, 2);
    expect(punctuality.status()).toMatchObject({ due: 6, late: 4 });
  });
});

describe('poll schedule', () => {
  test('keeps to absolute times however long a poll takes, and skips instead of queueing', async () => {
    const clock = new VirtualClock();
    const punctuality = new Punctuality();
    const starts: number[] = [];
    let finish = () => {};
    const schedule = new PollSchedule(clock, { periodMs: 1000, phaseMs: 250 }, punctuality, () => {
      starts.push(clock.monotonicMs());
      return new Promise((resolve) => {
        if (starts.length === 2) finish = resolve;
        else clock.after(300, resolve);
      });
    });
    schedule.start();
    await clock.advance(4000);
    expect(starts).toEqual([250, 1250]);
    finish();
    await clock.advance(2000);
    expect(starts).toEqual([250, 1250, 4250, 5250]);
    expect(punctuality.status()).toEqual({ due: 6, late: 2, p99LatenessMs: expect.any(Number) });
    schedule.stop();
    await clock.advance(5000);
    expect(starts).toHaveLength(4);
  });

  test('starts no poll any more when it is stopped from within one', async () => {
    const clock = new VirtualClock();
    let polls = 0;
    const schedule = new PollSchedule(clock, { periodMs: 1000, phaseMs: 0 }, new Punctuality(), async () => {
      polls++;
      schedule.stop();
    });
    schedule.start();
    await clock.advance(10_000);
    expect(polls).toBe(1);
  });

  test('does not catch up polls that were due while the process stood still', async () => {
    let now = 0;
    let wake = () => {};
    const clock = {
      wallMs: () => now,
      monotonicMs: () => now,
      after: (_: number, run: () => void) => {
        wake = run;
        return { cancel: () => {} };
      },
    };
    const punctuality = new Punctuality();
    let polls = 0;
    const schedule = new PollSchedule(clock, { periodMs: 1000, phaseMs: 0 }, punctuality, async () => {
      polls++;
    });
    schedule.start();
    wake();
    await new Promise((resolve) => setImmediate(resolve));
    now = 10_020;
    wake();
    expect(polls).toBe(2);
    expect(punctuality.status()).toMatchObject({ due: 11, late: 9 });
  });
});

describe('freshness', () => {
  const points = [
    { tag: 7, periodMs: 1000 },
    { tag: 9, periodMs: 5000 },
  ];
  function sample(tag: number, quality: number) {
    const batch = createBatch('d', 1, 0);
    batch.tags[0] = tag;
    batch.quality[0] = quality;
    return batch;
  }

  test('claims a polled tag once, three periods and a second after its last value', () => {
    const freshness = new Freshness(points);
    freshness.expect([7, 9], 0);
    freshness.take(sample(7, Quality.good), 1000);
    expect(freshness.claimStale(4999)).toEqual([]);
    expect(freshness.claimStale(5000)).toEqual([7]);
    expect(freshness.claimStale(15_999)).toEqual([]);
    expect(freshness.claimStale(16_000)).toEqual([9]);
    expect(freshness.claimStale(99_000)).toEqual([]);
    freshness.take(sample(7, Quality.uncertain), 100_000);
    expect(freshness.claimStale(104_000)).toEqual([7]);
  });

  test('tells until when nothing becomes stale, whatever comes meanwhile', () => {
    const freshness = new Freshness(points);
    freshness.expect([7, 9], 0);
    expect(freshness.dueMs(0)).toBe(4000);
    freshness.take(sample(7, Quality.device), 1000);
    expect(freshness.claimStale(4000)).toEqual([]);
    // only tag 9 is awaited, but tag 7 may get a value at once and no other
    expect(freshness.dueMs(4000)).toBe(8000);
    expect(freshness.dueMs(15_000)).toBe(16_000);
    expect(new Freshness([]).dueMs(0)).toBe(60_000);
  });

  test('leaves a bad tag its better reason, and a subscribed one its last value', () => {
    const freshness = new Freshness(points);
    freshness.expect([7], 0);
    freshness.take(sample(7, Quality.device), 1000);
    freshness.take(sample(9, Quality.good), 1000);
    freshness.take(sample(8, Quality.good), 1000);
    expect(freshness.claimStale(1e9)).toEqual([]);
    freshness.forget();
    expect(freshness.claimStale(1e9)).toEqual([]);
    freshness.expect([7], 0);
    expect(freshness.claimStale(1e9)).toEqual([7, 9]);
  });

  test('does not wait for what a device that reports on change said while its session was being set up', () => {
    const freshness = new Freshness(points);
    freshness.forget();
    freshness.take(sample(9, Quality.good), 0);
    freshness.expect([], 100);
    expect(freshness.claimStale(1e9)).toEqual([7]);
  });
});
