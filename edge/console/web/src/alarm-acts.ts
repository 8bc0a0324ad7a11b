import type { AlarmFilter, AlarmListActView, AlarmListName, alarmListActs } from '../../alarm-wire.ts';
import { postJson } from './feed.ts';

/** All alarms of a list that pass a filter, as they were seen at a moment of the gateway's clock, ms. */
export interface WholeList extends AlarmFilter {
  readonly list: AlarmListName;
  readonly seenAt: number;
}

/** Does the same with all of them; resolves with what became of it. */
export const actOnList = (
  list: WholeList,
  act: (typeof alarmListActs)[number],
  by: string,
  more: { readonly note: string; readonly minutes?: number; readonly once?: boolean },
): Promise<AlarmListActView> => postJson('/api/alarm-list-act', { ...list, act, by, ...more });

/** What people do with alarms and values, each in the name of a person; all throw when the gateway refuses. */
export const acknowledge = (alarm: string, by: string, note = ''): Promise<unknown> =>
  postJson('/api/acknowledge', { alarm, by, note });
export const resetAlarm = (alarm: string, by: string): Promise<unknown> => postJson('/api/reset', { alarm, by });
export const commentOn = (alarm: string, text: string, by: string): Promise<unknown> =>
  postJson('/api/comment', { alarm, text, by });
export const unshelve = (alarm: string, by: string): Promise<unknown> => postJson('/api/unshelve', { alarm, by });

/** For how long, and why. */
export interface Shelving {
  readonly minutes: number;
  readonly once: boolean;
  readonly reason: string;
}

export const shelve = (alarm: string, by: string, shelving: Shelving): Promise<unknown> =>
  postJson('/api/shelve', { alarm, by, ...shelving });

export const hangTag = (subject: string, by: string, reason: string, minutes: number): Promise<unknown> =>
  postJson('/api/maintenance', { subject, by, reason, minutes });
export const takeTagOff = (subject: string, by: string): Promise<unknown> =>
  postJson('/api/maintenance-end', { subject, by });

export const setByHand = (tag: string, value: number, by: string, reason: string, minutes: number): Promise<unknown> =>
  postJson('/api/manual-value', { tag, value, by, reason, minutes });
export const simulate = (tag: string, value: number, by: string, reason: string): Promise<unknown> =>
  postJson('/api/manual-value', { tag, value, by, reason, minutes: 30, simulated: true });
export const takeBack = (tag: string, by: string): Promise<unknown> => postJson('/api/manual-value-end', { tag, by });
