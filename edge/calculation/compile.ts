import type { LiveTable } from '../core/live-table.ts';
import { operate } from './arithmetic.ts';
import type { Bound } from './bound.ts';
import { awayCell, elapsedCell, type Frame, nowCell, settle } from './frame.ts';
import { remembering, remembers } from './remembering.ts';

/** One calculated point, ready to be evaluated; an evaluation makes no garbage. */
export interface Program {
  /** Takes the newest samples; the result stands in `value` and `quality` afterwards. */
  evaluate(nowMs: number, wallMs: number): void;
  readonly value: number;
  readonly quality: number;
  /** Cells that survive a restart; filled in before the first evaluation. */
  readonly memory: Float64Array;
  /** Wall clock of the last evaluation, ms since epoch; 0 before the first. To be set with the memory. */
  savedAtMs: number;
}

export interface CompileOptions {
  readonly live: LiveTable;
  /** Undefined for points that are computed whenever an input changes. */
  readonly periodMs: number | undefined;
  readonly onExchange: Frame['onExchange'];
}

/** Beyond so many periods and a second between two evaluations nothing is integrated. */
const gapPeriods = 3;
const gapGraceMs = 1000;

type Run = () => void;

/** Turns a bound expression into a row of operations on registers, its parts before itself. */
export function compile(bound: Bound, { live, periodMs = 0, onExchange }: CompileOptions): Program {
  const size = countParts(bound);
  const frame: Frame = {
    values: new Float64Array(size),
    quality: new Uint8Array(size),
    time: new Float64Array(3),
    maxGapMs: gapPeriods * periodMs + gapGraceMs,
    periodMs,
    onExchange,
  };
  const memory = new Float64Array(countCells(bound));
  const runs: Run[] = [];
  const result = emit(bound, { frame, live, memory, runs, cells: { used: 0 } });
  const seen = { evaluated: false };
  const program: Program = {
    memory,
    savedAtMs: 0,
    get value() {
      return frame.values[result] as number;
    },
    get quality() {
      return frame.quality[result] as number;
    },
    evaluate(nowMs, wallMs) {
      const { time } = frame;
      const first = !seen.evaluated;
      seen.evaluated = true;
      time[elapsedCell] = first ? 0 : nowMs - (time[nowCell] as number);
      time[awayCell] = first && program.savedAtMs > 0 ? Math.max(0, wallMs - program.savedAtMs) : 0;
      time[nowCell] = nowMs;
      for (const run of runs) run();
      program.savedAtMs = wallMs;
    },
  };
  return program;
}

interface Emitter {
  readonly frame: Frame;
  readonly live: LiveTable;
  readonly memory: Float64Array;
  readonly runs: Run[];
  readonly cells: { used: number };
}

/** Appends the operations of an expression; answers the register that holds its result. */
function emit(bound: Bound, emitter: Emitter): number {
  const { frame, live, runs } = emitter;
  const { values, quality } = frame;
  if (bound.kind === 'number') {
    const to = runs.length;
    runs.push(() => {
      values[to] = bound.value;
    });
    return to;
  }
  if (bound.kind === 'tag') {
    const to = runs.length;
    const { tag } = bound;
    runs.push(() => {
      values[to] = live.values[tag] as number;
      quality[to] = live.quality[tag] as number;
    });
    return to;
  }
  const inputs = partsOf(bound).map((part) => emit(part, emitter));
  const to = runs.length;
  if (bound.kind === 'call' && remembers(bound.name))
    runs.push(remember(bound.name, bound.settings, emitter, inputs, to));
  else runs.push(operate(bound, frame, inputs, to));
  return to;
}

function remember(
  name: keyof typeof remembering,
  settings: readonly number[],
  { frame, memory, cells }: Emitter,
  [from = 0]: readonly number[],
  to: number,
): Run {
  const made = remembering[name](settings);
  const own = memory.subarray(cells.used, cells.used + made.cells);
  cells.used += made.cells;
  made.start(own);
  return () => {
    frame.quality[to] = frame.quality[from] as number;
    made.step(frame, own, from, to);
    settle(frame, to);
  };
}

function partsOf(bound: Bound): readonly Bound[] {
  switch (bound.kind) {
    case 'number':
    case 'tag':
      return [];
    case 'scaled':
    case 'not':
      return [bound.operand];
    case 'binary':
      return [bound.left, bound.right];
    case 'call':
      return bound.values;
  }
}

const countParts = (bound: Bound): number => partsOf(bound).reduce((sum, part) => sum + countParts(part), 1);

function countCells(bound: Bound): number {
  const own = bound.kind === 'call' && remembers(bound.name) ? remembering[bound.name](bound.settings).cells : 0;
  return partsOf(bound).reduce((sum, part) => sum + countCells(part), own);
}
