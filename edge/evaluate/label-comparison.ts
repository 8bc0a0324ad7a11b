import type { EvaluatedEvent } from './events.ts';
import type { RowVerdicts } from './verdicts.ts';

/** The verdicts beside the truth, after training. No point adjustment: a row counts as it was judged. */
export interface LabelComparison {
  readonly events: number;
  /** Those with at least one alarm row in them. */
  readonly detected: number;
  readonly recall: number | null;
  /** Events of ours that touch none of them. */
  readonly falseEvents: number;
  /** Share of normal rows with an alarm. */
  readonly falseAlarmShare: number | null;
  /** Share of faulty rows with an alarm. */
  readonly rowRecall: number | null;
}

/** Compares alarms with the label column from row `from` on. */
export function compareWithLabels(
  labels: Uint8Array,
  verdicts: RowVerdicts,
  found: readonly EvaluatedEvent[],
  from: number,
): LabelComparison {
  const counts = { normal: 0, falseAlarms: 0, faulty: 0, seen: 0 };
  let [events, detected, open, hit] = [0, 0, false, false];
  for (let row = from; row < verdicts.rows; row++) {
    const faulty = labels[row] === 1;
    const alarm = verdicts.alarmAt(row);
    counts.normal += faulty ? 0 : 1;
    counts.faulty += faulty ? 1 : 0;
    counts.falseAlarms += alarm && !faulty ? 1 : 0;
    counts.seen += alarm && faulty ? 1 : 0;
    if (faulty && !open) [events, hit] = [events + 1, false];
    open = faulty;
    if (!faulty || !alarm || hit) continue;
    hit = true;
    detected++;
  }
  const touches = ({ start, end }: EvaluatedEvent) => labels.subarray(start, end).includes(1);
  const share = (part: number, all: number) => (all === 0 ? null : part / all);
  return {
    ...{ events, detected, recall: share(detected, events) },
    falseEvents: found.filter((event) => event.end > from && !touches(event)).length,
    falseAlarmShare: share(counts.falseAlarms, counts.normal),
    rowRecall: share(counts.seen, counts.faulty),
  };
}
