interface Sent {
  readonly sequence: number;
  /** Time of the event, ms since epoch. */
  readonly time: number;
  done: boolean;
}

/**
 * Events sent and not yet confirmed, in order. Confirmations may come in any order; what counts as done is only the
 * unbroken run from the oldest, so that a cursor never passes an event that nobody has.
 */
export class AckWindow {
  private sent: Sent[] = [];

  get size(): number {
    return this.sent.length;
  }

  /** The oldest event not done, undefined when there is none. */
  get oldest(): Pick<Sent, 'sequence' | 'time'> | undefined {
    return this.sent[0];
  }

  /** Notes an event as sent; sequences must rise. */
  add(sequence: number, time: number): void {
    this.sent.push({ sequence, time, done: false });
  }

  /** Notes a confirmation; returns the events now done, oldest first. */
  confirm(sequence: number): readonly number[] {
    const entry = this.sent.find((candidate) => candidate.sequence === sequence);
    if (entry) entry.done = true;
    const open = this.sent.findIndex((candidate) => !candidate.done);
    return this.sent.splice(0, open < 0 ? this.sent.length : open).map((candidate) => candidate.sequence);
  }

  /** Forgets everything, as after a lost connection: it will be sent again. */
  clear(): void {
    this.sent = [];
  }
}
