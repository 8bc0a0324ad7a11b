import { createHmac } from 'node:crypto';
import { expect, it } from 'vitest';
import type { NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { CentreOrder } from '../../edge/core/order.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { OrderInbox, type OrderInboxParts } from '../../edge/upstream/orders.ts';

const key = 'a secret of thirty-two characters';
const clock = new VirtualClock(Date.UTC(2026, 0, 15, 8));
const order = {
  ...{ id: 'o-1', gateway: 'gw', by: '李工', expires: '2026-01-15T16:05:00+08:00' },
  ...{ kind: 'acknowledge', alarm: 'dma-2/burst' },
};
const bytes = (value: unknown) => new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));
const signed = (content: unknown, by = key) => {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  return { order: text, signature: createHmac('sha256', by).update(text).digest('hex') };
};

function newInbox(over: Partial<OrderInboxParts> = {}) {
  const heard: CentreOrder[] = [];
  const journal: NewEvent[] = [];
  const inbox = new OrderInbox({
    ...{ sink: 'city', gateway: 'gw', clock, log: silentLog, key, trustRoad: false },
    journal: {
      append: async (events) => {
        journal.push(...events);
        return [];
      },
    },
    heed: async (one) => {
      heard.push(one);
      return { id: one.id, status: 'accepted', reason: '' };
    },
    ...over,
  });
  return { inbox, heard, journal };
}

it('hands a signed order on and answers with what became of it', async () => {
  const { inbox, heard } = newInbox();
  const reply = await inbox.take(bytes(signed(order)));
  expect(reply).toEqual({ id: 'o-1', status: 'accepted', reason: '', receivedAt: '2026-01-15T08:00:00.000Z' });
  const expires = Date.UTC(2026, 0, 15, 8, 5);
  expect(heard).toEqual([{ id: 'o-1', by: '李工', expires, kind: 'acknowledge', alarm: 'dma-2/burst' }]);
});

it('hands on a code that somebody on duty sent back, with the sender where it is known', async () => {
  const { inbox, heard } = newInbox();
  const { alarm: _, ...head } = { ...order, kind: 'reply', code: '483920' };
  for (const from of [undefined, '13800000000']) await inbox.take(bytes(signed({ ...head, from })));
  expect(heard).toMatchObject([
    { kind: 'reply', code: '483920' },
    { kind: 'reply', code: '483920', from: '13800000000' },
  ]);
});

it('takes an unsigned order only where there is no key and the road is trusted', async () => {
  const trusting = newInbox({ key: undefined, trustRoad: true });
  expect(await trusting.inbox.take(bytes(order))).toMatchObject({ status: 'accepted' });
  for (const parts of [
    { key, trustRoad: true },
    { key, trustRoad: false },
    { key: undefined, trustRoad: false },
  ]) {
    const { inbox, heard } = newInbox(parts);
    expect((await inbox.take(bytes(order))).reason).toMatch(/^LL-ORDER-SIGNATURE order o-1 over city: /);
    expect(heard).toEqual([]);
  }
});

it.each([
  ['no JSON', '{"id":', 'SIGNATURE'],
  ['nothing', '', 'SIGNATURE'],
  ['a list', [], 'SIGNATURE'],
  ['signed with another key', signed(order, 'another secret of thirty-two chars'), 'SIGNATURE'],
  ['changed after it was signed', { ...signed(order), order: JSON.stringify({ ...order, id: 'o-2' }) }, 'SIGNATURE'],
  ['given a signature of the wrong length', { ...signed(order), signature: 'ab' }, 'SIGNATURE'],
  ['signed, but no JSON', signed('{'), 'UNREADABLE'],
  ['signed, but of no known kind', signed({ ...order, kind: 'reboot' }), 'UNREADABLE'],
  ['signed, with a key that nobody knows', signed({ ...order, colour: 'x' }), 'UNREADABLE'],
  ['without an expiry', signed({ ...order, expires: undefined }), 'UNREADABLE'],
  ['with an expiry that names no zone', signed({ ...order, expires: '2026-01-15T16:05:00' }), 'UNREADABLE'],
  ['a write of no number', signed({ ...order, kind: 'write', alarm: undefined, tag: 'a/b', value: '1' }), 'UNREADABLE'],
  ['for another gateway', signed({ ...order, gateway: 'gw-2' }), 'ELSEWHERE'],
  ['to shelve without a reason', signed({ ...order, kind: 'shelve', minutes: 15 }), 'UNREADABLE'],
  ['an offer of a configuration with the keys of another order', signed({ ...order, kind: 'config' }), 'UNREADABLE'],
  ['longer than 64 kB', signed({ ...order, alarm: 'x'.repeat(70_000) }), 'UNREADABLE'],
])('refuses a message that is %s, with a code, and journals that', async (_, message, code) => {
  const { inbox, heard, journal } = newInbox();
  const reply = await inbox.take(bytes(message));
  expect(reply).toMatchObject({ status: 'refused', reason: expect.stringMatching(new RegExp(`^LL-ORDER-${code} `)) });
  expect(heard).toEqual([]);
  expect(journal).toMatchObject([{ type: 'order.refused', data: { via: 'city', reason: reply.reason } }]);
});

it('answers a flood of strangers and journals no more than sixty of them in a minute', async () => {
  const { inbox, journal } = newInbox();
  for (let count = 0; count < 200; count++) {
    expect(await inbox.take(Uint8Array.of(0xff, count))).toMatchObject({ status: 'refused' });
  }
  expect(journal).toHaveLength(60);
  await clock.advance(60_000);
  await inbox.take(Uint8Array.of(0xff));
  expect(journal).toHaveLength(61);
});

it('tells the centre to come again while too many orders wait for the disk', async () => {
  const gate = Promise.withResolvers<void>();
  const { inbox } = newInbox({
    heed: async ({ id }) => {
      await gate.promise;
      return { id, status: 'accepted', reason: '' };
    },
  });
  const many = Array.from({ length: 65 }, (_, number) => inbox.take(bytes(signed({ ...order, id: `o-${number}` }))));
  expect(await many[64]).toMatchObject({ status: 'refused', reason: expect.stringMatching(/^LL-ORDER-BUSY /) });
  gate.resolve();
  const statuses = (await Promise.all(many)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 'accepted')).toHaveLength(64);
});

it('answers with a code when the disk refuses to keep an order', async () => {
  const { inbox } = newInbox({
    heed: () => Promise.reject(new Error('disk full')),
  });
  expect((await inbox.take(bytes(signed(order)))).reason).toMatch(/^LL-ORDER-AUDIT .*disk full/);
});
