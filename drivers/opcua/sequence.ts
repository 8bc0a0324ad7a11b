const largest = 0xffff_ffff;
/** A longer gap is not asked for message by message: servers keep far fewer. */
const maxMissing = 100;

/** What one message tells of those before it. */
export interface SequenceStep {
  /** Numbers that never came, oldest first, at most 100 of them. */
  readonly missing: readonly number[];
  /** How many never came. */
  readonly count: number;
}

const none: SequenceStep = { missing: [], count: 0 };

/**
 * Follows the sequence numbers of one subscription (Part 4, 7.26): they begin at 1 and go from 2³²−1 back to 1; a
 * keep-alive carries the number that the next message will have. What is older than expected came already.
 */
export class SequenceWatch {
  private next = 1;

  take(sequenceNumber: number, keepAlive: boolean): SequenceStep {
    const ahead = (sequenceNumber - this.next + largest) % largest;
    if (ahead > largest / 2) return none;
    const missing = Array.from({ length: Math.min(ahead, maxMissing) }, (_, index) => after(this.next, index));
    this.next = keepAlive ? sequenceNumber : after(sequenceNumber, 1);
    return ahead === 0 ? none : { missing, count: ahead };
  }
}

const after = (number: number, steps: number): number => ((number - 1 + steps) % largest) + 1;
