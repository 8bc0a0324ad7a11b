import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';

describe('a virtual clock', () => {
  it('runs what falls due in order of time, then of registration, without what was cancelled', async () => {
    const entries = fc.array(fc.record({ delayMs: fc.nat(20), cancelled: fc.boolean() }), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(entries, async (wanted) => {
        const clock = new VirtualClock();
        const ran: [number, number][] = [];
        const timers = wanted.map(({ delayMs }, index) =>
          clock.after(delayMs, () => ran.push([clock.monotonicMs(), index])),
        );
        for (const [index, { cancelled }] of wanted.entries()) if (cancelled) timers[index]?.cancel();
        await clock.advance(20);
        const due = wanted.flatMap(({ delayMs, cancelled }, index): [number, number][] =>
          cancelled ? [] : [[delayMs, index]],
        );
        expect(ran).toEqual(due.sort(([a, first], [b, second]) => a - b || first - second));
      }),
      { numRuns: 50 },
    );
  });

  it('stands still while something is held, and goes on once what waited for it has run', async () => {
    const clock = new VirtualClock();
    const order: string[] = [];
    const release = clock.hold();
    clock.after(10, () => order.push(`due at ${clock.monotonicMs()}`));
    const advanced = clock.advance(100);
    await new Promise((resolve) => setImmediate(resolve));
    await new Promise((resolve) => setImmediate(resolve));
    expect([clock.monotonicMs(), order]).toEqual([0, []]);
    order.push('answered');
    release();
    release();
    await advanced;
    expect([clock.monotonicMs(), order]).toEqual([100, ['answered', 'due at 10']]);
  });

  it('waits for work that fails as for work that succeeds', async () => {
    const clock = new VirtualClock();
    const failed = clock.waitFor(Promise.reject(new Error('no disk')));
    await expect(failed).rejects.toThrow('no disk');
    await clock.advance(5);
    expect(clock.monotonicMs()).toBe(5);
  });
});
