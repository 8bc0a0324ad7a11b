import { expect, it } from 'vitest';
import { CentreDesk } from '../../edge/control/centre-desk.ts';
import { orderErrors } from '../../edge/control/errors.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import type { CentreOrder } from '../../edge/core/order.ts';

const now = 1_790_000_000_000;
const clock = { ...realClock(), wallMs: () => now };
const road = { sink: 'city', allowed: ['acknowledge'] as const };
const order: CentreOrder = {
  ...{ kind: 'acknowledge', alarm: 'dma-2/burst', id: 'o-1', by: '张伟', expires: now + 60_000 },
};

function newDesk(journal: NewEvent[] = [], failure?: string) {
  const done: string[] = [];
  const desk = new CentreDesk({
    ...{ gateway: 'gw', clock },
    record: async (event) => journal.push(event),
    carryOut: async ({ id }, by) => {
      done.push(`${id} ${by}`);
      return failure === undefined ? undefined : orderErrors.create('UNKNOWN', failure);
    },
  });
  journal.forEach((event, index) => {
    desk.restore({ ...event, stream: 'journal', epoch: 'e', sequence: index + 1 } as Event);
  });
  return { desk, done, journal };
}

it('carries an order out once, however often it comes, and journals it before that', async () => {
  const { desk, done, journal } = newDesk();
  const replies = await Promise.all([desk.heed(order, road), desk.heed(order, { ...road, sink: 'nats' })]);
  expect(replies.map(({ status }) => status)).toEqual(['accepted', 'duplicate']);
  expect(done).toEqual(['o-1 张伟 (city)']);
  expect(journal).toMatchObject([{ type: 'order.accepted', data: { id: 'o-1', by: '张伟', via: 'city' } }]);
});

it('remembers after a restart what it has done', async () => {
  const { journal, desk } = newDesk();
  await desk.heed(order, road);
  const after = newDesk(journal);
  expect(await after.desk.heed(order, road)).toMatchObject({ id: 'o-1', status: 'duplicate' });
  expect(after.done).toEqual([]);
});

it('answers a repeated order that could not be done as it did the first time', async () => {
  const { journal, desk } = newDesk([], 'no such alarm');
  const first = await desk.heed(order, road);
  expect(first).toMatchObject({ status: 'refused', reason: expect.stringMatching(/^LL-ORDER-UNKNOWN no such alarm/) });
  expect(await desk.heed(order, road)).toEqual(first);
  expect(await newDesk(journal).desk.heed(order, road)).toEqual(first);
});

it.each([
  ['what the sink may not bring', { ...road, allowed: [] }, {}, 'FORBIDDEN'],
  ['what has expired', road, { expires: now }, 'EXPIRED'],
  ['what is valid for days', road, { expires: now + 2 * 86_400_000 }, 'EXPIRED'],
  ['what says no time', road, { expires: Number.NaN }, 'EXPIRED'],
  ['what nobody gives', road, { by: '' }, 'MALFORMED'],
])('refuses %s, and keeps that too', async (_, over, change, code) => {
  const { desk, done, journal } = newDesk();
  const reply = await desk.heed({ ...order, ...change }, over);
  expect(reply).toMatchObject({ status: 'refused', reason: expect.stringContaining(`LL-ORDER-${code}`) });
  expect(done).toEqual([]);
  expect(journal).toMatchObject([{ type: 'order.refused', data: { reason: reply.reason } }]);
});
