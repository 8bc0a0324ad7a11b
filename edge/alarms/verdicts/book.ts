import type { Alarm, Priority } from '../../core/alarm.ts';
import type { Event } from '../../core/event.ts';
import type { Text } from '../../core/text.ts';
import type { BudgetedAlarms, DetectorReport, Judgement, LabelledPeriod, VerdictReport } from '../../core/verdict.ts';
import { alarmFromEvent } from '../record.ts';

/** Alarms remembered with their verdicts; the oldest are forgotten first. */
const maxOccurrences = 20_000;
/** Alarms of so long are held against the budget: long enough to see one that is rare, short enough to see a change. */
const dayMs = 86_400_000;
const countedMs = 28 * dayMs;

/** What tells of an occurrence, and of its end. */
const heard: ReadonlySet<Event['type']> = new Set(['alarm.raised', 'alarm.judged', 'alarm.cleared']);

/** One time that an alarm was raised. */
export interface Occurrence {
  readonly asset: string;
  readonly kind: string;
  readonly detector: string;
  readonly safety: boolean;
  readonly priority: Priority;
  readonly message: Text;
  readonly raisedAt: number;
  /** ms since epoch; undefined while the condition stands. */
  readonly clearedAt: number | undefined;
  readonly judgement: Judgement | undefined;
}

/** Every alarm of the last time, with what people said of it; made of journaled events alone. */
export class VerdictBook {
  /** By alarm and when it was raised, in the order in which they came. */
  private readonly occurrences = new Map<string, Occurrence>();
  private readonly follows: (detector: string) => boolean;
  /** ms since epoch from which on no alarm is missing. */
  private wholeSince: number | undefined;

  /** @param follows whether a detector follows the alarm budget */
  constructor(follows: (detector: string) => boolean) {
    this.follows = follows;
  }

  /** @param known the alarm as the event left it, where that is known already */
  hear(event: Event, known?: Alarm): void {
    this.wholeSince ??= event.time;
    if (!heard.has(event.type)) return;
    const alarm = known ?? alarmFromEvent(event);
    if (!alarm || alarm.finding.simulated) return;
    const { asset, kind, safety, priority, message, raisedAt, clearedAt, judgement, finding } = alarm;
    const said = { priority, message, judgement };
    const occurrence = { asset, kind, detector: finding.from, safety, raisedAt, clearedAt, ...said };
    this.occurrences.set(`${alarm.id}@${raisedAt}`, occurrence);
    if (this.occurrences.size <= maxOccurrences) return;
    const [oldest] = this.occurrences;
    if (!oldest) return;
    this.occurrences.delete(oldest[0]);
    this.wholeSince = oldest[1].raisedAt + 1;
  }

  /** Takes over alarms that it does not have. */
  recall(whole: VerdictBook): void {
    const all = new Map([...whole.occurrences, ...this.occurrences]);
    const sorted = [...all].sort(([, a], [, b]) => a.raisedAt - b.raisedAt).slice(-maxOccurrences);
    this.occurrences.clear();
    for (const [id, occurrence] of sorted) this.occurrences.set(id, occurrence);
    this.wholeSince = whole.wholeSince ?? this.wholeSince;
  }

  /** The newest that stood at any time in [fromMs, toMs] on one of the assets, the newest first, at most `most`. */
  during(assets: ReadonlySet<string>, fromMs: number, toMs: number, most: number): readonly Occurrence[] {
    return [...this.occurrences.values()]
      .filter(({ asset, raisedAt, clearedAt = toMs }) => assets.has(asset) && raisedAt <= toMs && clearedAt >= fromMs)
      .slice(-most)
      .reverse();
  }

  /** In the order in which they were raised. */
  all(): Iterable<Occurrence> {
    return this.occurrences.values();
  }

  /** @param nowMs the last `countedMs` before it count for the budget */
  report(nowMs: number): Omit<VerdictReport, 'widened' | 'maintenance'> {
    const [oldest] = this.occurrences.values();
    const detectors = [...Map.groupBy(this.occurrences.values(), ({ detector }) => detector)]
      .map(([detector, occurrences]) => reportOf(detector, occurrences))
      .sort((a, b) => b.raised - a.raised || a.detector.localeCompare(b.detector));
    return { since: oldest?.raisedAt ?? null, detectors, budgeted: this.budgeted(nowMs), labelled: this.labelled() };
  }

  private labelled(): LabelledPeriod[] {
    return [...this.occurrences.values()].flatMap(({ asset, kind, raisedAt, clearedAt, judgement }) => {
      if (!judgement || judgement.verdict === 'nuisance' || clearedAt === undefined) return [];
      return [{ asset, kind, verdict: judgement.verdict, from: raisedAt, to: clearedAt }];
    });
  }

  private budgeted(nowMs: number): BudgetedAlarms {
    const since = Math.max(this.wholeSince ?? nowMs, nowMs - countedMs);
    const own = [...this.occurrences.values()].filter(
      ({ raisedAt, safety, detector }) => raisedAt >= since && !safety && this.follows(detector),
    );
    return {
      ...{
        days: (nowMs - since) / dayMs,
        raised: own.length,
        unjudged: own.filter(({ judgement }) => !judgement).length,
      },
      nuisance: own.filter(({ judgement }) => judgement?.verdict === 'nuisance').length,
    };
  }
}

function reportOf(detector: string, occurrences: readonly Occurrence[]): DetectorReport {
  const count = (wanted: Judgement['verdict']) =>
    occurrences.filter(({ judgement }) => judgement?.verdict === wanted).length;
  const [useful, nuisance] = [count('useful'), count('nuisance')];
  const [wrongCause, planned] = [count('wrong-cause'), count('planned')];
  const judged = useful + nuisance + wrongCause + planned;
  const share = (part: number) => (judged === 0 ? null : part / judged);
  return {
    ...{ detector, raised: occurrences.length, useful, nuisance, wrongCause, planned },
    ...{ nuisanceShare: share(nuisance), wrongCauseShare: share(wrongCause) },
  };
}
