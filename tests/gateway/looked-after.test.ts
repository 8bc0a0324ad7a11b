import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { Accounts } from '../../edge/console/access/accounts.ts';
import { selfSigned } from '../../edge/console/access/self-signed.ts';
import type { AlarmsView, AuditView } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Log } from '../../edge/core/log.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { notedHeads, readAudit } from '../../edge/store/read-audit.ts';
import { cheap } from '../console/gated-console.ts';
import { rawRequest } from '../console/raw-request.ts';
import { Peer } from '../drivers/peer.ts';

const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A gateway of one PLC, with what `console` says, and the accounts of its folder. */
async function open(console: string, log: Log = silentLog) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-looked-after-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const peer = await new Peer().listen();
  endings.push(() => peer.close());
  await writeFile(join(folder, 'ps-1.csv'), 'tag,table,address,type,group\nflow,holding,10,int16,500ms\n');
  const device = `{ id: ps-1, driver: modbus, endpoint: "${peer.endpoint}", points: ps-1.csv }`;
  await writeFile(join(folder, 'g.yaml'), `gateway: { id: gw }\nconsole: ${console}\ndevices:\n  - ${device}\n`);
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(errors).toEqual([]);
  const dataDir = join(folder, 'data');
  const host = { clock: realClock(), random: seededRandom(2), log, dataDir, version: '0' };
  const accounts = new Accounts({ folder: dataDir, clock: realClock(), secretBytes: systemSecrets, cost: cheap });
  const start = async () => {
    const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
    endings.push(() => gateway.stop());
    await gateway.start();
    return gateway;
  };
  return { dataDir, accounts, start };
}

it('tells Prometheus its figures by a token that reads nothing else, and machines whether it lives and works', async () => {
  const { accounts, start } = await open('{ enabled: true }');
  const gateway = await start();
  const url = gateway.status().consoleUrl!;
  const token = await accounts.addToken('prometheus', 'metrics', 30, 'test');
  const headers = { authorization: `Bearer ${token}` };
  await expect.poll(() => gateway.status().devices[0]?.samples, { timeout: 10_000 }).toBeGreaterThan(1);
  const answer = await fetch(`${url}/metrics`, { headers });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([
    200,
    'text/plain; version=0.0.4; charset=utf-8',
  ]);
  const text = await answer.text();
  const value = (name: string) => Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
  expect(value('lifeline_device_samples_total')).toBeGreaterThan(1);
  expect([value('lifeline_info'), value('lifeline_device_up'), value('lifeline_alarms_active')]).toEqual([1, 1, 0]);
  expect(text).toContain('lifeline_device_up{device="ps-1",driver="modbus"} 1\n');
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(/^# (HELP|TYPE) lifeline_\w+ .+$|^lifeline_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? -?[\d.e+-]+$/);
  expect((await fetch(`${url}/api/alarms`, { headers })).status).toBe(403);
  expect((await fetch(`${url}/metrics`)).status).toBe(401);
  expect(await (await fetch(`${url}/health/live`)).json()).toEqual({ status: 'live' });
  expect(await (await fetch(`${url}/health/ready`)).json()).toEqual({ status: 'ready', waits: [] });
});

it('writes down who did what, refused or done, with how it was before, and notes the end of the chain at its next start', async () => {
  const { accounts, dataDir, start } = await open('{ enabled: true }');
  const first = await start();
  for (const [name, role] of [
    ['li', 'owner'],
    ['wang', 'viewer'],
  ] as const)
    await accounts.add(name, role, 'Schneefall im Mai 47');
  const url = first.status().consoleUrl!;
  const post = async (path: string, body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}${path}`, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json', origin: url, ...headers },
    });
  const enter = async (name: string) => {
    const answer = await post('/api/sign-in', { name, password: 'Schneefall im Mai 47' });
    return { cookie: answer.headers.get('set-cookie')!.split(';')[0]! };
  };
  await post('/api/sign-in', { name: 'li', password: 'falsch geraten 12' });
  const [li, wang] = [await enter('li'), await enter('wang')];
  await post('/api/account-role', { name: 'wang', role: 'operator' }, wang);
  await post('/api/account-role', { name: 'wang', role: 'operator' }, li);
  await first.command(
    { id: 'c-1', tag: 'ps-1/flow', value: 1, expires: Date.now() + 1000 },
    { name: '张工', role: 'engineer', origin: 'local' },
  );
  const view = (await (await fetch(`${url}/api/audit`, { headers: li })).json()) as AuditView;
  const told = view.entries.map(({ who, role, from, action, target, outcome, before }) => [
    ...[who, role, from, action, target, outcome, before],
  ]);
  expect(told.reverse()).toEqual([
    ['li', 'open', '127.0.0.1', '/api/sign-in', 'li', 'LL-CONSOLE-CREDENTIALS', null],
    ['li', 'open', '127.0.0.1', '/api/sign-in', 'li', 'done', null],
    ['wang', 'open', '127.0.0.1', '/api/sign-in', 'wang', 'done', null],
    ['wang', 'viewer', '127.0.0.1', '/api/account-role', '', 'LL-CONSOLE-ROLE', null],
    ['li', 'owner', '127.0.0.1', '/api/account-role', 'wang', 'done', 'viewer'],
    ['张工', 'engineer', 'local', 'command.refused', 'ps-1/flow', 'LL-CONTROL-READONLY', null],
  ]);
  expect(JSON.stringify(view)).not.toContain('Schneefall');
  await first.stop();
  await (await start()).stop();
  const heads = await notedHeads(dataDir);
  expect(heads).toMatchObject([{ sequence: 6 }]);
  const copy = await readAudit(dataDir, realClock());
  expect(await copy.verify(heads)).toMatchObject({ ok: true, entries: 6, last: heads[0] });
  await copy.end();
});

it('shows the certificate that it was given, and raises an alarm within 30 days of its end', async () => {
  const { dataDir, accounts, start } = await open('{ tls: { certificate: tls.pem, key: key.pem } }');
  const [fromMs, toMs] = [Date.now() - 86_400_000, Date.now() + 10.5 * 86_400_000];
  const pair = selfSigned({ names: ['127.0.0.1'], fromMs, toMs, secretBytes: systemSecrets });
  await writeFile(join(dataDir, '../tls.pem'), pair.certificate);
  await writeFile(join(dataDir, '../key.pem'), pair.key);
  const gateway = await start();
  const { port, protocol } = new URL(gateway.status().consoleUrl!);
  expect(protocol).toBe('https:');
  const authorization = `Bearer ${await accounts.addToken('page', 'viewer', 1, 'test')}`;
  const ask = { method: 'GET', path: '/api/alarms', headers: { authorization }, ca: pair.certificate };
  const alarms = async () => (JSON.parse((await rawRequest(Number(port), ask)).body) as AlarmsView).alarms;
  await expect
    .poll(async () => (await alarms()).map(({ id }) => id), { timeout: 10_000 })
    .toContain('gw/console-certificate-ends');
  expect((await alarms()).find(({ id }) => id === 'gw/console-certificate-ends')).toMatchObject({
    ...{ value: 10, limit: 30, unit: 'd', message: { en: 'TLS certificate of the console: 10 days left' } },
  });
});

it('goes on without its console where others would reach one that nobody owns, and says why', async () => {
  const errors: Readonly<Record<string, unknown>>[] = [];
  const log = { ...silentLog, error: (fields: Readonly<Record<string, unknown>>) => void errors.push(fields) };
  const { start } = await open('{ host: 0.0.0.0 }', log);
  const gateway = await start();
  expect(gateway.status().consoleUrl).toBeNull();
  expect(errors).toMatchObject([{ code: 'LL-CONSOLE-NO-OWNER' }]);
  await expect.poll(() => gateway.status().devices[0]?.samples, { timeout: 10_000 }).toBeGreaterThan(0);
});
