import { expect, it } from 'vitest';
import { createBatch } from '../../edge/core/batch.ts';
import { Quality } from '../../edge/core/quality.ts';
import { slopeOf } from '../../ops/bench/memory-course.ts';
import { SoakJudge } from '../../ops/bench/soak-judge.ts';
import { contentOf, tickMs } from '../../ops/bench/soak-register.ts';

const nowMs = 1_800_000_000_000;
const absent = 9;
const maxAgeTicks = 10;

/** What the judge says of one sample, taken now. */
function judged(tag: number, value: number, quality: number = Quality.good) {
  const judge = new SoakJudge(new Set([absent]), maxAgeTicks, () => undefined);
  const batch = createBatch('plc', 1, nowMs);
  batch.tags[0] = tag;
  batch.values[0] = value;
  batch.quality[0] = quality;
  batch.times[0] = nowMs;
  judge.take(batch);
  return judge.verdict;
}

const nothing = { good: 0, bad: 0, wrong: 0, outdated: 0, uncoded: 0 };

it.each([
  ['a right value', { good: 1 }, judged(5, contentOf(5, nowMs - tickMs))],
  ['a bad sample without a value', { bad: 1 }, judged(5, Number.NaN, Quality.comm)],
  ['a bad sample with a value', { bad: 1, wrong: 1 }, judged(5, contentOf(5, nowMs), Quality.comm)],
  ['the value of another place', { good: 1, wrong: 1 }, judged(5, contentOf(6, nowMs))],
  ['zero, as holes between points answer', { good: 1, wrong: 1 }, judged(5, 0)],
  ['a value of a place that is not there', { good: 1, wrong: 1 }, judged(absent, contentOf(absent, nowMs))],
  ['a value of the poll before', { good: 1, outdated: 1 }, judged(5, contentOf(5, nowMs - 11 * tickMs))],
  ['a value of the future', { good: 1, outdated: 1 }, judged(5, contentOf(5, nowMs + tickMs))],
])('the judge of the soak knows %s', (_, expected, verdict) => {
  expect(verdict).toEqual({ ...nothing, ...expected });
});

it('counts what has no code of ours, and drivers that fail as they must not', () => {
  const told: unknown[] = [];
  const judge = new SoakJudge(new Set(), maxAgeTicks, (what) => void told.push(what));
  judge.log.warn({ code: 'LL-MODBUS-TIMEOUT' }, 'expected of a bad line');
  judge.log.warn({ code: 'LL-ACQUISITION-DRIVER' }, 'failed unexpectedly');
  judge.log.error({}, 'no code');
  const escaped = new TypeError('nobody caught it');
  judge.foreign(escaped);
  expect(told).toEqual(['failed unexpectedly', 'no code', escaped]);
  expect(judge.verdict.uncoded).toBe(3);
});

it('the growth of memory is the slope of the line through what was seen', () => {
  expect(slopeOf([0, 1, 2, 3].map((hour) => [hour, 40 + 2.5 * hour]))).toBeCloseTo(2.5);
  expect(slopeOf([0, 1, 2, 3].map((hour) => [hour, 40 + (hour % 2)]))).toBeCloseTo(0.2);
});
