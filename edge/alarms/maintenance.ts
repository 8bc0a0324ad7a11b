import type { Event, EventType, NewEvent } from '../core/event.ts';
import type { MaintenancePeriod, MaintenanceTag } from '../core/maintenance.ts';
import { both, type Text } from '../core/text.ts';
import { alarmErrors } from './errors.ts';

/** Work that takes longer is looked at anew, … */
export const longestMaintenanceMs = 30 * 86_400_000;
/** … and of more tags than these nobody has the overview. */
const mostTags = 1_000;
/** Periods that are over and remembered; the oldest go first. */
const mostPeriods = 5_000;

/** Every maintenance tag that hangs, and when there were some; made of journaled events alone. */
export class MaintenanceBook {
  private readonly tags = new Map<string, MaintenanceTag>();
  private readonly over: MaintenancePeriod[] = [];

  /** The tags that hang, in the order in which they were hung. */
  current(): readonly MaintenanceTag[] {
    return [...this.tags.values()];
  }

  /** Periods of maintenance, those under way up to now. */
  periods(nowMs: number): readonly MaintenancePeriod[] {
    return [...this.over, ...this.current().map(({ subject, since }) => ({ subject, from: since, to: nowMs }))];
  }

  /** Who works there and why, where one of the subjects bears a tag. */
  reasonFor(subjects: () => readonly string[]): string | undefined {
    if (this.tags.size === 0) return undefined;
    for (const subject of subjects()) {
      const tag = this.tags.get(subject);
      if (tag) return `${tag.reason} (${tag.by})`;
    }
    return undefined;
  }

  /** Hangs a tag, or another in its place; throws a coded error where that may not be. */
  hang(tag: MaintenanceTag, utility: string): NewEvent {
    const refuse = (code: 'TAG-TIME' | 'TAG-MANY', why: Text) =>
      alarmErrors.create(
        code,
        both(`hang a maintenance tag on ${tag.subject}: ${why.en}`, `为 ${tag.subject} 挂检修牌：${why.zh}`),
      );
    const lengthMs = tag.until - tag.since;
    if (!(lengthMs > 0 && lengthMs <= longestMaintenanceMs))
      throw refuse(
        'TAG-TIME',
        both(
          `${Math.round(lengthMs / 60_000)} min is not within 30 days`,
          `${Math.round(lengthMs / 60_000)} 分钟不在 30 天以内`,
        ),
      );
    if (this.tags.size >= mostTags && !this.tags.has(tag.subject))
      throw refuse('TAG-MANY', both(`${mostTags} hang already`, `已挂 ${mostTags} 块`));
    this.tags.set(tag.subject, tag);
    return eventOf('maintenance.began', tag, utility, tag.since, tag.by);
  }

  /** Takes a tag off; undefined where none hangs. */
  takeOff(subject: string, utility: string, by: string, nowMs: number): NewEvent | undefined {
    const tag = this.tags.get(subject);
    if (!tag) return undefined;
    this.end(tag, nowMs);
    return eventOf('maintenance.ended', tag, utility, nowMs, by);
  }

  /** Tags whose time is over. */
  expired(nowMs: number): readonly MaintenanceTag[] {
    return this.current().filter(({ until }) => nowMs >= until);
  }

  /** Takes in a journaled event after a restart. */
  restore({ type, time, data }: Event): void {
    if (type !== 'maintenance.began' && type !== 'maintenance.ended') return;
    const { subject, reason, since, until, by } = data as unknown as MaintenanceTag;
    const tag = { subject, reason, since, until, by };
    if (type === 'maintenance.began') this.tags.set(subject, tag);
    else this.end(tag, time);
  }

  /** Takes over periods that it does not have. */
  recall(whole: MaintenanceBook): void {
    const all = [...whole.over, ...this.over].map((period) => [`${period.from} ${period.subject}`, period] as const);
    this.over.splice(0, this.over.length, ...[...new Map(all).values()].slice(-mostPeriods));
  }

  private end(tag: MaintenanceTag, nowMs: number): void {
    this.tags.delete(tag.subject);
    this.over.push({ subject: tag.subject, from: tag.since, to: nowMs });
    if (this.over.length > mostPeriods) this.over.shift();
  }
}

function eventOf(type: EventType, tag: MaintenanceTag, utility: string, time: number, by: string): NewEvent {
  const { subject, reason } = tag;
  const message =
    type === 'maintenance.began'
      ? { zh: `${subject} 挂牌检修：${reason}（${by}）`, en: `${subject}: under maintenance, ${reason} (${by})` }
      : { zh: `${subject} 检修结束（${by}）`, en: `${subject}: maintenance over (${by})` };
  return { type, time, subject, utility, data: { ...tag, endedBy: type === 'maintenance.ended' ? by : null, message } };
}
