import { type Measure, measures } from './monitor.ts';
import type { RowVerdicts } from './verdicts.ts';

/** Alarms this few rows apart are one event. */
const GAP_ROWS = 10;
/** An event of few rows is a spike, whichever chart saw it. */
const SPIKE_ROWS = 5;
const TOP = 3;

export type EventKind = Exclude<Measure, 'jolt'> | 'spike' | 'new-state' | 'missing';

/** Rows of one alarm, half open, from 0. */
export interface EvaluatedEvent {
  readonly start: number;
  readonly end: number;
  readonly peakScore: number;
  readonly kind: EventKind;
  /** Columns that have most to do with it. */
  readonly top: readonly string[];
  readonly outOfModel: boolean;
}

/** Joins alarm rows to events. */
export function eventsOf(verdicts: RowVerdicts, names: readonly string[]): EvaluatedEvent[] {
  const events: EvaluatedEvent[] = [];
  let start = -1;
  let last = -1;
  for (let row = 0; row < verdicts.rows; row++) {
    if (!verdicts.alarmAt(row)) continue;
    if (start >= 0 && row - last > GAP_ROWS) events.push(eventOf(verdicts, names, start, last + 1));
    if (start < 0 || row - last > GAP_ROWS) start = row;
    last = row;
  }
  if (start >= 0) events.push(eventOf(verdicts, names, start, last + 1));
  return events;
}

function eventOf(verdicts: RowVerdicts, names: readonly string[], start: number, end: number): EvaluatedEvent {
  const columns = new Map<number, number>();
  const causes = new Map<number, number>();
  let [peakScore, outOfModel] = [0, 0];
  for (let row = start; row < end; row++) {
    const score = verdicts.scores[row] as number;
    if (score > peakScore) peakScore = score;
    outOfModel += verdicts.outOfModel[row] as number;
    if (!verdicts.alarmAt(row)) continue;
    const cause = verdicts.causes[row] as number;
    causes.set(cause, (causes.get(cause) ?? 0) + score);
    for (const [place, column] of verdicts.topAt(row).entries())
      columns.set(column, (columns.get(column) ?? 0) + score / (place + 1));
  }
  const cause = mostOf(causes)[0] ?? 0;
  const kind = kindOf(cause, end - start);
  const top = mostOf(columns)
    .slice(0, TOP)
    .map((column) => names[column] ?? '');
  return { start, end, peakScore, kind, top, outOfModel: outOfModel > (end - start) / 2 };
}

const mostOf = (weights: ReadonlyMap<number, number>): number[] =>
  [...weights].sort((a, b) => b[1] - a[1]).map(([key]) => key);

function kindOf(cause: number, rows: number): EventKind {
  if (cause >= measures.length) return cause === measures.length ? 'new-state' : 'missing';
  const measure = measures[cause] ?? 'correlation';
  if (measure !== 'jolt') return measure;
  return rows <= SPIKE_ROWS ? 'spike' : 'correlation';
}
