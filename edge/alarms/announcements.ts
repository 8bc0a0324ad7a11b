import type { Alarm } from '../core/alarm.ts';
import type { Announced } from '../core/alarm-performance.ts';
import type { Event } from '../core/event.ts';
import { isFleeting, isHeld } from './chatter.ts';
import { isAnnouncement } from './flood.ts';
import { alarmFromEvent } from './record.ts';

type Mutable = { -readonly [Key in keyof Announced]: Announced[Key] } & { activatedAt: number[] };

/** Every announcement of alarms that journaled events tell of, in the order in which they came. */
export class Announcements {
  private readonly found: Mutable[] = [];
  /** The last one of each alarm. */
  private readonly last = new Map<string, Mutable>();

  all(): readonly Announced[] {
    return this.found;
  }

  hear(event: Event): void {
    const alarm = alarmFromEvent(event);
    if (!alarm || alarm.finding.simulated) return;
    const { type, time } = event;
    const { id, priority, safety, finding } = alarm;
    if (isAnnouncement(type)) {
      const begun = { acknowledgedAt: undefined, clearedAt: undefined, activatedAt: [time] };
      const announced = { id, priority, safety, raisedAt: time, ...begun };
      this.found.push(announced);
      this.last.set(id, announced);
      return;
    }
    const before = this.last.get(id) ?? this.earlier(alarm);
    if (!before) return;
    if (type === 'alarm.acknowledged') before.acknowledgedAt ??= time;
    if (type === 'alarm.cleared') before.clearedAt = time;
    if (type !== 'alarm.condition-changed') return;
    if (finding.active) before.activatedAt.push(time);
    else if (isHeld(alarm) && isFleeting(before, time)) before.fleetingHeld = (before.fleetingHeld ?? 0) + 1;
  }

  /** Alarms that stand, of which nothing was heard. */
  stand(alarms: readonly Alarm[]): void {
    for (const alarm of alarms) if (!this.last.has(alarm.id) && !alarm.finding.simulated) this.earlier(alarm);
  }

  /** One that was announced before the first event that is heard; undefined where nobody was told of it. */
  private earlier({ id, priority, safety, announcedAt, acknowledgedAt }: Alarm): Mutable | undefined {
    if (announcedAt === undefined) return undefined;
    const announced = { id, priority, safety, raisedAt: announcedAt, clearedAt: undefined, activatedAt: [] };
    const own: Mutable = { ...announced, acknowledgedAt };
    this.found.push(own);
    this.last.set(id, own);
    return own;
  }
}
