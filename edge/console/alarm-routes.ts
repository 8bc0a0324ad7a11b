import { z } from 'zod';
import { both } from '../core/text.ts';
import { verdicts } from '../core/verdict.ts';
import { alarmBulkRoutes } from './alarm-bulk-routes.ts';
import { alarmReads } from './alarm-reads.ts';
import type { ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import type { RoutePolicy } from './grants.ts';
import { type ConsoleRoute, onBehalf, printable, route, signed } from './route.ts';

/** The alarm's id stands in the body: it contains a slash, and a path that is decoded twice is a hole. */
const one = { alarm: z.string().min(3).max(200), ...onBehalf };
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
const tagging = z.strictObject({ subject, ...onBehalf, reason: printable(200).min(1), minutes: z.number().positive() });
const untagging = z.strictObject({ subject, ...onBehalf });
const manualValue = z.strictObject({
  ...{ tag: subject, value: z.number(), ...onBehalf, reason: printable(200).min(1), minutes: z.number().positive() },
  simulated: z.boolean().default(false).describe('Taken for measured by limits and safety alarms, 30 min at most'),
});
const manualEnd = z.strictObject({ tag: subject, ...onBehalf });
const minuteMs = 60_000;

/** How an alarm stands, for the audit log. */
function stateOf(source: ConsoleSource, id: string) {
  const alarm = source.alarms().find((one) => one.id === id);
  return alarm && { state: alarm.state, raisedAt: alarm.raisedAt, verdict: alarm.judgement?.verdict };
}

/** Fields of an act, in whose name it is done among them. */
type InName<Fields> = Omit<Fields, 'by'> & { readonly by: string };

/** The routes about alarms. What people do with them is journaled in their name before it is answered. */
export function alarmRoutes(source: ConsoleSource): readonly ConsoleRoute[] {
  const { acts, manual } = source;

  /** A route by which a person does something about one thing; 404 where there is no such thing. */
  const act = <Body extends z.ZodType<{ readonly by?: string | undefined }>>(
    [path, summary]: readonly [path: string, summary: string],
    body: Body,
    does: (fields: InName<z.output<Body>>) => Promise<string | boolean>,
    policy: RoutePolicy = 'operator',
  ): ConsoleRoute =>
    route({
      ...{ method: 'POST', path: `/api/${path}`, policy, summary, body },
      async answer(call) {
        const fields: Readonly<Record<string, unknown>> = call.body;
        call.note({ before: stateOf(source, String(fields['alarm'])) });
        const result = await does({ ...call.body, by: signed(call) });
        if (result === 'unknown' || result === false)
          throw consoleErrors.create(
            'NOT-FOUND',
            both(`${path}: there is nothing of that name`, `${path}：没有此名称的对象`),
          );
        return { result: result === true ? 'done' : result };
      },
    });

  return [
    ...alarmReads(source),
    ...alarmBulkRoutes(source),
    act(['acknowledge', 'Acknowledges an alarm'], acknowledgement, ({ alarm, by, note }) =>
      acts.acknowledge(alarm, by, note),
    ),
    act(['reset', 'Lets an alarm go that has latched'], actSpec, ({ alarm, by }) => acts.reset(alarm, by)),
    act(['shelve', 'Puts an alarm aside for a time'], shelving, ({ alarm, minutes, ...wish }) =>
      acts.shelve(alarm, { ...wish, forMs: minutes * minuteMs }),
    ),
    act(['unshelve', 'Takes an alarm back that was put aside'], actSpec, ({ alarm, by }) => acts.unshelve(alarm, by)),
    act(['comment', 'Comments on an alarm'], comment, ({ alarm, text, by }) => acts.comment(alarm, text, by)),
    act(['verdict', 'Says what an alarm was worth'], judgement, ({ alarm, raisedAt, ...given }) =>
      acts.judge(alarm, given, raisedAt),
    ),
    act(['maintenance', 'Hangs a maintenance tag'], tagging, ({ subject, by, reason, minutes }) =>
      acts.hangTag(subject, { by, reason, forMs: minutes * minuteMs }),
    ),
    act(['maintenance-end', 'Takes a maintenance tag off'], untagging, ({ subject, by }) =>
      acts.takeTagOff(subject, by),
    ),
    act(
      ['manual-value', 'Sets a value by hand, or simulates one to test a loop'],
      manualValue,
      async ({ minutes, ...wish }) => {
        await manual.set({ ...wish, forMs: minutes * minuteMs });
        return true;
      },
      'engineer',
    ),
    act(
      ['manual-value-end', 'Takes back a value set by hand or simulated'],
      manualEnd,
      ({ tag, by }) => manual.end(tag, by),
      'engineer',
    ),
  ];
}
