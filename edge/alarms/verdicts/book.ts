import type { Event } from '../../core/event.ts';
import type { DetectorReport, Judgement, VerdictReport } from '../../core/verdict.ts';
import { alarmFromEvent } from '../record.ts';

/** Alarms remembered with their verdicts; the oldest are forgotten first. */
const maxOccurrences = 20_000;

/** One time that an alarm was raised. */
export interface Occurrence {
  readonly asset: string;
  readonly kind: string;
  readonly detector: string;
  readonly safety: boolean;
  readonly raisedAt: number;
  readonly judgement: Judgement | undefined;
}

/** Every alarm of the last time, with what people said of it; made of journaled events alone. */
export class VerdictBook {
  /** By alarm and when it was raised, in the order in which they came. */
  private readonly occurrences = new Map<string, Occurrence>();

  hear(event: Event): void {
    if (event.type !== 'alarm.raised' && event.type !== 'alarm.judged') return;
    const alarm = alarmFromEvent(event);
    if (!alarm) return;
    const { asset, kind, safety, raisedAt, judgement, finding } = alarm;
    const occurrence = { asset, kind, detector: finding.from, safety, raisedAt, judgement };
    this.occurrences.set(`${alarm.id}@${raisedAt}`, occurrence);
    if (this.occurrences.size <= maxOccurrences) return;
    const [oldest] = this.occurrences.keys();
    if (oldest !== undefined) this.occurrences.delete(oldest);
  }

  /** In the order in which they were raised. */
  all(): Iterable<Occurrence> {
    return this.occurrences.values();
  }

  report(): Omit<VerdictReport, 'widened'> {
    const [oldest] = this.occurrences.values();
    const detectors = [...Map.groupBy(this.occurrences.values(), ({ detector }) => detector)]
      .map(([detector, occurrences]) => reportOf(detector, occurrences))
      .sort((a, b) => b.raised - a.raised || a.detector.localeCompare(b.detector));
    return { since: oldest?.raisedAt ?? null, detectors };
  }
}

function reportOf(detector: string, occurrences: readonly Occurrence[]): DetectorReport {
  const count = (wanted: Judgement['verdict']) =>
    occurrences.filter(({ judgement }) => judgement?.verdict === wanted).length;
  const [useful, nuisance, wrongCause] = [count('useful'), count('nuisance'), count('wrong-cause')];
  const judged = useful + nuisance + wrongCause;
  const share = (part: number) => (judged === 0 ? null : part / judged);
  return {
    ...{ detector, raised: occurrences.length, useful, nuisance, wrongCause },
    ...{ nuisanceShare: share(nuisance), wrongCauseShare: share(wrongCause) },
  };
}
