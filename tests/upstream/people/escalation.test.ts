import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Priority } from '../../../edge/core/alarm.ts';
import {
  type AlarmNews,
  type Book,
  type Decision,
  decide,
  emptyBook,
  heed,
  nextMs,
  type Policy,
} from '../../../edge/upstream/people/escalation.ts';

const minute = 60_000;
const duty = ['wang', 'li', 'zhao'];
const policy: Policy = { nextAfterMs: 10 * minute, messages: 3, windowMs: 10 * minute };
const ranks: Priority[] = ['low', 'medium', 'high', 'critical'];

interface Happening {
  readonly atMs: number;
  readonly news: AlarmNews;
}

interface Sent extends Decision {
  readonly atMs: number;
}

const news = (id: string, more: Partial<AlarmNews> = {}): AlarmNews => ({
  ...{ id, incident: null, safety: false, priority: 'high', active: true, acknowledged: false },
  ...more,
});

/** Runs the book as the sink does: it looks at every happening and whenever it says that something is due. */
function play(
  happenings: readonly Happening[],
  untilMs: number,
  rules = policy,
  through = (book: Book) => book,
): Sent[] {
  let book = emptyBook();
  const sent: Sent[] = [];
  const look = (atMs: number) => {
    book = through(book);
    sent.push(...decide(book, atMs, duty, rules).map((decision) => ({ ...decision, atMs })));
  };
  const lookUntil = (limitMs: number) => {
    for (let next = nextMs(book, rules); next !== undefined && next < limitMs; next = nextMs(book, rules)) look(next);
  };
  for (const { atMs, news: told } of happenings) {
    lookUntil(atMs);
    heed(book, told, atMs);
    look(atMs);
  }
  lookUntil(untilMs);
  return sent;
}

/** Histories of a few alarms, each in a fixed incident or in none, in the order of time. */
const happeningsOf = (safety: boolean) => {
  const step = fc.record({
    alarm: fc.integer({ min: 0, max: 5 }),
    afterMs: fc.integer({ min: 0, max: 12 * minute }),
    change: fc.constantFrom('raise', 'raise', 'acknowledge', 'clear'),
  });
  return fc.array(step, { maxLength: 40 }).map((steps) => {
    let atMs = 0;
    return steps.map(({ alarm, afterMs, change }): Happening => {
      atMs += afterMs;
      return {
        atMs,
        news: news(`asset-${alarm}/leak`, {
          incident: alarm < 4 ? `incident-${alarm % 2}` : null,
          safety: safety && alarm % 3 === 0,
          priority: ranks[alarm % 4]!,
          active: change !== 'clear',
          acknowledged: change === 'acknowledge',
        }),
      };
    });
  });
};

const caseNamed = ({ id, incident, safety }: AlarmNews) =>
  safety || incident === null ? `alarm ${id}` : `incident ${incident}`;

interface Said {
  readonly atMs: number;
  readonly person: string;
  readonly key: string;
  /** Happenings seen by then. */
  readonly seen: number;
}

/**
 * Whom each case would have told when, by looking over the whole past at every moment at which anything can be due:
 * nothing is remembered but what was said.
 */
function bruteForce(happenings: readonly Happening[], untilMs: number): readonly Said[] {
  const said: Said[] = [];
  const moments = new Set<number>();
  for (const { atMs } of happenings) for (let at = atMs; at < untilMs; at += policy.nextAfterMs) moments.add(at);
  const seen: Happening[] = [];
  const tell = (atMs: number) => {
    for (const key of new Set(seen.map((happening) => caseNamed(happening.news)))) {
      const cause = openSince(seen.filter((happening) => caseNamed(happening.news) === key));
      if (cause === undefined) continue;
      const before = said.filter((one) => one.key === key && one.seen > happenings.indexOf(cause));
      const last = before.at(-1);
      if (last && last.atMs + policy.nextAfterMs > atMs) continue;
      said.push({ atMs, person: duty[before.length % duty.length]!, key, seen: seen.length });
    }
  };
  for (const atMs of [...moments].sort((a, b) => a - b)) {
    const now = happenings.filter((happening) => happening.atMs === atMs);
    if (now.length === 0) tell(atMs);
    for (const happening of now) {
      seen.push(happening);
      tell(atMs);
    }
  }
  return said;
}

/** The happening that set a case going, when somebody still has to be found; over the whole past of the case. */
function openSince(past: readonly Happening[]): Happening | undefined {
  let since: Happening | undefined;
  let standing: string[] = [];
  let highest = -1;
  let taken = false;
  for (const happening of past) {
    const { id, active, acknowledged, safety, priority } = happening.news;
    if (!active && (acknowledged || !safety)) {
      standing = standing.filter((one) => one !== id);
      if (standing.length === 0) since = undefined;
      continue;
    }
    const rank = ranks.indexOf(priority);
    if (standing.length === 0) {
      [highest, taken, since] = [rank, acknowledged, happening];
    } else if (acknowledged) taken = true;
    else if (rank > highest) [taken, since] = [false, happening];
    if (!standing.includes(id)) standing.push(id);
    highest = Math.max(highest, rank);
  }
  return taken ? undefined : since;
}

const roomy: Policy = { ...policy, messages: 1_000 };
const end = (happenings: readonly Happening[]) => (happenings.at(-1)?.atMs ?? 0) + 35 * minute;

describe('whom to tell', () => {
  it('are told again of an alarm that is announced anew, and not of one that was acknowledged and joined by another', () => {
    const taken = { incident: 'i', acknowledged: true };
    const happenings = [
      { atMs: 0, news: news('a/burst', { incident: 'i' }) },
      { atMs: minute, news: news('a/burst', taken) },
      { atMs: 2 * minute, news: news('b/low', { incident: 'i' }) },
      { atMs: 30 * minute, news: news('a/burst', { incident: 'i', again: true }) },
      { atMs: 31 * minute, news: news('a/burst', taken) },
    ];
    const sent = play(happenings, 120 * minute);
    expect(sent.map(({ atMs, person }) => [atMs / minute, person])).toEqual([
      [0, 'wang'],
      [30, 'wang'],
    ]);
  });

  it('tells the first on duty at once and the next after ten minutes, until somebody acknowledges', () => {
    const sent = play(
      [
        { atMs: 0, news: news('a/leak') },
        { atMs: 25 * minute, news: news('a/leak', { acknowledged: true }) },
      ],
      90 * minute,
    );
    expect(sent.map(({ atMs, person }) => [atMs / minute, person])).toEqual([
      [0, 'wang'],
      [10, 'li'],
      [20, 'zhao'],
    ]);
  });

  it('begins again with the first when nobody of all acknowledges', () => {
    const sent = play([{ atMs: 0, news: news('a/leak') }], 45 * minute);
    expect(sent.map(({ person }) => person)).toEqual(['wang', 'li', 'zhao', 'wang', 'li']);
  });

  it('goes on for a safety alarm that went by itself, and not for another', () => {
    for (const safety of [true, false]) {
      const over = { atMs: minute, news: news('a/leak', { safety, active: false }) };
      const sent = play([{ atMs: 0, news: news('a/leak', { safety }) }, over], 15 * minute);
      expect(sent.length).toBe(safety ? 2 : 1);
    }
  });

  it('is quiet about what joins an incident that somebody has, unless it is more pressing', () => {
    const of = (id: string, more: Partial<AlarmNews> = {}) => news(id, { incident: 'i', ...more });
    const sent = play(
      [
        { atMs: 0, news: of('a/leak') },
        { atMs: minute, news: of('b/leak') },
        { atMs: 2 * minute, news: of('a/leak', { acknowledged: true }) },
        { atMs: 3 * minute, news: of('c/leak') },
        { atMs: 4 * minute, news: of('d/leak', { priority: 'critical' }) },
      ],
      5 * minute,
    );
    expect(sent.map(({ atMs }) => atMs / minute)).toEqual([0, 4]);
  });

  it('sends what is beyond the rate in one message once there is room, and safety alarms at once', () => {
    const raised = Array.from({ length: 8 }, (_, index) => ({ atMs: index, news: news(`a-${index}/leak`) }));
    const gas = { atMs: 100, news: news('gas/leak', { safety: true, incident: 'i' }) };
    const sent = play([...raised, gas], 11 * minute).filter(({ person }) => person === 'wang');
    expect(sent.map(({ atMs, cases, safety }) => [atMs, cases.length, safety])).toEqual([
      [0, 1, false],
      [1, 1, false],
      [2, 1, false],
      [100, 1, true],
      [10 * minute, 5, false],
    ]);
  });

  it('tells as a count over the whole past would, where the rate does not bind', () => {
    fc.assert(
      fc.property(happeningsOf(true), (happenings) => {
        const sent = play(happenings, end(happenings), roomy);
        const told = sent.flatMap(({ atMs, person, cases }) => cases.map((key) => `${atMs} ${person} ${key}`));
        const expected = bruteForce(happenings, end(happenings)).map(
          ({ atMs, person, key }) => `${atMs} ${person} ${key}`,
        );
        expect(told.sort()).toEqual(expected.sort());
      }),
      { numRuns: 500 },
    );
  });

  it('keeps the rate in every window, holds no safety alarm back and forgets nothing that is still open', () => {
    fc.assert(
      fc.property(happeningsOf(true), (happenings) => {
        const until = end(happenings) + 60 * minute;
        const [tight, free] = [play(happenings, until), play(happenings, until, roomy)];
        const counted = tight.filter(({ safety }) => !safety);
        for (const { atMs, person } of counted) {
          const window = counted.filter(
            (one) => one.person === person && one.atMs >= atMs && one.atMs < atMs + policy.windowMs,
          );
          expect(window.length).toBeLessThanOrEqual(policy.messages);
        }
        const safe = (sent: Sent[]) => sent.filter(({ safety }) => safety);
        expect(safe(tight)).toEqual(safe(free));
        expect(safe(tight).every(({ cases }) => cases.length === 1)).toBe(true);
        // whatever is open at the end has reached everybody on duty
        const lastRound = free.filter(({ atMs }) => atMs > end(happenings));
        for (const key of new Set(lastRound.flatMap(({ cases }) => cases))) {
          for (const person of duty) {
            expect(tight.some((one) => one.person === person && one.cases.includes(key))).toBe(true);
          }
        }
      }),
      { numRuns: 300 },
    );
  });

  it('decides the same when it is written down and read again before every look', () => {
    fc.assert(
      fc.property(happeningsOf(true), (happenings) => {
        const again = play(happenings, end(happenings), policy, (book) => JSON.parse(JSON.stringify(book)));
        expect(again).toEqual(play(happenings, end(happenings)));
      }),
    );
  });
});
