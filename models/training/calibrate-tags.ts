import type { TagCalibration } from '../../edge/detection/calibration.ts';
import { largest, median } from '../../edge/detection/order-statistics.ts';
import { type HistoryStep, runHistory } from '../../simulator/exam/history.ts';
import type { NormalWindow } from './plan.ts';
import { significant } from './significant.ts';

/** A tag that has once stood still for longer than this (in samples of 1 s) need not move at all. */
const LIVELY_RUN = 30;
/** What goes with time goes on by the same within this share, as polls jitter, … */
const ADVANCE_SHARE = 0.1;
/** … but where it begins anew, as a full register or a clock at midnight does. */
const STEADY_SHARE = 0.95;
/** Standard deviation of normal data over its median absolute deviation. */
const MAD_TO_SIGMA = 1.4826;

/**
 * What each tag does from poll to poll in the windows: its noise, its longest stand-still, its largest
 * there-and-back. States and counters get no claim to move.
 * @param periodMsOf how often a tag is polled; every second when left out
 * @param onWindow called after each window
 */
export async function calibrateTags(
  windows: readonly NormalWindow[],
  periodMsOf: (tag: string) => number = () => 1000,
  onWindow: () => void = () => undefined,
): Promise<Map<string, TagCalibration>> {
  const found = new Map<string, TagCalibration[]>();
  for (const window of windows) {
    let seen: readonly Seen[] | undefined;
    await runHistory({
      ...window,
      stepS: 1,
      onStep(step) {
        seen ??= seenIn(step, periodMsOf);
        take(seen, step);
      },
    });
    for (const { name, samples } of seen ?? []) {
      if (samples.length > 0) found.set(name, [...(found.get(name) ?? []), calibrateSamples(samples)]);
    }
    onWindow();
  }
  return new Map([...found].map(([name, parts]) => [name, widest(parts)]));
}

/** One tag in one window, as often as it is polled. */
interface Seen {
  readonly name: string;
  readonly place: number;
  readonly periodMs: number;
  readonly samples: number[];
}

function seenIn({ names, points }: HistoryStep, periodMsOf: (tag: string) => number): readonly Seen[] {
  return points.flatMap(({ states, type }, place) => {
    const name = names[place] ?? '';
    if (states !== undefined || type === 'bool') return [];
    return [{ name, place, periodMs: periodMsOf(name), samples: [] }];
  });
}

function take(seen: readonly Seen[], { timeMs, values }: HistoryStep): void {
  for (const { place, periodMs, samples } of seen) {
    if (timeMs % periodMs === 0) samples.push(values[place] ?? Number.NaN);
  }
}

/** What a tag did in one window, from poll to poll. */
export function calibrateSamples(values: readonly number[]): TagCalibration {
  const differences = values.slice(1).map((value, index) => value - (values[index] ?? value));
  // A total goes one way only, and stands while nothing runs.
  const total = differences.every((difference) => difference >= 0);
  const longestRun = total ? LIVELY_RUN + 1 : longestRunIn(values);
  const middle = median(differences);
  const thereAndBack = differences.slice(1).map((next, index) => {
    const before = differences[index] ?? 0;
    return next * before < 0 ? Math.min(Math.abs(next), Math.abs(before)) : 0;
  });
  const differenceScale = MAD_TO_SIGMA * median(differences.map((value) => Math.abs(value - middle)));
  const advance = advanceIn(differences);
  return {
    ...{ differenceScale, longestRun, thereAndBack: largest([0, ...thereAndBack]) },
    ...(advance === undefined ? {} : { advance }),
  };
}

/** By what a value goes on that follows time alone; undefined for every other, and for what counts by less than one: hours that a pump has run. */
function advanceIn(differences: readonly number[]): number | undefined {
  if (differences.length === 0) return undefined;
  const advance = median(differences);
  const steady = differences.filter((difference) => isNear(difference, advance)).length;
  return advance >= 1 && steady >= STEADY_SHARE * differences.length - 1 ? advance : undefined;
}

const isNear = (value: number, wanted: number): boolean => Math.abs(value - wanted) <= ADVANCE_SHARE * wanted;

/** That of all windows, where they agree: what a process counts goes on otherwise by night than by day. */
function commonAdvance(parts: readonly TagCalibration[]): Pick<TagCalibration, 'advance'> {
  const first = parts[0]?.advance;
  const agree = parts.every(({ advance = Number.NaN }) => isNear(advance, first ?? Number.NaN));
  return first !== undefined && agree ? { advance: significant(first, 4) } : {};
}

function longestRunIn(values: readonly number[]): number {
  let [run, longest] = [0, 0];
  for (let at = 1; at < values.length; at++) {
    run = values[at] === values[at - 1] ? run + 1 : 0;
    longest = Math.max(longest, run);
  }
  return longest;
}

/** The widest of all windows. A run of 0 says that the tag need not move. */
export function widest(parts: readonly TagCalibration[]): TagCalibration {
  const most = (pick: (part: TagCalibration) => number) => largest(parts.map(pick));
  const longestRun = most((part) => part.longestRun);
  return {
    differenceScale: significant(
      most((part) => part.differenceScale),
      4,
    ),
    longestRun: longestRun > LIVELY_RUN ? 0 : Math.max(1, longestRun),
    thereAndBack: significant(
      most((part) => part.thereAndBack),
      4,
    ),
    ...commonAdvance(parts),
  };
}
