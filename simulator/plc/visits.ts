import { seededRandom } from '../../edge/core/random.ts';
import { calendarDay } from '../city/local-time.ts';

const [minuteMs, dayMs] = [60_000, 86_400_000];
/** A place is seen to once in so many days, a quarter of an hour to an hour between half past eight and four (design choice). */
const everyDays = 28;
const [earliestStartMin, latestStartMin] = [30, 420];

/**
 * Whether somebody sees to a place at a moment, ms since epoch: on working days only. It depends on the place's name alone, so
 * that every copy of a PLC has the same visitors.
 */
export function visitsTo(place: string): (timeMs: number) => boolean {
  let known = { round: Number.NaN, fromMs: 0, toMs: 0 };
  return (timeMs) => {
    const round = Math.floor(timeMs / (everyDays * dayMs));
    if (round !== known.round) known = { round, ...visit(place, round) };
    return timeMs >= known.fromMs && timeMs < known.toMs;
  };
}

/** The visit of a round; in its first half, so that it stays within it where holidays put it off. */
function visit(place: string, round: number): { readonly fromMs: number; readonly toMs: number } {
  const random = seededRandom(0, `visit/${place}/${round}`);
  // It is eight in the morning where the days of UTC begin.
  let morningMs = (round * everyDays + random.integer(0, everyDays / 2 - 1)) * dayMs;
  while (!calendarDay(morningMs).workday) morningMs += dayMs;
  const fromMs = morningMs + random.integer(earliestStartMin, latestStartMin) * minuteMs;
  return { fromMs, toMs: fromMs + random.integer(15, 60) * minuteMs };
}
