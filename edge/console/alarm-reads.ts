import { z } from 'zod';
import { both } from '../core/text.ts';
import { alarmList, alarmsView, rank } from './alarm-list.ts';
import { type AlarmDetailView, alarmLists } from './alarm-wire.ts';
import type { ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import { type ConsoleRoute, printable, route } from './route.ts';
import type { VerdictsView } from './wire.ts';

/** Alarms sent at once; the totals are always true. */
const maxAlarmsShown = 500;
/** Alarms, those that are over included, that stand beside the report on verdicts. */
const maxRecentAlarms = 100;

const priorities = Object.keys(rank) as [keyof typeof rank];
const listQuery = z.strictObject({
  list: z.enum(alarmLists).default('standing'),
  utility: printable(100).default(''),
  priority: z.enum(['', ...priorities]).default(''),
  asset: printable(200).default(''),
  words: printable(200).default(''),
  unacknowledged: z.stringbool().default(false),
  from: z.coerce.number().int().nonnegative().default(0),
  most: z.coerce.number().int().min(1).max(maxAlarmsShown).default(100),
});
const alarmQuery = z.strictObject({
  id: z.string().min(3).max(200),
  event: z.coerce.number().int().nonnegative().default(0),
});
const historyQuery = z.strictObject({
  from: z.coerce.number().nonnegative().default(0),
  to: z.coerce.number().positive().default(Number.MAX_SAFE_INTEGER),
  asset: printable(200).default(''),
  utility: printable(100).default(''),
  kind: printable(100).default(''),
  priority: z.enum(['', ...priorities]).default(''),
  type: printable(60).default(''),
  words: printable(200).default(''),
  before: z.coerce.number().int().positive().default(Number.MAX_SAFE_INTEGER),
  most: z.coerce.number().int().min(1).max(maxAlarmsShown).default(100),
});
const minuteMs = 60_000;
const longestReportMs = 400 * 86_400_000;
const performanceQuery = z.strictObject({
  lastMs: z.coerce
    .number()
    .min(minuteMs)
    .max(longestReportMs)
    .default(7 * 86_400_000),
});

const verdictsView = (source: ConsoleSource): VerdictsView => ({
  ...source.verdicts(),
  recent: source.recentAlarms(maxRecentAlarms),
});

async function detailOf(source: ConsoleSource, id: string, event: number): Promise<AlarmDetailView> {
  const known = await source.alarm(id, event);
  if (!known)
    throw consoleErrors.create(
      'NOT-FOUND',
      both(`look at alarm ${id}: only the history may have it`, `查看报警 ${id}：仅历史记录中可能存在`),
    );
  const { alarm, consequence = null, respondWithinMin } = known;
  return { alarm, consequence, respondWithinMin };
}

/** The routes that tell of alarms, those that stand and those that are past. */
export function alarmReads(source: ConsoleSource): readonly ConsoleRoute[] {
  return [
    route({
      ...{ method: 'GET', path: '/api/alarms', policy: 'viewer' },
      summary: 'Alarms that are not back to normal, the most urgent first, and those that are hidden',
      answer: () => alarmsView(source, maxAlarmsShown),
    }),
    route({
      ...{ method: 'GET', path: '/api/alarm-list', policy: 'viewer', query: listQuery },
      summary: 'One page of the alarms of a list that pass a filter, the most urgent first, and how many there are',
      answer: ({ query }) => alarmList(source, query),
    }),
    route({
      ...{ method: 'GET', path: '/api/alarm', policy: 'viewer', query: alarmQuery },
      summary:
        'One alarm, over or not, with its consequence and time to respond; older ones as an event of the history tells',
      answer: ({ query }) => detailOf(source, query.id, query.event),
    }),
    route({
      ...{ method: 'GET', path: '/api/alarm-history', policy: 'viewer', query: historyQuery },
      summary: 'Past alarms and events of a span, newest first; where next is given, ask again before that',
      answer: ({ query }) => source.pastAlarms(query),
    }),
    route({
      ...{ method: 'GET', path: '/api/alarm-performance', policy: 'viewer', query: performanceQuery },
      summary: 'Figures of how the alarms did over the last time',
      answer: ({ query }) => source.performance(query.lastMs),
    }),
    route({
      ...{ method: 'GET', path: '/api/verdicts', policy: 'viewer' },
      summary: 'What people think of the alarms of each detector, and the last alarms',
      answer: () => verdictsView(source),
    }),
  ];
}
