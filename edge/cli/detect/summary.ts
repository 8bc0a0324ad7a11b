import { describeError } from '../../core/errors.ts';
import { timeText } from '../../evaluate/csv/time-cell.ts';
import type { Evaluation } from '../../evaluate/evaluate.ts';
import type { EvaluatedEvent } from '../../evaluate/events.ts';
import { compareWithLabels, type LabelComparison, type Skill } from '../../evaluate/label-comparison.ts';
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
  const { times, timeFormat } = table;
  const labels = compareWithLabels(table, verdicts, events, to);
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
    ...(labels ? { labels } : {}),
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
  return [
    `${rows} rows, ${trainedRows} of them for calibration; ${count(columns.used.length, 'column')} used, ${columns.dropped.length} not`,
    ...columns.dropped.map(({ name, why }) => `  ${name}: ${why}`),
    ...warnings.map((warning) => `! ${warning}`),
    `${count(events.length, 'event')}; ${percent(outOfModelShare)} of the rows after calibration out of model`,
    ...(shown.length > 0 ? inColumns([['rows', 'from', 'peak', 'kind', 'columns'], ...table], [2]) : []),
    ...(labels ? describeLabels(labels) : []),
    `${seconds} s, ${maxMemoryMb} MB`,
  ];
}

const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(2)} %`);

/** The alarms beside the truth, and beside what needs no skill. */
function describeLabels(labels: LabelComparison): string[] {
  const { events, detected, falseEvents, falseEventsPerDay, falseAlarmShare } = labels;
  const perDay = falseEventsPerDay === null ? '' : ` (${falseEventsPerDay.toPrecision(3)} a day)`;
  const skill = (name: string, { vusPr, recall, rowF1 }: Skill) => [
    ...[name, vusPr?.toFixed(3) ?? '–', percent(recall), rowF1?.toFixed(3) ?? '–'],
  ];
  return [
    `truth: ${detected} of ${events} events found, ${falseEvents} false${perDay}; alarm on ${percent(falseAlarmShare)} of normal rows`,
    ...inColumns(
      [
        ['', 'VUS-PR', 'events found', 'F1 of rows'],
        skill('this detection', labels),
        skill('alarm on every row', labels.alwaysAlarm),
        skill('as many alarms at random', labels.random),
      ],
      [1, 2, 3],
    ),
  ];
}
