import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { AlarmsView } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { callBackText } from '../../edge/upstream/call-back.ts';
import { signatureOf } from '../../edge/upstream/signature.ts';
import { Watch } from '../upstream/fixture.ts';
import { Receiver } from '../upstream/webhook/receiver.ts';

const secret = 'a secret of thirty-two characters';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A gateway with a lost device, that reports to a platform and takes its reports. */
async function city() {
  const far = await new Receiver().start();
  endings.push(() => far.stop());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-call-back-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  await writeFile(join(folder, 'city.secret'), `${secret}\n`);
  const device = '{ id: ps-3, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }';
  const orders = 'orders: [case-status, acknowledge, comment]';
  const sink = `{ id: city, sink: webhook, url: "${far.url}", secretFile: city.secret, ${orders} }`;
  const silent = `{ id: deaf, sink: webhook, url: "${far.url}", secretFile: city.secret }`;
  const yaml = `gateway: { id: gw }\nconsole: { role: operator }\ndevices:\n  - ${device}\nsinks:\n  - ${sink}\n  - ${silent}\n`;
  await writeFile(join(folder, 'g.yaml'), yaml);
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(errors).toEqual([]);
  const watch = new Watch();
  const events: Event[] = [];
  const host = {
    ...{ clock: realClock(), random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' },
    observer: {
      finding: () => undefined,
      event(event: Event) {
        events.push(event);
        watch.tell();
      },
    },
  };
  async function start() {
    const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
    endings.push(() => gateway.stop());
    await gateway.start();
    return gateway;
  }
  return { start, events, watch };
}

const nowS = () => Math.floor(Date.now() / 1000);

async function call(consoleUrl: string | null, body: object, { sink = 'city', timestampS = nowS() } = {}) {
  const text = JSON.stringify(body);
  const answer = await fetch(`${consoleUrl}/api/call-back?sink=${sink}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'lifeline-timestamp': String(timestampS),
      'lifeline-signature': signatureOf(secret, timestampS, callBackText(text)),
    },
    body: text,
  });
  const receipt = (await answer.json()) as { status: string; reason: string };
  return [answer.status, receipt.status, /^LL-[\w-]+/.exec(receipt.reason ?? '')?.[0] ?? ''];
}

it('shows on the alarm what the platform reports of its case, once, over a restart, and audits all of it', async () => {
  const { start, events, watch } = await city();
  let gateway = await start();
  const raised = () => events.find(({ type, data }) => type === 'alarm.raised' && data['kind'] === 'lost');
  await watch.until(() => raised() !== undefined);
  const url = () => gateway.status().consoleUrl;
  const about = { case: `gw/ps-3/lost/${raised()?.data['raisedAt']}`, number: '2026-0117', by: '李工' };
  const accepted = [200, 'accepted', ''];
  const stages = ['filed', 'dispatched', 'handled', 'reported', 'checked', 'closed', 'returned'];
  for (const status of stages) {
    expect(await call(url(), { ...about, id: `p-${status}`, status, unit: '供水公司' })).toEqual(accepted);
  }
  const timestampS = nowS();
  const filed = { ...about, id: 'p-again', status: 'filed', note: '复核' };
  expect(await call(url(), filed, { timestampS })).toEqual(accepted);
  expect(await call(url(), filed, { timestampS })).toEqual([200, 'duplicate', '']);
  expect(await call(url(), { ...about, id: 'p-note', status: 'comment', note: '已到现场' })).toEqual(accepted);
  expect(await call(url(), { ...about, id: 'p-ack', status: 'acknowledge' })).toEqual(accepted);
  const other = { ...about, case: 'gw/ps-3/lost/1', number: '2026-0001' };
  const refused = [
    await call(url(), { ...other, id: 'r-1', status: 'closed' }),
    await call(url(), { ...about, case: 'gw/ps-9/lost/1', id: 'r-2', status: 'closed' }),
    await call(url(), { ...about, id: 'r-3', status: 'closed' }, { sink: 'deaf' }),
    await call(url(), { ...about, id: 'r-4', status: 'closed' }, { timestampS: nowS() - 400 }),
    await call(url(), { ...about, id: 'r-5', status: 'mislaid' }),
  ];
  expect(refused).toEqual([
    [404, 'refused', 'LL-ORDER-UNKNOWN'],
    [404, 'refused', 'LL-ORDER-UNKNOWN'],
    [403, 'refused', 'LL-ORDER-FORBIDDEN'],
    [401, 'refused', 'LL-CALLBACK-SIGNATURE'],
    [422, 'refused', 'LL-CALLBACK-STATUS'],
  ]);
  await gateway.stop();

  gateway = await start();
  expect(await call(url(), filed, { timestampS })).toEqual([200, 'duplicate', '']);
  const { alarms } = (await (await fetch(`${url()}/api/alarms`)).json()) as AlarmsView;
  expect(alarms.find(({ id }) => id === 'ps-3/lost')).toMatchObject({
    ...{ state: 'active-acknowledged', acknowledgedBy: '李工 (city)' },
    cityCase: { number: '2026-0117', stage: 'filed', note: '复核', by: '李工 (city)' },
    comments: [{ text: '已到现场', by: '李工 (city)' }],
  });
  const audit = events.filter(({ type }) => type.startsWith('order.'));
  expect(audit.map(({ type, data }) => `${type} ${data['id']}`)).toEqual([
    ...[...stages, 'again', 'note', 'ack'].map((name) => `order.accepted city/p-${name}`),
    ...['order.accepted city/r-1', 'order.failed city/r-1', 'order.accepted city/r-2', 'order.failed city/r-2'],
    ...['order.refused deaf/r-3'],
    ...['order.refused ', 'order.refused '],
  ]);
  expect(events.filter(({ type }) => type === 'alarm.case-changed').map(({ data }) => data['cityCase'])).toMatchObject(
    [...stages, 'filed'].map((stage) => ({ stage, number: '2026-0117' })),
  );
}, 60_000);
