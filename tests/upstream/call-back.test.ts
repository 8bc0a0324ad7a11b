import { expect, it } from 'vitest';
import type { NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { CentreOrder } from '../../edge/core/order.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { CallBacks, callBackText } from '../../edge/upstream/call-back.ts';
import { signatureOf } from '../../edge/upstream/signature.ts';
import { callBackSpec } from '../../edge/upstream/webhook/call-back-spec.ts';
import { readReport } from '../../edge/upstream/webhook/platform-report.ts';

const secret = 'a secret of thirty-two characters';
const nowS = Date.UTC(2026, 0, 15, 8) / 1000;
const report = { case: 'gw/dma-2/burst/1768464000000', status: 'filed', id: 'p-1', by: '李工' };

function newDesk() {
  const heard: CentreOrder[] = [];
  const journal: NewEvent[] = [];
  const desk = new CallBacks({
    ...{ sink: 'city', gateway: 'gw', clock: new VirtualClock(nowS * 1000), log: silentLog, secret },
    journal: {
      append: async (events) => {
        journal.push(...events);
        return [];
      },
    },
    heed: async (order) => {
      heard.push(order);
      return { id: order.id, status: 'accepted', reason: '' };
    },
    read: (body) => readReport(body, callBackSpec.parse({}), { sink: 'city', gateway: 'gw' }),
  });
  return { desk, heard, journal };
}

function posted(content: unknown, timestampS = nowS, signedWith = secret, what = callBackText) {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  const signature = signatureOf(signedWith, timestampS, what(text));
  return { timestamp: String(timestampS), signature, body: new TextEncoder().encode(text) };
}

it('makes a signed report an order that expires with its signature', async () => {
  const { desk, heard } = newDesk();
  const receipt = await desk.take(posted(report));
  expect(receipt).toEqual({ id: 'p-1', status: 'accepted', reason: '', receivedAt: '2026-01-15T08:00:00.000Z' });
  expect(heard).toEqual([
    {
      ...{ id: 'city/p-1', by: '李工', expires: (nowS + 300) * 1000, kind: 'case-status', alarm: 'dma-2/burst' },
      ...{ raisedAt: 1_768_464_000_000, case: report.case, stage: 'filed', unit: undefined, note: '' },
    },
  ]);
});

it('knows a request that has no id by its signature, so that the same one again is the same order', async () => {
  const { desk, heard } = newDesk();
  const { id: _, ...nameless } = report;
  for (const request of [posted(nameless), posted(nameless), posted(nameless, nowS + 1)]) await desk.take(request);
  const [first, second, later] = heard.map(({ id }) => id);
  expect(first).toMatch(/^city\/[0-9a-f]{32}$/);
  expect([second === first, later === first]).toEqual([true, false]);
});

it.each([
  ['not signed', { ...posted(report), signature: '' }, 'SIGNATURE'],
  ['without a time', { ...posted(report), timestamp: '' }, 'SIGNATURE'],
  ['signed with another secret', posted(report, nowS, 'the secret of somebody else here'), 'SIGNATURE'],
  ['changed after it was signed', { ...posted(report), body: posted({ ...report, id: 'p-2' }).body }, 'SIGNATURE'],
  ['older than five minutes', posted(report, nowS - 301), 'SIGNATURE'],
  ['from the future', posted(report, nowS + 301), 'SIGNATURE'],
  ['one of the gateway’s own, sent back to it', posted(report, nowS, secret, (text) => text), 'SIGNATURE'],
  ['of an endless id', posted({ ...report, id: 'x'.repeat(129) }), 'UNREADABLE'],
  ['no UTF-8', { ...posted(report), body: Uint8Array.of(0x7b, 0xff, 0x7d) }, 'UNREADABLE'],
  ['no JSON', posted('{'), 'UNREADABLE'],
  ['of an unknown status', posted({ ...report, status: 'lost' }), 'STATUS'],
  ['about a case that nobody reported', posted({ ...report, case: 'gw/17' }), 'CASE'],
])('refuses a request that is %s, with a code, and journals that', async (_, request, code) => {
  const { desk, heard, journal } = newDesk();
  const receipt = await desk.take(request);
  expect(receipt).toMatchObject({
    status: 'refused',
    reason: expect.stringMatching(new RegExp(`^LL-CALLBACK-${code} call-back to city: `)),
  });
  expect(heard).toEqual([]);
  expect(journal).toMatchObject([{ type: 'order.refused', data: { via: 'city', reason: receipt.reason } }]);
});
