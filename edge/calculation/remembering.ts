import { isBad, Quality } from '../core/quality.ts';
import { accumulate, sumCells, sumOf } from './accumulate.ts';
import { counterCells, counterReading, counterTotal, startCounter, stepCounter } from './counter.ts';
import { awayCell, elapsedCell, nowCell, type Remembering } from './frame.ts';
import { hourMs } from './functions.ts';
import { rateOver } from './window.ts';

type Maker = (settings: readonly number[]) => Remembering;

/** Value before the one of now; NaN when that was bad or there was none. */
const previousOf = () => new Float64Array(1).fill(Number.NaN);

const total: Maker = ([perMs = hourMs]) => {
  const previous = previousOf();
  return {
    cells: sumCells,
    start: (cells) => cells.fill(0),
    step({ values, time, maxGapMs }, cells, from, to) {
      const value = values[from] as number;
      const elapsedMs = time[elapsedCell] as number;
      const mean = ((previous[0] as number) + value) / 2;
      if (!Number.isNaN(mean) && elapsedMs <= maxGapMs) accumulate(cells, (mean * elapsedMs) / perMs);
      previous[0] = value;
      values[to] = sumOf(cells);
    },
  };
};

const runningHours: Maker = () => {
  const previous = previousOf();
  return {
    cells: sumCells,
    start: (cells) => cells.fill(0),
    step({ values, time, maxGapMs }, cells, from, to) {
      const elapsedMs = time[elapsedCell] as number;
      const ran = !Number.isNaN(previous[0]) && previous[0] !== 0;
      if (ran && elapsedMs <= maxGapMs) accumulate(cells, elapsedMs / hourMs);
      previous[0] = values[from] as number;
      values[to] = sumOf(cells);
    },
  };
};

/** Cells: how often, and the last condition that was not bad. */
const starts: Maker = () => ({
  cells: 2,
  start(cells) {
    cells[0] = 0;
    cells[1] = Number.NaN;
  },
  step({ values, quality }, cells, from, to) {
    if (!isBad(quality[from] as number)) {
      const runs = values[from] !== 0 ? 1 : 0;
      if (runs === 1 && cells[1] === 0) cells[0] = (cells[0] as number) + 1;
      cells[1] = runs;
    }
    values[to] = cells[0] as number;
  },
});

const counter: Maker = ([maxPerHour = 0, wrap = Number.POSITIVE_INFINITY]) => {
  const rules = { maxPerHour, wrap };
  return {
    cells: counterCells,
    start: startCounter,
    step(frame, cells, from, to) {
      const { values, quality, time } = frame;
      const elapsedMs = (time[elapsedCell] as number) + (time[awayCell] as number);
      const before = counterReading(cells);
      const step = stepCounter(cells, values[from] as number, elapsedMs, rules);
      if (step === 'exchange') frame.onExchange(before, values[from] as number);
      if (step === 'unreadable' && !isBad(quality[from] as number)) quality[to] = Quality.outOfRange;
      values[to] = counterTotal(cells);
    },
  };
};

const hold: Maker = ([windowMs = 0]) => {
  const last = new Float64Array([Number.NaN, 0]);
  return {
    cells: 0,
    start: () => undefined,
    step({ values, quality, time }, _cells, from, to) {
      const nowMs = time[nowCell] as number;
      if (!isBad(quality[from] as number)) {
        last[0] = values[from] as number;
        last[1] = nowMs;
      } else if (!Number.isNaN(last[0]) && nowMs - (last[1] as number) <= windowMs) {
        quality[to] = Quality.substituted;
      }
      values[to] = last[0] as number;
    },
  };
};

/** How each function that remembers is made, one for each place where an expression uses it. */
export const remembering = {
  total,
  runningHours,
  starts,
  counter,
  hold,
  rate: ([windowMs = 0, perMs = hourMs]) => rateOver(windowMs, perMs),
  delta: ([windowMs = 0]) => rateOver(windowMs, undefined),
} as const satisfies Readonly<Record<string, Maker>>;

export const remembers = (name: string): name is keyof typeof remembering => Object.hasOwn(remembering, name);
