import { Announcements } from '../alarms/announcements.ts';
import { performanceOf } from '../alarms/performance.ts';
import type { Alarm } from '../core/alarm.ts';
import type { AlarmPerformance } from '../core/alarm-performance.ts';
import type { Journal } from '../store/api.ts';
import { clockSlackMs, eventsPerPage, lastUntil } from './journal-search.ts';

/**
 * How the alarm system did in [from, to), from every event of that time however many there are: page by page, so that
 * nothing waits for it longer than for one page.
 * @param standing alarms that stand now: one may have stood all the time without an event
 */
export async function reportOn(
  journal: Journal,
  [from, to]: readonly [from: number, to: number],
  standing: () => readonly Alarm[],
): Promise<AlarmPerformance> {
  const announcements = new Announcements();
  // `lastUntil` finds a place that may lie up to a page before or after the moment
  const first = (await lastUntil(journal, from - clockSlackMs)) - eventsPerPage;
  for (let after = Math.max(0, first); after < journal.last; ) {
    const events = await journal.read(after, eventsPerPage);
    for (const event of events) announcements.hear(event);
    after = events.at(-1)?.sequence ?? journal.last;
  }
  announcements.stand(standing());
  return performanceOf(announcements.all(), from, to);
}
