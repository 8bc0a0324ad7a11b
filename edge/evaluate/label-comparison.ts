import { seededRandom } from '../core/random.ts';
import type { EvaluatedEvent } from './events.ts';
import type { Table } from './table.ts';
import type { RowVerdicts } from './verdicts.ts';
import { volumeUnderCurves } from './volume-under-curves.ts';

const DAY_MS = 86_400_000;

/** How alarms and scores do against the truth. No point adjustment: a row counts as it was judged. */
export interface Skill {
  /** Volume under the range-based precision-recall curves of the scores. */
  readonly vusPr: number | null;
  /** Share of the true events with at least one alarm row in them. */
  readonly recall: number | null;
  /** F1 of alarms row by row. */
  readonly rowF1: number | null;
}

/** The verdicts beside the truth, after training. */
export interface LabelComparison extends Skill {
  readonly events: number;
  /** Those with at least one alarm row in them. */
  readonly detected: number;
  /** Events of ours that touch none of them. */
  readonly falseEvents: number;
  /** Null without times of a calendar. */
  readonly falseEventsPerDay: number | null;
  /** Share of normal rows with an alarm. */
  readonly falseAlarmShare: number | null;
  /** Share of faulty rows with an alarm. */
  readonly rowRecall: number | null;
  /** What an alarm on every row is worth. */
  readonly alwaysAlarm: Skill;
  /** What as many alarms as ours are worth, thrown at random, and random scores. */
  readonly random: Skill;
}

/** Compares alarms with the label column from row `from` on; undefined without one. */
export function compareWithLabels(
  table: Table,
  verdicts: RowVerdicts,
  found: readonly EvaluatedEvent[],
  from: number,
): LabelComparison | undefined {
  if (!table.labels) return undefined;
  const truth = table.labels.subarray(from);
  const lengths = lengthsOf(truth);
  const counts = { normal: 0, falseAlarms: 0, faulty: 0, seen: 0 };
  let [detected, hit] = [0, false];
  for (let row = 0; row < truth.length; row++) {
    const faulty = truth[row] === 1;
    const alarm = verdicts.alarmAt(from + row);
    counts.normal += faulty ? 0 : 1;
    counts.faulty += faulty ? 1 : 0;
    counts.falseAlarms += alarm && !faulty ? 1 : 0;
    counts.seen += alarm && faulty ? 1 : 0;
    detected += faulty && alarm && !hit ? 1 : 0;
    hit = faulty && (hit || alarm);
  }
  const touches = ({ start, end }: EvaluatedEvent) => table.labels?.subarray(start, end).includes(1) ?? false;
  const falseEvents = found.filter((event) => event.end > from && !touches(event)).length;
  const days = daysOf(table, from);
  const alarms = counts.seen + counts.falseAlarms;
  return {
    ...{ events: lengths.length, detected, recall: share(detected, lengths.length) },
    ...{ falseEvents, falseEventsPerDay: days === undefined ? null : share(falseEvents, days) },
    falseAlarmShare: share(counts.falseAlarms, counts.normal),
    rowRecall: share(counts.seen, counts.faulty),
    rowF1: share(2 * counts.seen, alarms + counts.faulty),
    vusPr: figure(volumeUnderCurves(truth, verdicts.scores.subarray(from))),
    alwaysAlarm: skillOfAlarms(truth, lengths, 1, new Float64Array(truth.length)),
    random: skillOfAlarms(truth, lengths, share(alarms, truth.length) ?? 0, randomScores(truth.length)),
  };
}

const share = (part: number, all: number): number | null => (all === 0 ? null : part / all);
const figure = (value: number): number | null => (Number.isFinite(value) ? value : null);

/** Rows of each true event. */
function lengthsOf(truth: Uint8Array): number[] {
  const lengths: number[] = [];
  for (let row = 0; row < truth.length; row++) {
    if (truth[row] !== 1) continue;
    if (row === 0 || truth[row - 1] !== 1) lengths.push(0);
    lengths[lengths.length - 1] = (lengths.at(-1) ?? 0) + 1;
  }
  return lengths;
}

/** What is to be expected of alarms on a share of the rows that are thrown independently, and of scores. */
function skillOfAlarms(truth: Uint8Array, lengths: readonly number[], alarms: number, scores: Float64Array): Skill {
  const faulty = lengths.reduce((sum, length) => sum + length, 0);
  const touched = lengths.reduce((sum, length) => sum + 1 - (1 - alarms) ** length, 0);
  return {
    vusPr: figure(volumeUnderCurves(truth, scores)),
    recall: share(touched, lengths.length),
    rowF1: share(2 * alarms * faulty, alarms * truth.length + faulty),
  };
}

function randomScores(rows: number): Float64Array {
  const random = seededRandom(1, 'random scores');
  return Float64Array.from({ length: rows }, () => random.next());
}

/** Days that the rows span; undefined when times tell no days. */
function daysOf({ times, timeFormat }: Table, from: number): number | undefined {
  if (!times || timeFormat === 'number') return undefined;
  const span = ((times.at(-1) ?? Number.NaN) - (times[from] ?? Number.NaN)) / DAY_MS;
  return span > 0 ? span : undefined;
}
