import type { Priority } from '../core/alarm.ts';
import type { EventType } from '../core/event.ts';
import type { Text } from '../core/text.ts';

/** What is looked for in the past; empty texts mean all. Times are ms since epoch, `to` is not among them. */
export interface HistoryWish {
  readonly from: number;
  readonly to: number;
  readonly asset: string;
  readonly utility: string;
  readonly kind: string;
  readonly priority: Priority | '';
  /** A type of event, or what such types begin with: `alarm`, `incident`, `alarm.raised`. */
  readonly type: string;
  /** Every one of them stands in the texts of the event, its subject by id or name, or in what somebody said. */
  readonly words: string;
  /** Only events with a lower sequence. */
  readonly before: number;
  readonly most: number;
}

/** One event of the past. */
export interface HistoryLine {
  readonly sequence: number;
  /** ms since epoch. */
  readonly time: number;
  readonly type: EventType;
  readonly subject: string;
  readonly utility: string;
  readonly text: Text;
  /** Who did it, and what they said; empty where nobody did or said anything. */
  readonly by: string;
  readonly note: string;
  /** The alarm that it tells of, of an incident its root; null where it tells of none. */
  readonly alarm: string | null;
  readonly priority: Priority | null;
  readonly safety: boolean;
}

/** Part of what was found, newest first. */
export interface HistoryPage {
  readonly lines: readonly HistoryLine[];
  /** What to go on before; null where all of the span was looked at. */
  readonly next: number | null;
  /** How far back this answer has looked, ms since epoch. */
  readonly searchedTo: number;
}
