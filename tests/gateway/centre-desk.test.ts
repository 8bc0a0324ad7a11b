import { expect, it } from 'vitest';
import { CentreDesk } from '../../edge/control/centre-desk.ts';
import { orderErrors } from '../../edge/control/errors.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Problem } from '../../edge/core/errors.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import type { CentreOrder } from '../../edge/core/order.ts';
import { asText } from '../../edge/core/text.ts';
import { isChinese } from '../console/chinese.ts';

const now = 1_790_000_000_000;
const clock = { ...realClock(), wallMs: () => now };
const road = { sink: 'city', allowed: ['acknowledge'] as const };
const order: CentreOrder = {
  ...{ kind: 'acknowledge', alarm: 'dma-2/burst', id: 'o-1', by: '张伟', expires: now + 60_000 },
};

function newDesk(journal: NewEvent[] = [], failure?: string, recalled = async () => {}) {
  const done: string[] = [];
  const desk = new CentreDesk({
    ...{ gateway: 'gw', clock, takeOffer: async () => undefined, recalled },
    record: async (event) => journal.push(event),
    carryOut: async ({ id }, by) => {
      done.push(`${id} ${by}`);
      return failure === undefined ? undefined : orderErrors.create('UNKNOWN', asText(failure));
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

it('does nothing before all is recalled that was done before a restart', async () => {
  const { journal, desk } = newDesk();
  await desk.heed(order, road);
  const recalled = Promise.withResolvers<void>();
  const after = newDesk([], undefined, () => recalled.promise);
  const reply = after.desk.heed(order, road);
  await new Promise(setImmediate);
  after.desk.restore({ ...(journal[0] as NewEvent), stream: 'journal', epoch: 'e', sequence: 1 });
  recalled.resolve();
  expect(await reply).toMatchObject({ id: 'o-1', status: 'duplicate' });
  expect(after.done).toEqual([]);
});

it('answers a repeated order that could not be done as it did the first time', async () => {
  const { journal, desk } = newDesk([], 'no such alarm');
  const first = await desk.heed(order, road);
  expect(first).toMatchObject({ status: 'refused', reason: expect.stringMatching(/^LL-ORDER-UNKNOWN no such alarm/) });
  expect(await desk.heed(order, road)).toEqual(first);
  expect(await newDesk(journal).desk.heed(order, road)).toEqual(first);
});

it('carries out an order that the disk refused to keep when it comes again', async () => {
  const { journal, done } = newDesk();
  let full = true;
  const desk = new CentreDesk({
    ...{ gateway: 'gw', clock, takeOffer: async () => undefined },
    record: async (event) => (full ? Promise.reject(new Error('disk full')) : journal.push(event)),
    carryOut: async ({ id }, by) => {
      done.push(`${id} ${by}`);
      return undefined;
    },
  });
  await expect(desk.heed(order, road)).rejects.toThrow('disk full');
  expect(done).toEqual([]);
  full = false;
  expect(await desk.heed(order, road)).toMatchObject({ id: 'o-1', status: 'accepted' });
  expect(await desk.heed(order, road)).toMatchObject({ id: 'o-1', status: 'duplicate' });
  expect(done).toEqual(['o-1 张伟 (city)']);
});

it('does not try an order again whose failure the disk refused to keep', async () => {
  let tries = 0;
  const desk = new CentreDesk({
    ...{ gateway: 'gw', clock, takeOffer: async () => undefined },
    record: async ({ type }) => type === 'order.failed' && Promise.reject(new Error('disk full')),
    carryOut: async () => orderErrors.create('UNKNOWN', asText(`try ${++tries}`)),
  });
  await expect(desk.heed(order, road)).rejects.toThrow('disk full');
  expect(await desk.heed(order, road)).toMatchObject({ status: 'refused', reason: expect.stringContaining('try 1') });
  expect(tries).toBe(1);
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

it('refuses the codes of a sender who guesses, for ten minutes, and of nobody else', async () => {
  let nowMs = 0;
  const [journal, codes]: [NewEvent[], string[]] = [[], []];
  const desk = new CentreDesk({
    ...{ gateway: 'gw', clock: { ...clock, monotonicMs: () => nowMs }, takeOffer: async () => undefined },
    record: async (event) => journal.push(event),
    carryOut: async (given) => {
      const { code } = given as { code: string };
      codes.push(code);
      return code === '777777' ? undefined : orderErrors.create('CODE', asText(code));
    },
  });
  let count = 0;
  const reply = async (code: string, from?: string, sink = 'sms') => {
    const { status, reason } = await desk.heed(
      { kind: 'reply', code, from, id: `r-${++count}`, by: 'sms', expires: now + 60_000 },
      { sink, allowed: ['reply'] },
    );
    return status === 'accepted' ? status : reason.split(' ')[0];
  };
  const guesses = (most: number, from?: string) =>
    Promise.all(Array.from({ length: most }, (_, at) => reply(String(100_000 + at), from)));
  for (let at = 0; at < 30; at++) expect(await reply('777777', '13800000000')).toBe('accepted');
  expect(new Set(await guesses(10, '139-1111'))).toEqual(new Set(['LL-ORDER-CODE']));
  expect(desk.guessing()).toEqual([]);
  codes.length = 0;
  expect(await guesses(64, '1391111')).toEqual(Array.from({ length: 64 }, () => 'LL-ORDER-TRIES'));
  expect(await reply('777777', '139 1111')).toBe('LL-ORDER-TRIES');
  expect(codes, 'looked at').toEqual([]);
  expect(desk.guessing()).toEqual(['sms 1391111']);
  const refused = () => journal.filter(({ type }) => type === 'order.refused');
  expect(refused(), 'the first of 65').toMatchObject([{ data: { from: '1391111', code: '100000', via: 'sms' } }]);
  expect(await reply('777777', '13800000000')).toBe('accepted');
  expect(await reply('777777', '1391111', 'wecom')).toBe('accepted');
  expect(new Set(await guesses(64)), 'all at once, from nobody').toEqual(new Set(['LL-ORDER-CODE', 'LL-ORDER-TRIES']));
  expect(codes.filter((code) => code !== '777777')).toHaveLength(10);
  await desk.tellRefused();
  expect(refused(), 'counted, and told when it is over').toHaveLength(2);
  nowMs = 10 * 60_000;
  await desk.tellRefused();
  await desk.tellRefused();
  expect(refused().slice(2)).toMatchObject([
    { data: { sender: 'sms 1391111', count: 64, reason: expect.stringContaining('LL-ORDER-TRIES 64 more codes') } },
    { data: { sender: 'sms', count: 53 } },
  ]);
  expect(await reply('777777', '1391111')).toBe('accepted');
  expect(desk.guessing()).toEqual([]);
});

it('journals why an order was refused in both languages, for whoever reads the audit log', async () => {
  const { desk, journal } = newDesk();
  const { expires } = order;
  await desk.heed({ ...order, id: 'o-a', expires: clock.wallMs() - 5_000 }, road);
  await desk.heed({ ...order, id: 'o-b', expires: expires + 9e9 }, road);
  await desk.heed({ ...order, id: 'o-c' }, { ...road, allowed: [] });
  await desk.heed({ ...order, id: 'o-d', by: '' }, road);
  const problems = journal.map(({ data }) => data['problem'] as Problem);
  expect(problems.map(({ code }) => code.replace('LL-ORDER-', ''))).toEqual([
    ...['EXPIRED', 'EXPIRED', 'FORBIDDEN', 'MALFORMED'],
  ]);
  expect(problems.map(({ zh }) => zh.message)).toEqual([
    'city 送来的指令 o-a：已于 5 秒前过期',
    'city 送来的指令 o-b：有效期超过 1 天',
    'city 送来的指令 o-c：该上级平台的 orders 中没有 acknowledge',
    'city 送来的指令 o-d：编号和下达人须为 1–200 个字符',
  ]);
  for (const { zh } of problems) expect(isChinese(zh.next)).toBe(true);
});
