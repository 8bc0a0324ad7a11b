import type { ConsoleCourse, ConsoleDetection } from '../console/detection-api.ts';
import type { Clock } from '../core/clock.ts';
import { isBad } from '../core/quality.ts';
import type { ExpectedCourse, WatchReport } from '../core/watch.ts';
import type { Detection } from '../detection/index.ts';
import { medianOfFinite } from '../detection/order-statistics.ts';
import type { Recalibration } from '../detection/recalibration.ts';
import type { History } from '../store/api.ts';
import type { AlarmDesk } from './alarm-desk.ts';
import type { SelfLearning } from './self-learning.ts';

/** However many pages ask, the report is made anew no more often than this. */
const reportMs = 1_000;
/** A course is drawn from means over a minute, as detectors take them. */
const minuteMs = 60_000;
/** Samples read of one tag for one course: a day at one a second. */
const maxSamples = 90_000;
/** Tags read for one course: peers may be many. */
const maxTags = 40;

interface DetectionViewParts {
  readonly clock: Clock;
  /** That of the configuration in force. */
  readonly detection: () => Detection;
  readonly history: History;
  readonly desk: AlarmDesk;
  readonly recalibration: Recalibration;
  readonly learning: Pick<SelfLearning, 'status'>;
}

/** What the console may know of detection. */
export function createDetectionView({
  clock,
  detection,
  history,
  desk,
  recalibration,
  learning,
}: DetectionViewParts): ConsoleDetection {
  let known: { readonly of: Detection; readonly madeMs: number; readonly report: WatchReport } | undefined;
  let since: number | undefined;
  return {
    report() {
      const nowMs = clock.monotonicMs();
      const of = detection();
      if (known?.of !== of || nowMs - known.madeMs >= reportMs) known = { of, madeMs: nowMs, report: of.report() };
      return known.report;
    },
    meaning: (asset, kind) => desk.meaning(asset, kind.split('/')[0] ?? kind),
    async historySince() {
      since ??= await history.begin();
      return since;
    },
    async course(asset, kind, fromMs, toMs) {
      const found = detection().course(asset, kind);
      return found && readCourse(found, history, fromMs, toMs);
    },
    learning: () => learning.status(),
    proposals: () => recalibration.proposals(),
    async settleProposal(asset, by) {
      const settled = recalibration.settle(asset, by, clock.wallMs());
      if (settled) await desk.record(settled);
      return settled !== undefined;
    },
    models: () => detection().models(),
    async changeModel(change, by) {
      await detection().changeModel(change);
      await desk.noteModel(change, by);
    },
  };
}

/** Reckons the course of a claim's quantity from history, minute by minute. */
async function readCourse(
  course: ExpectedCourse,
  history: Pick<History, 'query'>,
  fromMs: number,
  toMs: number,
): Promise<ConsoleCourse> {
  const startMs = Math.floor(fromMs / minuteMs) * minuteMs;
  const count = Math.max(0, Math.ceil((toMs - startMs) / minuteMs));
  const means = new Map<string, Float64Array>();
  for (const tag of new Set(course.columns.flat().slice(0, maxTags)))
    means.set(tag, await minuteMeans(history, tag, startMs, count));
  const columns = course.columns.map((tags) => tags.flatMap((tag) => means.get(tag) ?? []));
  const rowAt = (row: number) =>
    columns.map((of) => {
      const values = of.map((column) => column[row] ?? Number.NaN);
      return values.length === 1 ? (values[0] as number) : medianOfFinite(values);
    });
  const drawn = {
    times: new Float64Array(count),
    observed: new Float64Array(count),
    expected: new Float64Array(count),
  };
  const bounds = { low: new Float64Array(count), high: new Float64Array(count) };
  let before = rowAt(-1);
  for (let row = 0; row < count; row++) {
    const now = rowAt(row);
    const endMs = startMs + (row + 1) * minuteMs;
    const { observed, expected, low, high } = course.at(now, before, endMs);
    drawn.times[row] = Math.min(endMs, toMs);
    drawn.observed[row] = observed;
    drawn.expected[row] = expected;
    bounds.low[row] = low;
    bounds.high[row] = high;
    before = now;
  }
  return { quantity: course.quantity, unit: course.unit, ...drawn, ...bounds };
}

/** Means of the minutes of a tag, of samples that are not bad; NaN for one without. */
async function minuteMeans(
  history: Pick<History, 'query'>,
  tag: string,
  startMs: number,
  count: number,
): Promise<Float64Array> {
  const { times, values, quality } = await history.query(tag, startMs, startMs + count * minuteMs - 1, maxSamples);
  const sums = new Float64Array(count);
  const counts = new Float64Array(count);
  for (let sample = 0; sample < times.length; sample++) {
    const value = values[sample] as number;
    const row = Math.floor(((times[sample] as number) - startMs) / minuteMs);
    if (!Number.isFinite(value) || isBad(quality[sample] as number)) continue;
    sums[row] = (sums[row] as number) + value;
    counts[row] = (counts[row] as number) + 1;
  }
  return sums.map((sum, row) => ((counts[row] as number) > 0 ? sum / (counts[row] as number) : Number.NaN));
}
