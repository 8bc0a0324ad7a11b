import { MaintenanceBook } from '../../alarms/maintenance.ts';
import { VerdictBook } from '../../alarms/verdicts/book.ts';
import { describeError, errorWithin } from '../../core/errors.ts';
import type { MaintenancePeriod } from '../../core/maintenance.ts';
import { both } from '../../core/text.ts';
import { readJournal } from '../../store/read-journal.ts';
import { pastErrors } from './errors.ts';
import type { PastWish } from './wish.ts';

/** A time in which an asset had an alarm, ms since epoch. */
export interface AlarmedPeriod {
  readonly asset: string;
  readonly from: number;
  readonly to: number;
}

/** What history is read without, and what is to be noted where that is not known. */
interface Journaled {
  readonly maintained: readonly MaintenancePeriod[];
  /** Alarms that nobody called a nuisance, where it is to be read without them. */
  readonly alarmed: readonly AlarmedPeriod[];
  readonly notes: readonly string[];
}

/**
 * When assets and devices were under maintenance: what the console was asked for, and, of the gateway's own history, what the
 * journal beside it tells; and when they had alarms. No maintenance where it is to be learned from.
 */
export async function journaledIn(wish: PastWish): Promise<Journaled> {
  const asked = wish.includeMaintenance ? [] : (wish.maintained ?? []);
  const needed = !wish.includeMaintenance || wish.excludeAlarmed;
  if (wish.from !== 'history' || !needed) return { maintained: asked, alarmed: [], notes: [] };
  try {
    const { maintenance, verdicts } = await booksOf(wish.data);
    const own = wish.includeMaintenance ? [] : maintenance.periods(Number.POSITIVE_INFINITY);
    const known = new Set(own.map(keyOf));
    return {
      maintained: [...own, ...asked.filter((period) => !known.has(keyOf(period)))],
      alarmed: wish.excludeAlarmed ? alarmedIn(verdicts) : [],
      notes: [],
    };
  } catch (error) {
    // what alarms stood in must not be learnt unseen
    if (wish.excludeAlarmed) {
      const why = errorWithin(error);
      throw pastErrors.create(
        'READ',
        both(`read the alarms in ${wish.data}: ${why.en}`, `读取 ${wish.data} 中的报警：${why.zh}`),
        error,
      );
    }
    return { maintained: asked, alarmed: [], notes: [`maintenance is not left out: ${describeError(error)}`] };
  }
}

const keyOf = ({ subject, from }: MaintenancePeriod): string => `${from} ${subject}`;

const alarmedIn = (book: VerdictBook): readonly AlarmedPeriod[] =>
  [...book.all()]
    .filter(({ judgement }) => judgement?.verdict !== 'nuisance')
    .map(({ asset, raisedAt: from, clearedAt: to = Number.POSITIVE_INFINITY }) => ({ asset, from, to }));

async function booksOf(dir: string) {
  const journal = await readJournal(dir);
  try {
    const [maintenance, verdicts] = [new MaintenanceBook(), new VerdictBook(() => false)];
    for await (const events of journal.events()) {
      for (const event of events) {
        maintenance.restore(event);
        verdicts.hear(event);
      }
    }
    return { maintenance, verdicts };
  } finally {
    await journal.close();
  }
}
