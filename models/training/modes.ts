import { MOST_MODES, modeIn, modeKeyOf, type OperatingModes } from '../../edge/detection/learned/operating-modes.ts';
import { Split } from './split.ts';
import type { StepGrid } from './step-grid.ts';

/** More levels than this are no states, nor are levels that are no whole numbers or change in more than this share of the steps. */
const MOST_LEVELS = 6;
const RESTLESS = 0.2;
/** A state that explains less of the variance of every signal than this makes no modes: a door, a lamp, a fault contact. */
const LEAST_EXPLAINED = 0.1;
/** The modes with rows enough must cover this share of the settled steps, or the states are taken for signals. Design choice. */
const LEAST_COVER = 0.95;

/** A way of running that history shows often enough, and its steps. */
export interface FoundModes {
  /** Columns of the grid that hold the states. */
  readonly states: readonly number[];
  /** Columns of other states, which explain no signal: they make no modes and are no signals either. */
  readonly without: readonly number[];
  readonly by: OperatingModes['by'];
  /** The most frequent first. */
  readonly known: OperatingModes['known'];
  /** The mode of each step; -1 just after a change, where a state is missing, and in modes with too few rows. */
  readonly ofStep: Int8Array;
}

/**
 * Finds the operating modes of an asset: by the combination of those states that explain its signals or, where pumps take
 * turns and combinations are too rare, by how many are on. Undefined when neither has rows enough of each.
 * @param places columns of the grid: signals and states alike
 * @param settleSteps steps that states must stand before one counts
 */
export function findModes(
  grid: StepGrid,
  places: readonly number[],
  settleSteps: number,
  least: { readonly fit: number; readonly limit: number },
): FoundModes | undefined {
  const column = (place: number) => grid.columns[place] as Float32Array;
  const stateful = places.filter((place) => isState(column(place)));
  const signals = places.filter((place) => !stateful.includes(place));
  const states = stateful.filter((state) =>
    signals.some((signal) => explainedBy(column(state), column(signal)) >= LEAST_EXPLAINED),
  );
  if (states.length === 0 || signals.length < 2) return undefined;
  for (const by of ['combination', 'sum'] as const) {
    if (by === 'sum' && states.length === 1) break;
    const found = modesBy(by, grid, states, settleSteps, least);
    if (found) return { ...found, without: stateful.filter((place) => !states.includes(place)) };
  }
  return undefined;
}

function modesBy(
  by: OperatingModes['by'],
  grid: StepGrid,
  states: readonly number[],
  settleSteps: number,
  least: { readonly fit: number; readonly limit: number },
): Omit<FoundModes, 'without'> | undefined {
  const keys = keysOf(by, grid, states, settleSteps);
  const split = new Split(grid.steps, grid.stepS);
  const counts = new Map<string, { key: readonly number[]; total: number; fit: number; limit: number }>();
  let settled = 0;
  for (const [step, key] of keys.entries()) {
    if (!key) continue;
    settled++;
    const name = key.join(' ');
    const count = counts.get(name) ?? { key, total: 0, fit: 0, limit: 0 };
    counts.set(name, count);
    count.total++;
    const use = split.useOf(step);
    if (use !== 'verify') count[use]++;
  }
  const kept = [...counts.values()]
    .filter(({ fit, limit }) => fit >= least.fit && limit >= least.limit)
    .sort((a, b) => b.total - a.total)
    .slice(0, MOST_MODES);
  if (kept.length === 0 || kept.reduce((sum, { total }) => sum + total, 0) < LEAST_COVER * settled) return undefined;
  const known = kept.map(({ key }) => [...key]);
  return { states, by, known, ofStep: Int8Array.from(keys, (key) => (key ? modeIn(known, key) : -1)) };
}

/** What tells the mode of each step; undefined where states are missing or have not stood for long enough. */
function keysOf(
  by: OperatingModes['by'],
  grid: StepGrid,
  states: readonly number[],
  settleSteps: number,
): (readonly number[] | undefined)[] {
  let stood = 0;
  let before: readonly number[] = [];
  return Array.from({ length: grid.steps }, (_, step) => {
    const now = states.map((place) => grid.columns[place]?.[step] ?? Number.NaN);
    if (now.some(Number.isNaN)) stood = 0;
    else stood = now.every((value, at) => value === before[at]) ? stood + 1 : 1;
    before = now;
    return stood >= settleSteps ? modeKeyOf(by, now) : undefined;
  });
}

/** Whether values are few whole numbers that stay for a while. */
function isState(values: Float32Array): boolean {
  const levels = new Set<number>();
  let [present, changes, before] = [0, 0, Number.NaN];
  for (const value of values) {
    if (Number.isNaN(value)) continue;
    if (!Number.isInteger(value)) return false;
    levels.add(value);
    if (levels.size > MOST_LEVELS) return false;
    present++;
    if (value !== before) changes++;
    before = value;
  }
  return levels.size > 1 && changes <= RESTLESS * present;
}

/** Share of a signal's variance that lies between the levels of a state (η², Fisher 1925). */
function explainedBy(state: Float32Array, signal: Float32Array): number {
  const groups = new Map<number, { count: number; sum: number }>();
  let [count, sum, squares] = [0, 0, 0];
  for (const [step, value] of signal.entries()) {
    const level = state[step] as number;
    if (Number.isNaN(value) || Number.isNaN(level)) continue;
    const group = groups.get(level) ?? { count: 0, sum: 0 };
    groups.set(level, group);
    group.count++;
    group.sum += value;
    count++;
    sum += value;
    squares += value * value;
  }
  const mean = sum / Math.max(1, count);
  const total = squares - count * mean * mean;
  const between = [...groups.values()].reduce((all, of) => all + of.count * (of.sum / of.count - mean) ** 2, 0);
  return total > 0 ? between / total : 0;
}
