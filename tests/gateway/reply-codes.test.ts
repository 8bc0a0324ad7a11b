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
import { webService } from '../upstream/people/receivers.ts';

const secret = 'a secret of thirty-two characters';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it('a code sent back acknowledges what the message told, once, in the name of whom it went to, over a restart', async () => {
  const web = await webService();
  endings.push(() => web.close());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-replies-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  await writeFile(join(folder, 'duty.secret'), secret);
  const device = (id: string) => `  - { id: ${id}, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }`;
  await writeFile(
    join(folder, 'g.yaml'),
    [
      ...['gateway: { id: gw }', 'console: { role: operator }', 'devices:', device('ps-1'), device('ps-2')],
      ...['sinks:', '  - id: duty', '    sink: people', '    orders: [reply]', '    secretFile: duty.secret'],
      ...['    replies: {}', '    tell: [critical, high, medium, low]', '    rate: { messages: 100, minutes: 1 }'],
      '    people: [{ id: wang, name: 王磊, channels: [sms], phone: "13800000000" }]',
      `    channels: [{ id: sms, kind: http, url: "${web.url}/sms", body: '{"text": "{text}", "code": "{code}"}' }]`,
    ].join('\n'),
  );
  const { gateway: loaded, errors, warnings } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect([errors, warnings]).toEqual([[], []]);
  const events: Event[] = [];
  const host = {
    ...{ clock: realClock(), random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' },
    observer: { finding: () => undefined, event: (event: Event) => void events.push(event) },
  };
  const watch = new Watch();
  const timer = setInterval(watch.tell, 20);
  endings.push(() => clearInterval(timer));
  async function start() {
    const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
    endings.push(() => gateway.stop());
    await gateway.start();
    return gateway;
  }
  let gateway = await start();
  const codeAbout = (device: string): string | undefined => {
    const told = web.requests.map(({ body }) => JSON.parse(body) as { text: string; code: string });
    return told.find(({ text }) => text.includes(`对象：${device}\n`))?.code;
  };
  async function reply(text: string, from?: string) {
    const body = JSON.stringify({ text, from });
    const timestampS = Math.floor(Date.now() / 1000);
    const answer = await fetch(`${gateway.status().consoleUrl}/api/call-back?sink=duty`, {
      method: 'POST',
      headers: {
        'lifeline-timestamp': String(timestampS),
        'lifeline-signature': signatureOf(secret, timestampS, callBackText(body)),
      },
      body,
    });
    const { status, reason } = (await answer.json()) as { status: string; reason: string };
    return [status, /^LL-[\w-]+/.exec(reason)?.[0] ?? ''];
  }
  await watch.until(() => codeAbout('ps-1') !== undefined && codeAbout('ps-2') !== undefined);
  const [first, second] = [codeAbout('ps-1')!, codeAbout('ps-2')!];
  expect(web.requests.every(({ body }) => body.includes(`确认请回复：${JSON.parse(body).code}`))).toBe(true);
  expect(await reply('收到')).toEqual(['refused', 'LL-CALLBACK-UNREADABLE']);
  expect(await reply(first, '13911111111')).toEqual(['refused', 'LL-ORDER-CODE']);
  expect(await reply(`${first} 收到`, '+8613800000000')).toEqual(['accepted', '']);
  expect(await reply(`${first} 再次`, '+8613800000000')).toEqual(['refused', 'LL-ORDER-CODE']);
  await gateway.stop();
  gateway = await start();
  expect(await reply(`${first}!`)).toEqual(['refused', 'LL-ORDER-CODE']);
  expect(await reply(second)).toEqual(['accepted', '']);
  const { alarms } = (await (await fetch(`${gateway.status().consoleUrl}/api/alarms`)).json()) as AlarmsView;
  for (const id of ['ps-1/lost', 'ps-2/lost']) {
    expect(alarms.find((alarm) => alarm.id === id)).toMatchObject({
      ...{ state: 'active-acknowledged', acknowledgedBy: '王磊 (duty)' },
    });
  }
  expect(events.filter(({ type, data }) => type === 'order.failed' && data['kind'] === 'reply')).toHaveLength(3);
  const guesses = await Promise.all(Array.from({ length: 11 }, (_, at) => reply(String(at).padStart(6, '0'), '139')));
  expect(guesses.filter(([, code]) => code === 'LL-ORDER-TRIES')).toHaveLength(1);
  await watch.until(() => events.some(({ data }) => data['kind'] === 'codes-guessed'));
  expect(events.filter(({ type }) => type === 'order.refused').at(-1)?.data).toMatchObject({
    via: 'duty',
    from: '139',
  });
}, 60_000);
