import type { Priority } from '../../core/alarm.ts';

/** What an alarm is to those who decide whom to tell. */
export interface AlarmNews {
  /** `<asset>/<kind>`. */
  readonly id: string;
  readonly incident: string | null;
  readonly safety: boolean;
  readonly priority: Priority;
  /** Whether its condition stands. */
  readonly active: boolean;
  readonly acknowledged: boolean;
  /** Announced anew, because nothing had come of it. */
  readonly again?: boolean;
}

/** Alarms that people are told of as one thing: those of an incident, or one alone. A safety alarm is always alone. */
interface Case {
  readonly safety: boolean;
  /** The highest so far. */
  priority: Priority;
  /** Those that stand, by id. */
  alarms: string[];
  /** Somebody has taken it. */
  acknowledged: boolean;
  /** Told in this round. */
  told: string[];
  /** When the next person is told. */
  dueMs: number;
}

/** Everything decided so far; plain data, so that it can be kept on disk. */
export interface Book {
  readonly cases: Record<string, Case>;
  /** When messages that count went to a person. */
  readonly sent: Record<string, number[]>;
  /** Cases that a person is to be told of once there is room. */
  readonly held: Record<string, string[]>;
}

export interface Policy {
  /** How long a person has before the next one is told. */
  readonly nextAfterMs: number;
  /** Messages to one person in one window at most; safety alarms do not count. */
  readonly messages: number;
  readonly windowMs: number;
}

/** One message to one person. */
export interface Decision {
  readonly person: string;
  /** Several where messages were held back. */
  readonly cases: readonly string[];
  readonly safety: boolean;
}

/** Cases at most; beyond it alarms without a case share one. */
const maxCases = 1_000;
const floodCase = 'flood';
const rank: Readonly<Record<Priority, number>> = { critical: 3, high: 2, medium: 1, low: 0 };

export const emptyBook = (): Book => ({ cases: {}, sent: {}, held: {} });

/** Takes in how an alarm stands now. */
export function heed(book: Book, news: AlarmNews, nowMs: number): void {
  const key = caseOf(book, news);
  const known = book.cases[key];
  if (isOver(news)) {
    if (!known) return;
    known.alarms = known.alarms.filter((id) => id !== news.id);
    if (known.alarms.length === 0) delete book.cases[key];
    return;
  }
  if (!known) {
    const { safety, priority, acknowledged } = news;
    book.cases[key] = { safety, priority, alarms: [news.id], acknowledged, told: [], dueMs: nowMs };
    return;
  }
  if (!known.alarms.includes(news.id)) known.alarms.push(news.id);
  if (news.acknowledged) known.acknowledged = true;
  else if (news.again || rank[news.priority] > rank[known.priority]) {
    Object.assign(known, { acknowledged: false, told: [], dueMs: nowMs });
  }
  if (rank[news.priority] > rank[known.priority]) known.priority = news.priority;
}

/** A safety alarm that went by itself still wants a person. */
const isOver = ({ active, acknowledged, safety }: AlarmNews): boolean => !active && (acknowledged || !safety);

/** The case that an alarm belongs to; once in one it stays there. */
function caseOf({ cases }: Book, { id, safety, incident }: AlarmNews): string {
  if (safety) return `alarm ${id}`;
  for (const [key, { alarms, safety: alone }] of Object.entries(cases)) if (!alone && alarms.includes(id)) return key;
  const key = incident === null ? `alarm ${id}` : `incident ${incident}`;
  return key in cases || Object.keys(cases).length < maxCases ? key : floodCase;
}

/** Whether somebody still has to be found for a case. */
export const isOpen = ({ cases }: Book, key: string): boolean => cases[key]?.acknowledged === false;

/**
 * Decides whom to tell what now, and notes it.
 * @param duty people on duty, first to be told first; at least one
 */
export function decide(book: Book, nowMs: number, duty: readonly string[], policy: Policy): readonly Decision[] {
  const decisions: Decision[] = [];
  for (const [key, open] of Object.entries(book.cases)) {
    if (open.acknowledged || open.dueMs > nowMs) continue;
    const person = nextPerson(open, duty);
    open.told.push(person);
    open.dueMs = nowMs + policy.nextAfterMs;
    if (open.safety) {
      decisions.push({ person, cases: [key], safety: true });
      continue;
    }
    book.held[person] ??= [];
    const held = book.held[person];
    if (!held.includes(key)) held.push(key);
  }
  for (const person of Object.keys(book.held)) decisions.push(...release(book, person, nowMs, policy));
  return decisions;
}

/** The first one on duty that was not told in this round; after the last a new round begins. */
function nextPerson(open: Case, duty: readonly string[]): string {
  const next = duty.find((person) => !open.told.includes(person));
  if (next !== undefined) return next;
  open.told = [];
  return duty[0] ?? '';
}

/** What a person is told of what was held, as far as there is room: each by itself, or the rest in one. */
function release(book: Book, person: string, nowMs: number, { messages, windowMs }: Policy): readonly Decision[] {
  const sent = (book.sent[person] ?? []).filter((at) => at + windowMs > nowMs);
  const held = (book.held[person] ?? []).filter((key) => isOpen(book, key));
  const decisions: Decision[] = [];
  for (let room = messages - sent.length; room > 0 && held.length > 0; room--) {
    decisions.push({ person, cases: held.splice(0, room === 1 ? held.length : 1), safety: false });
    sent.push(nowMs);
  }
  keep(book.sent, person, sent);
  keep(book.held, person, held);
  return decisions;
}

function keep<Item>(record: Record<string, Item[]>, person: string, items: Item[]): void {
  if (items.length > 0) record[person] = items;
  else delete record[person];
}

/** When `decide` has something to do next unless news come; undefined when never. */
export function nextMs(book: Book, { windowMs, messages }: Policy): number | undefined {
  const times = Object.values(book.cases).flatMap(({ acknowledged, dueMs }) => (acknowledged ? [] : [dueMs]));
  for (const person of Object.keys(book.held)) {
    const { [person]: sent = [] } = book.sent;
    times.push(sent.length < messages ? 0 : (sent[sent.length - messages] ?? 0) + windowMs);
  }
  return times.length > 0 ? Math.min(...times) : undefined;
}
