import { z } from 'zod';
import { LifelineError, problemOf } from '../core/errors.ts';
import { alarmsOfList, rank } from './alarm-list.ts';
import { type AlarmListActView, alarmListActs } from './alarm-wire.ts';
import type { ConsoleSource } from './api.ts';
import { type ConsoleRoute, onBehalf, printable, route, signed } from './route.ts';

/** Alarms dealt with by one request; more are left for the next. */
const maxAlarms = 2_000;
/** Journaled together. */
const atOnce = 100;
const minuteMs = 60_000;

const priorities = Object.keys(rank) as [keyof typeof rank];
const wish = z.strictObject({
  act: z.enum(alarmListActs),
  list: z.enum(['standing', 'shelved']),
  utility: printable(100).default(''),
  priority: z.enum(['', ...priorities]).default(''),
  asset: printable(200).default(''),
  words: printable(200).default(''),
  unacknowledged: z.boolean().default(false),
  seenAt: z.number().describe('Alarms that were announced later, ms since epoch, are left alone: nobody has seen them'),
  note: printable(200).default(''),
  minutes: z.number().positive().default(15),
  once: z.boolean().default(false),
  ...onBehalf,
});
type Wish = z.output<typeof wish>;

/** What people do with all alarms of a list that pass a filter; each is journaled by itself. */
export const alarmBulkRoutes = (source: ConsoleSource): readonly ConsoleRoute[] => [
  route({
    ...{ method: 'POST', path: '/api/alarm-list-act', policy: 'operator', body: wish },
    summary: `Acknowledges, shelves, brings back or comments on the alarms of a list that pass a filter, ${maxAlarms} at most`,
    async answer(call): Promise<AlarmListActView> {
      const { body, note } = call;
      const { utility, priority, asset, words, unacknowledged } = body;
      const found = alarmsOfList(source, body.list, { utility, priority, asset, words, unacknowledged });
      const seen = found.filter(({ announcedAt, raisedAt }) => (announcedAt ?? raisedAt) <= body.seenAt);
      const dealt = seen.slice(0, maxAlarms);
      let done = 0;
      let problem: AlarmListActView['problem'] = null;
      for (let from = 0; from < dealt.length; from += atOnce) {
        const part = dealt.slice(from, from + atOnce);
        const results = await Promise.allSettled(part.map(({ id }) => actOn(source, id, body, signed(call))));
        for (const result of results) {
          if (result.status === 'fulfilled') done++;
          else if (result.reason instanceof LifelineError) problem ??= problemOf(result.reason);
          else throw result.reason;
        }
      }
      const view = { done, refused: dealt.length - done, left: found.length - dealt.length, problem };
      note({ target: body.list, after: { ...body, ...view } });
      return view;
    },
  }),
];

function actOn({ acts }: ConsoleSource, id: string, { act, note, minutes, once }: Wish, by: string): Promise<unknown> {
  if (act === 'acknowledge') return acts.acknowledge(id, by, note);
  if (act === 'unshelve') return acts.unshelve(id, by);
  if (act === 'comment') return acts.comment(id, note, by);
  return acts.shelve(id, { by, reason: note, once, forMs: minutes * minuteMs });
}
