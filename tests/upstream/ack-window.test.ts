import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AckWindow } from '../../edge/upstream/ack-window.ts';

describe('the window of unconfirmed events', () => {
  it('calls done exactly the unbroken run from the oldest, in whatever order confirmations come', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray(Array.from({ length: 30 }, (_, index) => index + 1)), (order) => {
        const window = new AckWindow();
        for (let sequence = 1; sequence <= 30; sequence++) window.add(sequence, sequence * 10);
        const confirmed = new Set<number>();
        let done = 0;
        for (const sequence of order) {
          confirmed.add(sequence);
          const run = window.confirm(sequence);
          expect(run).toEqual(Array.from(run, (_, index) => done + 1 + index));
          done += run.length;
          expect(confirmed.has(done + 1)).toBe(false);
          expect(window.size).toBe(30 - done);
          expect(window.oldest?.time).toBe(done === 30 ? undefined : (done + 1) * 10);
        }
      }),
    );
  });
});
