import type { Priority } from '../core/alarm.ts';
import type { Problem } from '../core/errors.ts';
import type { Text } from '../core/text.ts';
import type { HistoryPage } from './alarm-history-api.ts';
import type { AlarmView } from './wire.ts';

/**
 * Alarms of one thing: the id of the most urgent, how many there are, and how urgent that one is, twice the rank of its
 * priority and one more when somebody has acknowledged it. Short, for ten thousand of them stand in a feed.
 */
export type AlarmTally = readonly [alarm: string, count: number, urgency: number];

/** All alarms that people must act on, those counted in that are not sent. */
export interface AlarmTallies {
  /** One for each asset, device or gateway with an alarm; whose it is, the id of its alarm says. */
  readonly assets: readonly AlarmTally[];
  readonly utilities: Readonly<Record<string, AlarmTally>>;
  readonly priorities: Readonly<Record<Priority, readonly [count: number, unacknowledged: number]>>;
  readonly safety: number;
  /** Those among the hidden ones that a person put aside. */
  readonly shelved: number;
}

/** Which of the three lists: what people must act on, what a person put aside, and what else is out of view. */
export const alarmLists = ['standing', 'shelved', 'suppressed'] as const;
export type AlarmListName = (typeof alarmLists)[number];

/** What of a list is looked at; empty texts mean all. */
export interface AlarmFilter {
  readonly utility: string;
  readonly priority: Priority | '';
  readonly asset: string;
  /** Every one of them stands in the texts of the alarm, its id or the name of its asset. */
  readonly words: string;
  readonly unacknowledged: boolean;
}

/** `GET /api/alarm-list`: the most urgent first. */
export interface AlarmListView {
  /** Those that pass, of which a page is sent from the place `from` on. */
  readonly total: number;
  readonly from: number;
  readonly alarms: readonly AlarmView[];
}

/** What is done with all alarms of a list at once. */
export const alarmListActs = ['acknowledge', 'shelve', 'unshelve', 'comment'] as const;

/** `POST /api/alarm-list-act`. */
export interface AlarmListActView {
  /** Dealt with, refused, and those that passed but were announced later or were too many for one request. */
  readonly done: number;
  readonly refused: number;
  readonly left: number;
  /** Why the first was refused; null when none was. */
  readonly problem: Problem | null;
}

/** `GET /api/alarm-history`. */
export type AlarmHistoryView = HistoryPage;

/** `GET /api/alarm`: one alarm, that is over perhaps, with what the pack says of its kind. */
export interface AlarmDetailView {
  readonly alarm: AlarmView;
  /** What comes of it when nobody acts; null where the pack does not say. */
  readonly consequence: Text | null;
  /** In how many minutes somebody must have acted. */
  readonly respondWithinMin: number;
}
