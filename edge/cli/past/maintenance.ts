import { MaintenanceBook } from '../../alarms/maintenance.ts';
import { describeError } from '../../core/errors.ts';
import type { MaintenancePeriod } from '../../core/maintenance.ts';
import { readJournal } from '../../store/read-journal.ts';
import type { PastWish } from './wish.ts';

/** Periods of maintenance that history is read without, and what is to be noted where they are not known. */
interface Maintained {
  readonly periods: readonly MaintenancePeriod[];
  readonly notes: readonly string[];
}

/**
 * When assets and devices were under maintenance: what the console was asked for, and, of the gateway's own history, what the
 * journal beside it tells. None where it is to be learned from.
 */
export async function maintainedIn(wish: PastWish): Promise<Maintained> {
  if (wish.includeMaintenance) return { periods: [], notes: [] };
  const asked = wish.maintained ?? [];
  if (wish.from !== 'history') return { periods: asked, notes: [] };
  try {
    const own = await journaled(wish.data);
    const known = new Set(own.map(keyOf));
    return { periods: [...own, ...asked.filter((period) => !known.has(keyOf(period)))], notes: [] };
  } catch (error) {
    const note = `maintenance is not left out: ${describeError(error)}`;
    return { periods: asked, notes: [note] };
  }
}

const keyOf = ({ subject, from }: MaintenancePeriod): string => `${from} ${subject}`;

async function journaled(dir: string): Promise<readonly MaintenancePeriod[]> {
  const journal = await readJournal(dir);
  try {
    const book = new MaintenanceBook();
    for await (const events of journal.events()) for (const event of events) book.restore(event);
    return book.periods(Number.POSITIVE_INFINITY);
  } finally {
    await journal.close();
  }
}
