import type { Moment } from '../../../drivers/replay/moment.ts';
import { decodeSamples } from '../../../drivers/replay/recording-format.ts';
import { qualityName } from '../../core/quality.ts';

/** How far two runs of a driver agree. */
export interface Agreement {
  /** Batches with the same points, values and quality. */
  readonly same: number;
  /** Batches of the first, and of the second run. */
  readonly first: number;
  readonly second: number;
  /** Where they part, in words; undefined when they do not. */
  readonly difference: string | undefined;
}

/**
 * Compares the samples of two runs, each group of points by itself: which group comes first is chance, and so is where the
 * last batch of each was cut off. Times are no part of it.
 */
export function compareRuns(first: readonly string[], second: readonly string[], points: readonly string[]): Agreement {
  const [one, other] = [groupsOf(first, points.length), groupsOf(second, points.length)];
  let same = 0;
  let difference: string | undefined;
  for (const [group, moments] of one) {
    const others = other.get(group) ?? [];
    for (let index = 0; index < Math.min(moments.length, others.length); index++) {
      const found = differenceOf(moments[index] as Moment, others[index] as Moment, points);
      if (found === undefined) same++;
      else difference ??= `batch ${index + 1} of its group: ${found}`;
    }
  }
  return { same, first: first.length, second: second.length, difference };
}

function groupsOf(lines: readonly string[], pointCount: number): Map<string, Moment[]> {
  const groups = new Map<string, Moment[]>();
  for (const line of lines) {
    const moment = decodeSamples(line, pointCount);
    if (typeof moment === 'string') continue;
    const key = moment.points.join();
    const known = groups.get(key);
    if (known) known.push(moment);
    else groups.set(key, [moment]);
  }
  return groups;
}

function differenceOf(one: Moment, other: Moment, points: readonly string[]): string | undefined {
  const row = one.values.findIndex(
    (value, index) => !Object.is(value, other.values[index]) || one.quality[index] !== other.quality[index],
  );
  if (row < 0) return undefined;
  const shown = ({ values, quality }: Moment) => `${values[row]} ${qualityName(quality[row] as number)}`;
  return `${points[one.points[row] as number]} was ${shown(one)}, is ${shown(other)}`;
}
