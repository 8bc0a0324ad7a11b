import { z } from 'zod';
import type { AlarmCase } from '../core/alarm.ts';
import type { StepList } from '../core/incident-work.ts';
import { both } from '../core/text.ts';
import { consoleErrors } from './errors.ts';
import type { ConsoleIncident, ConsoleIncidents, IncidentAct } from './incident-api.ts';
import type { IncidentLineView, IncidentsView, IncidentView } from './incident-wire.ts';
import { type ConsoleRoute, onBehalf, printable, route, signed } from './route.ts';

/** Bounds of what is sent to a page at once. */
const maxIncidentsShown = 100;
const maxMembersShown = 50;

/** The id stands in the body: it contains a slash, and a path that is decoded twice is a hole. */
const name = z.string().min(3).max(240);
const one = { incident: name, ...onBehalf };
const noted = { ...one, note: printable(500).default('') };
const explained = { ...one, note: printable(500).min(1) };
const sending = z.strictObject({ ...noted, to: printable(100).min(1) });
const ticking = z.strictObject({
  ...{ ...one, alarm: z.string().min(3).max(200), step: z.number().int().min(0).max(99) },
  ...{ done: z.boolean(), note: printable(500).default('') },
});

/** The routes about incidents. What people do about them is journaled in their name before it is answered. */
export function incidentRoutes(incidents: ConsoleIncidents): readonly ConsoleRoute[] {
  /** A route by which a person does something about one incident; 404 where there is none, or none of its steps. */
  const act = <Body extends z.ZodType<{ readonly incident: string; readonly by?: string | undefined }>>(
    [path, summary]: readonly [path: string, summary: string],
    body: Body,
    does: (fields: z.output<Body>, by: string) => IncidentAct,
  ): ConsoleRoute =>
    route({
      ...{ method: 'POST', path: `/api/incident-${path}`, policy: 'operator', summary, body },
      async answer(call) {
        const { by: _, incident, ...fields } = call.body;
        const before = stateOf(incidents.get(incident));
        call.note({ before });
        const result = await incidents.act(incident, does(call.body, signed(call)));
        if (result === 'unknown')
          throw consoleErrors.create(
            'NOT-FOUND',
            both(`${path} ${incident}: there is none of that`, `${path} ${incident}：没有此事件`),
          );
        call.note({ before, after: { ...fields, ...stateOf(incidents.get(incident)) } });
        return { result };
      },
    });

  return [
    route({
      ...{ method: 'GET', path: '/api/incidents', policy: 'viewer' },
      summary: 'Incidents that are not done, a line each, and those that were closed last',
      answer: () => incidentsView(incidents),
    }),
    route({
      ...{ method: 'GET', path: '/api/incident', policy: 'viewer', query: z.strictObject({ id: name }) },
      summary: 'One incident with its alarms in the order of coming, its steps, and what was done about it',
      answer: ({ query }) => incidentView(incidents, query.id),
    }),
    act(['acknowledge', 'Takes an incident over'], z.strictObject(noted), ({ note }, by) => ({
      ...{ did: 'acknowledged', by, note },
    })),
    act(['dispatch', 'Says who was sent to an incident'], sending, ({ to, note }, by) => ({
      ...{ did: 'dispatched', by, to, note },
    })),
    act(
      ['step', 'Ticks a step of the checklist, or takes the tick back'],
      ticking,
      ({ alarm, step, done, note }, by) => ({
        ...{ did: done ? 'step-done' : 'step-undone', by, alarm, step, note },
      }),
    ),
    act(['note', 'Adds a note to an incident'], z.strictObject(explained), ({ note }, by) => ({
      ...{ did: 'noted', by, note },
    })),
    act(['close', 'Closes an incident'], z.strictObject(explained), ({ note }, by) => ({
      ...{ did: 'closed-out', by, note },
    })),
    act(['reopen', 'Opens an incident again that was closed'], z.strictObject(explained), ({ note }, by) => ({
      ...{ did: 'reopened', by, note },
    })),
  ];
}

/** How an incident stands, for the audit log. */
const stateOf = (incident: ConsoleIncident | undefined) =>
  incident && {
    ...{ stage: incident.work.stage, over: incident.endedAt !== undefined },
    stepsDone: incident.work.ticks.length,
  };

function lineOf(incident: ConsoleIncident): IncidentLineView {
  const { id, openedAt, endedAt = null, riskLevel, riskWhy = null, root, message, members, work, checklist } = incident;
  const cause = members.find((alarm) => alarm.id === root);
  const assets = [...new Set([...(cause ? [cause] : []), ...members].map(({ asset }) => asset))];
  const sent = work.entries.findLast(({ did }) => did === 'dispatched' || did === 'reopened');
  return {
    ...{ id, openedAt, endedAt, riskLevel, riskWhy, root, message, stage: work.stage, members: members.length },
    standing: members.filter(({ finding }) => finding.active).length,
    assets: assets.slice(0, maxMembersShown),
    crew: sent?.did === 'dispatched' ? sent.to : '',
    steps: checklist.reduce((sum, { steps }) => sum + steps.length, 0),
    stepsDone: work.ticks.filter((tick) => isAsked(checklist, tick)).length,
    cases: casesOf(incident),
  };
}

/** A step that an earlier root asked for is done all the same, and stands in the time line alone. */
const isAsked = (checklist: readonly StepList[], { alarm, step }: { alarm: string; step: number }): boolean =>
  checklist.some((list) => list.alarm === alarm && step < list.steps.length);

/** One for each number of the platform. */
function casesOf({ members }: ConsoleIncident): readonly AlarmCase[] {
  const told = members.flatMap(({ cityCase }) => cityCase ?? []).sort((a, b) => a.at - b.at);
  return [...new Map(told.map((one) => [one.number, one])).values()].sort((a, b) => b.at - a.at);
}

function incidentsView(incidents: ConsoleIncidents): IncidentsView {
  const current = incidents.current();
  return {
    total: current.length,
    incidents: current.slice(0, maxIncidentsShown).map(lineOf),
    closed: incidents.closed().slice(0, maxIncidentsShown).map(lineOf),
  };
}

function incidentView(incidents: ConsoleIncidents, id: string): IncidentView {
  const incident = incidents.get(id);
  if (!incident)
    throw consoleErrors.create(
      'NOT-FOUND',
      both(`look at incident ${id}: it is over, or there is none`, `查看事件 ${id}：已结束或不存在`),
    );
  const { members, work, checklist, consequence = null } = incident;
  return { ...lineOf(incident), alarms: members.slice(0, maxMembersShown), consequence, work, checklist };
}
