import { z } from 'zod';
import { isHidden } from '../core/alarm.ts';
import { verdicts } from '../core/verdict.ts';
import type { ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import type { RoutePolicy } from './policy.ts';
import { type ConsoleRoute, printable } from './routes.ts';
import { type AlarmsView, compareAlarms, type VerdictsView } from './wire.ts';

/** Alarms sent to a page at once; the most urgent come first and the totals are always true. */
const maxAlarmsShown = 500;
/** Alarms, those that are over included, that stand beside the report on verdicts. */
const maxRecentAlarms = 100;

/** The alarm's id stands in the body: it contains a slash, and a path that is decoded twice is a hole. */
const one = { alarm: z.string().min(3).max(200), by: printable(64).min(1) };
const actSpec = z.strictObject(one);
const acknowledgement = z.strictObject({ ...one, note: printable(500).default('') });
const comment = z.strictObject({ ...one, text: printable(500).min(1) });
const shelving = z.strictObject({
  ...{ ...one, reason: printable(200).min(1), minutes: z.number().positive() },
  once: z.boolean().default(false),
});
const judgement = z.strictObject({
  ...{ ...one, verdict: z.enum(verdicts), note: printable(500).default(''), raisedAt: z.number().optional() },
});

const subject = printable(200).min(1);
const tagging = z.strictObject({ subject, by: one.by, reason: printable(200).min(1), minutes: z.number().positive() });
const untagging = z.strictObject({ subject, by: one.by });
const manualValue = z.strictObject({
  ...{ tag: subject, value: z.number(), by: one.by, reason: printable(200).min(1), minutes: z.number().positive() },
});
const manualEnd = z.strictObject({ tag: subject, by: one.by });
const minuteMs = 60_000;
const longestReportMs = 400 * 86_400_000;
const performanceQuery = z.strictObject({
  lastMs: z.coerce
    .number()
    .min(minuteMs)
    .max(longestReportMs)
    .default(7 * 86_400_000),
});

/** The alarm list as pages see it. */
export function alarmsView(source: ConsoleSource): AlarmsView {
  const alarms = [...source.alarms()].sort(compareAlarms);
  const inView = alarms.filter(({ state }) => !isHidden(state));
  const hidden = alarms.filter(({ state }) => isHidden(state));
  return {
    ...{ total: inView.length, alarms: inView.slice(0, maxAlarmsShown) },
    ...{ hiddenTotal: hidden.length, hidden: hidden.slice(0, maxAlarmsShown) },
    ...{ flood: source.flood() ?? null, maintenance: source.maintenance(), manual: source.manual.current() },
  };
}

const verdictsView = (source: ConsoleSource): VerdictsView => ({
  ...source.verdicts(),
  recent: source.recentAlarms(maxRecentAlarms),
});

/** A route by which a person does something about one thing; 404 where there is no such thing. */
function act<Spec extends z.ZodType>(
  path: string,
  spec: Spec,
  does: (body: z.output<Spec>) => Promise<string | boolean>,
  policy: RoutePolicy = 'act',
): ConsoleRoute {
  return {
    ...{ method: 'POST', path: `/api/${path}`, policy },
    async answer(request) {
      const result = await does(spec.parse(request.body));
      if (result === 'unknown' || result === false)
        throw consoleErrors.create('NOT-FOUND', `${path}: there is nothing of that name`);
      return { result: result === true ? 'done' : result };
    },
  };
}

/** The routes about alarms. What people do with them is journaled in their name before it is answered. */
export function alarmRoutes(source: ConsoleSource): readonly ConsoleRoute[] {
  const { acts, manual } = source;
  return [
    { method: 'GET', path: '/api/alarms', policy: 'read', answer: () => alarmsView(source) },
    {
      ...{ method: 'GET', path: '/api/alarm-performance', policy: 'read' },
      answer: (request) => source.performance(performanceQuery.parse(request.query).lastMs),
    },
    { method: 'GET', path: '/api/verdicts', policy: 'read', answer: () => verdictsView(source) },
    act('acknowledge', acknowledgement, ({ alarm, by, note }) => acts.acknowledge(alarm, by, note)),
    act('reset', actSpec, ({ alarm, by }) => acts.reset(alarm, by)),
    act('shelve', shelving, ({ alarm, minutes, ...wish }) =>
      acts.shelve(alarm, { ...wish, forMs: minutes * minuteMs }),
    ),
    act('unshelve', actSpec, ({ alarm, by }) => acts.unshelve(alarm, by)),
    act('comment', comment, ({ alarm, text, by }) => acts.comment(alarm, text, by)),
    act('verdict', judgement, ({ alarm, raisedAt, ...given }) => acts.judge(alarm, given, raisedAt)),
    act('maintenance', tagging, ({ subject, by, reason, minutes }) =>
      acts.hangTag(subject, { by, reason, forMs: minutes * minuteMs }),
    ),
    act('maintenance-end', untagging, ({ subject, by }) => acts.takeTagOff(subject, by)),
    act(
      'manual-value',
      manualValue,
      async ({ minutes, ...wish }) => {
        await manual.set({ ...wish, forMs: minutes * minuteMs });
        return true;
      },
      'steer',
    ),
    act('manual-value-end', manualEnd, ({ tag, by }) => manual.end(tag, by), 'steer'),
  ];
}
