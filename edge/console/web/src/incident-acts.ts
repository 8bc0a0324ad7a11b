import { postJson } from './feed.ts';
import { operatorName } from './operator.ts';

/** What people do about an incident, in the name of whoever looks at the page; all throw when the gateway refuses. */
const act = (what: string, incident: string, fields: object): Promise<unknown> =>
  postJson(`/api/incident-${what}`, { incident, by: operatorName(), ...fields });

export const takeIncident = (id: string, note: string) => act('acknowledge', id, { note });
export const sendTo = (id: string, to: string, note: string) => act('dispatch', id, { to, note });
export const noteIncident = (id: string, note: string) => act('note', id, { note });
export const closeIncident = (id: string, note: string) => act('close', id, { note });
export const reopenIncident = (id: string, note: string) => act('reopen', id, { note });
export const tickStep = (id: string, alarm: string, step: number, done: boolean) =>
  act('step', id, { alarm, step, done });
