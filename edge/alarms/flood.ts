import type { EventType } from '../core/event.ts';

/** A flood begins with more alarms than this in ten minutes, and ends with fewer than that (IEC 62682, EEMUA 191). */
const beginsAbove = 10;
const endsBelow = 5;
export const floodWindowMs = 600_000;

/** Whether an event tells people of an alarm. */
export const isAnnouncement = (type: EventType): boolean => type === 'alarm.raised' || type === 'alarm.re-alarmed';

/** What a moment changes: a flood began, or ended, with the alarms that it had in all. */
export type FloodChange =
  | { readonly type: 'gateway.flood-began'; readonly alarms: number }
  | { readonly type: 'gateway.flood-ended'; readonly alarms: number; readonly since: number };

/** Counts the alarms that people are told of, and says when they are more than a person can take in. */
export class FloodWatch {
  /** When alarms of the last ten minutes were announced, ms since epoch, oldest first. */
  private announced: number[] = [];
  private flood: { readonly since: number; alarms: number } | undefined;

  /** The flood that is on: since when, and how many alarms so far. */
  get current(): { readonly since: number; readonly alarms: number } | undefined {
    return this.flood;
  }

  /** The wall clock was set by so much. */
  clockJumped(byMs: number): void {
    this.announced = this.announced.map((time) => time + byMs);
  }

  /** A flood that is on began when `whole` says, with all the alarms since. */
  recall(whole: FloodWatch): void {
    if (this.flood && whole.flood) this.flood = whole.flood;
  }

  /** An alarm was announced. */
  announce(nowMs: number): FloodChange | undefined {
    this.announced.push(nowMs);
    if (this.flood) this.flood.alarms++;
    return this.look(nowMs);
  }

  /** Time went on. */
  look(nowMs: number): FloodChange | undefined {
    const first = this.announced.findIndex((time) => time > nowMs - floodWindowMs);
    if (first !== 0) this.announced = first < 0 ? [] : this.announced.slice(first);
    const alarms = this.announced.length;
    if (!this.flood && alarms > beginsAbove) {
      this.flood = { since: this.announced[0] ?? nowMs, alarms };
      return { type: 'gateway.flood-began', alarms };
    }
    if (!this.flood || alarms >= endsBelow) return undefined;
    const over = this.flood;
    this.flood = undefined;
    return { type: 'gateway.flood-ended', ...over };
  }
}
