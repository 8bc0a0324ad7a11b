import { expect, it } from 'vitest';
import { errorWithNext } from '../../edge/core/errors.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { Receipts } from '../../edge/upstream/receipts.ts';
import { eventOf } from './fixture.ts';

const event = (sequence: number): Event => ({ ...eventOf(sequence), stream: 'events', epoch: 'e', sequence });
const encode = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const receiptOf = (sequence: number, status: string, reason = '') =>
  encode({ id: `gw/events/e/${sequence}`, receivedAt: '2026-01-15T08:00:00.000Z', status, reason });

function waiting(append: (events: readonly NewEvent[]) => Promise<readonly Event[]> = async () => []) {
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const noted: NewEvent[] = [];
  const journal = {
    append: (events: readonly NewEvent[]) => {
      noted.push(...events);
      return append(events);
    },
  };
  const receipts = new Receipts({
    ...{ sink: 'city', gateway: 'gw', clock, log: silentLog, journal, resendAfterMs: 30_000 },
  });
  const sent: number[] = [];
  const done: number[] = [];
  const gone = new AbortController();
  const deliver = (sequence: number) =>
    receipts
      .deliver(event(sequence), async ({ sequence: number }) => sent.push(number), gone.signal)
      .then(() => done.push(sequence));
  return { clock, receipts, sent, done, deliver, gone, noted };
}

it('is done with an event when its receipt has come, accepted or duplicate, and not before', async () => {
  const { clock, receipts, sent, done, deliver } = waiting();
  const both = [deliver(1), deliver(2)];
  await clock.advance(1_000);
  expect(done).toEqual([]);
  expect(receipts.unconfirmed).toBe(2);
  receipts.take(receiptOf(2, 'duplicate'));
  receipts.take(receiptOf(1, 'accepted'));
  await Promise.all(both);
  expect([sent, receipts.unconfirmed, receipts.resent, receipts.trouble]).toEqual([[1, 2], 0, 0, undefined]);
});

it('sends an event again after the stated time for as long as there is no receipt, and says that none comes', async () => {
  const { clock, receipts, sent, deliver } = waiting();
  const delivery = deliver(7);
  await clock.advance(29_000);
  expect([sent, receipts.trouble]).toEqual([[7], undefined]);
  await clock.advance(61_000);
  expect(sent).toEqual([7, 7, 7, 7]);
  expect(receipts.trouble && errorWithNext(receipts.trouble)).toMatch(
    /^LL-RECEIPT-NONE send events over city: 1 without a receipt, the oldest for 90 s; /,
  );
  receipts.take(receiptOf(7, 'duplicate'));
  await delivery;
  expect([receipts.resent, receipts.trouble]).toEqual([3, undefined]);
});

it('journals what the receiver refuses before it counts as done, and does not send it again', async () => {
  const { clock, receipts, sent, deliver, noted } = waiting();
  const delivery = deliver(3);
  receipts.take(receiptOf(3, 'refused', 'unknown grid cell'));
  await delivery;
  await clock.advance(120_000);
  expect([sent, receipts.refused]).toEqual([[3], 1]);
  expect(noted).toMatchObject([
    {
      type: 'gateway.event-refused',
      data: { id: 'gw/events/e/3', sink: 'city', reason: 'unknown grid cell', code: 'LL-RECEIPT-REFUSED' },
    },
  ]);
});

it('does not journal the refusal of a refusal, which would go on for ever', async () => {
  const { receipts, noted, gone } = waiting();
  const note = { ...event(4), type: 'gateway.event-refused' as const };
  const delivery = receipts.deliver(note, async () => undefined, gone.signal);
  receipts.take(receiptOf(4, 'refused', 'no'));
  await delivery;
  expect([receipts.refused, noted]).toEqual([1, []]);
});

it('is not done with a refused event while the journal refuses to note it', async () => {
  let full = true;
  const { clock, receipts, done, deliver } = waiting(async () => {
    if (full) throw new Error('disk full');
    return [];
  });
  const delivery = deliver(5);
  receipts.take(receiptOf(5, 'refused', 'no'));
  await clock.advance(10_000);
  expect(done).toEqual([]);
  full = false;
  await clock.advance(30_000);
  await delivery;
  expect(receipts.refused).toBe(1);
});

it('forgets what is under way when the connection goes', async () => {
  const { clock, receipts, sent, deliver, gone } = waiting();
  const delivery = deliver(6);
  gone.abort();
  await delivery;
  await clock.advance(120_000);
  expect([sent, receipts.unconfirmed]).toEqual([[6], 0]);
});

it.each([
  ['no JSON', encode('{"id":')],
  ['no UTF-8', Uint8Array.of(0xff, 0xfe)],
  ['no object', encode([1])],
  ['no id', encode({ status: 'accepted' })],
  ['another status', receiptOf(8, 'perhaps')],
  ['too long', encode({ id: 'gw/events/e/8', status: 'accepted', more: 'x'.repeat(9_000) })],
  ['of another event', receiptOf(9, 'accepted')],
])('passes over a receipt that is %s', async (_, payload) => {
  const { clock, receipts, done, deliver } = waiting();
  const delivery = deliver(8);
  receipts.take(payload);
  await clock.advance(1_000);
  expect(done).toEqual([]);
  receipts.take(receiptOf(8, 'accepted'));
  await delivery;
});
