import { describeError } from '../../core/errors.ts';
import { timeText } from '../../evaluate/csv/time-cell.ts';
import type { Evaluation } from '../../evaluate/evaluate.ts';
import type { EvaluatedEvent } from '../../evaluate/events.ts';
import { compareWithLabels, type LabelComparison } from '../../evaluate/label-comparison.ts';
import type { Table } from '../../evaluate/table.ts';
import { count } from '../problems.ts';
import { inColumns } from '../reporting.ts';

/** Events that are told on a terminal. */
const TOLD_EVENTS = 20;

/** What `--json` prints. */
export interface Summary {
  readonly rows: number;
  readonly trainedRows: number;
  readonly columns: {
    readonly used: readonly string[];
    readonly dropped: Evaluation['dropped'];
    /** What each column was taken for, where it was not dropped. */
    readonly kinds: Readonly<Record<string, string>>;
  };
  /** Rows half open from 0; times as in the file, null without a time column. */
  readonly events: readonly (EvaluatedEvent & { readonly startTime: string | null; readonly endTime: string | null })[];
  readonly outOfModelShare: number;
  readonly warnings: readonly string[];
  /** Only with a label column. */
  readonly labels?: LabelComparison;
  readonly seconds: number;
  readonly maxMemoryMb: number;
}

/** Puts the results in figures. */
export function summarise(
  table: Table,
  evaluation: Evaluation,
  [from, to]: readonly [number, number],
  seconds: number,
  memoryMb: number,
): Summary {
  const { verdicts, events, kinds, used, dropped, outOfModelShare, warnings } = evaluation;
  const { times, timeFormat, labels } = table;
  const at = (row: number) => (times && timeFormat ? timeText(times[row] ?? Number.NaN, timeFormat) : null);
  return {
    rows: verdicts.rows,
    trainedRows: to - from,
    columns: {
      ...{ used, dropped },
      kinds: Object.fromEntries(table.names.flatMap((name, column) => (kinds[column] ? [[name, kinds[column]]] : []))),
    },
    events: events.map((event) => ({ ...event, startTime: at(event.start), endTime: at(event.end - 1) })),
    outOfModelShare,
    warnings: warnings.map(describeError),
    ...(labels ? { labels: compareWithLabels(labels, verdicts, events, to) } : {}),
    seconds: Math.round(seconds * 100) / 100,
    maxMemoryMb: Math.round(memoryMb),
  };
}

/** The same for people. */
export function describeSummary(summary: Summary): string[] {
  const { rows, trainedRows, columns, events, outOfModelShare, warnings, labels, seconds, maxMemoryMb } = summary;
  const shown = [...events].sort((a, b) => b.peakScore - a.peakScore).slice(0, TOLD_EVENTS);
  const table = shown.map(({ start, end, startTime, peakScore, kind, top }) => [
    ...[`${start}:${end}`, startTime ?? '', peakScore.toFixed(3), kind, top.join(', ')],
  ]);
  const percent = (share: number | null) => (share === null ? '–' : `${(100 * share).toFixed(2)} %`);
  return [
    `${rows} rows, ${trainedRows} of them for calibration; ${count(columns.used.length, 'column')} used, ${columns.dropped.length} not`,
    ...columns.dropped.map(({ name, why }) => `  ${name}: ${why}`),
    ...warnings.map((warning) => `! ${warning}`),
    `${count(events.length, 'event')}; ${percent(outOfModelShare)} of the rows after calibration out of model`,
    ...(shown.length > 0 ? inColumns([['rows', 'from', 'peak', 'kind', 'columns'], ...table], [2]) : []),
    ...(labels
      ? [
          `truth: ${labels.detected} of ${labels.events} events found, ${labels.falseEvents} false; alarm on ${percent(labels.falseAlarmShare)} of normal rows`,
        ]
      : []),
    `${seconds} s, ${maxMemoryMb} MB`,
  ];
}
