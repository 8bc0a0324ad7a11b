import type { Journal } from '../store/api.ts';

/** Events between two turns of everybody else: 10 ms on a fast processor. */
export const eventsPerPage = 250;
/** What clocks are set by, ms: an event so much older than a moment may stand after it in the journal. */
export const clockSlackMs = 3_600_000;

/** Sequence of the newest event that is no younger than that: by halves, as times grow with sequences but where a clock was set. */
export async function lastUntil(journal: Journal, timeMs: number): Promise<number> {
  let [known, beyond] = [0, journal.last + 1];
  while (beyond - known > eventsPerPage) {
    const middle = Math.floor((known + beyond) / 2);
    const [event] = await journal.read(middle - 1, 1);
    if (event && event.time <= timeMs) known = Math.max(middle, Math.min(event.sequence, beyond - 1));
    else beyond = middle;
  }
  return beyond - 1;
}
