import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { Accounts } from '../../edge/console/access/accounts.ts';
import { selfSigned } from '../../edge/console/access/self-signed.ts';
import type { AlarmsView, AuditView, CertificatesView } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { cheap } from '../console/gated-console.ts';
import { json } from '../console/raw-request.ts';
import { freePort, open, serverOn } from '../drivers/opcua-server.ts';

const clock = realClock();
const dayMs = 86_400_000;
const soon = { timeout: 20_000 };
const pairFor = (name: string, days: number) =>
  selfSigned({
    ...{ names: [name], fromMs: Date.now() - dayMs, toMs: Date.now() + days * dayMs + dayMs / 2 },
    secretBytes: systemSecrets,
  });

/** A gateway with an OPC UA server that nobody has trusted yet, and a broker whose client certificate ends in twelve days. */
async function openGateway() {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-certificates-'));
  open.push(() => rm(folder, { recursive: true, force: true }));
  const { endpoint } = await serverOn(await freePort());
  const [authority, client] = [pairFor('broker', 400), pairFor('gw-7', 12)];
  await writeFile(join(folder, 'ca.pem'), authority.certificate);
  await writeFile(join(folder, 'gw.pem'), client.certificate);
  await writeFile(join(folder, 'gw.key'), client.key);
  await writeFile(join(folder, 'plc.csv'), 'tag,node,type\ntemp,ns=1;s=temp,float64\n');
  await writeFile(
    join(folder, 'g.yaml'),
    `gateway: { id: gw }
devices:
  - { id: plc, driver: opcua, endpoint: "${endpoint}", security: { policy: Basic256Sha256 }, points: plc.csv }
sinks:
  - id: city
    sink: mqtt-json
    url: mqtts://127.0.0.1:${await freePort()}
    tls: { ca: ca.pem, cert: gw.pem, key: gw.key }
`,
  );
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(errors).toEqual([]);
  const dataDir = join(folder, 'data');
  const host = { clock, random: seededRandom(3), log: silentLog, dataDir, version: '0' };
  const accounts = new Accounts({ folder: dataDir, clock, secretBytes: systemSecrets, cost: cheap });
  const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
  open.push(() => gateway.stop());
  await gateway.start();
  const url = gateway.status().consoleUrl!;
  const authorization = `Bearer ${await accounts.addToken('script', 'engineer', 1, 'test')}`;
  const get = (path: string) => fetch(`${url}${path}`, { headers: { authorization } });
  const view = async <View>(path: string) => (await (await get(path)).json()) as View;
  const decide = (fingerprint: string, trust: boolean) =>
    fetch(`${url}/api/certificate-verdict`, {
      ...{ method: 'POST', headers: { ...json, authorization } },
      body: JSON.stringify({ fingerprint, trust, by: '张工' }),
    });
  return { gateway, authority, client, get, view, decide };
}

it('lists every certificate, has an engineer trust a server by its fingerprint, and tells of one that ends', async () => {
  const { gateway, authority, client, get, view, decide } = await openGateway();
  const list = async () => (await view<CertificatesView>('/api/certificates')).certificates;
  const unknown = async () => (await list()).find(({ role }) => role === 'rejected');
  await expect.poll(unknown, soon).toBeDefined();
  const listed = await list();
  expect(listed.map(({ use, where, role, standing }) => [use, where, role, standing])).toEqual([
    ['opcua', '', 'own', 'good'],
    ['opcua', '', 'rejected', 'good'],
    ['sink', 'city: tls.cert', 'own', 'ends'],
    ['sink', 'city: tls.ca', 'authority', 'good'],
  ]);
  const read = [client, authority].map(({ certificate }) => new X509Certificate(certificate));
  expect(listed.slice(2)).toMatchObject(
    read.map(({ fingerprint256 }, index) => ({ fingerprint: fingerprint256, daysLeft: [12, 400][index] })),
  );
  expect(listed[2]).toMatchObject({ subject: 'CN=gw-7', issuer: 'CN=gw-7', names: 'DNS:gw-7' });

  const ends = async () =>
    (await view<AlarmsView>('/api/alarms')).alarms.find(({ id }) => id === 'gw/sink-certificate-ends');
  await expect.poll(ends, soon).toMatchObject({
    ...{ value: 12, limit: 30, unit: 'd' },
    message: {
      zh: '上行通道证书 city: tls.cert 剩余 12 天',
      en: 'Certificate of the road upstream, city: tls.cert: 12 days left',
    },
  });

  const { fingerprint, subject } = (await unknown())!;
  expect((await decide(fingerprint, true)).status).toBe(200);
  expect((await list()).find((one) => one.fingerprint === fingerprint)?.role).toBe('trusted');
  await expect.poll(() => gateway.status().devices[0]?.samples, { timeout: 40_000 }).toBeGreaterThan(0);
  expect((await decide(fingerprint, false)).status).toBe(200);
  expect((await unknown())?.fingerprint).toBe(fingerprint);
  // what is the gateway's own is nobody's to trust
  expect((await decide(listed[0]!.fingerprint, false)).status).toBe(404);
  const audit = await view<AuditView>('/api/audit');
  expect(
    audit.entries.map(({ who, action, target, outcome, before, after }) => [
      who,
      action,
      target,
      outcome,
      before,
      after,
    ]),
  ).toEqual([
    [
      '张工 (script)',
      '/api/certificate-verdict',
      listed[0]!.fingerprint,
      'LL-CONSOLE-NOT-FOUND',
      null,
      expect.anything(),
    ],
    ['张工 (script)', '/api/certificate-verdict', fingerprint, 'done', 'trusted', { role: 'rejected', subject }],
    ['张工 (script)', '/api/certificate-verdict', fingerprint, 'done', 'rejected', { role: 'trusted', subject }],
  ]);

  const own = await get(`/api/certificate?${new URLSearchParams({ fingerprint: listed[0]!.fingerprint })}`);
  expect(own.headers.get('content-disposition')).toBe('attachment; filename="certificate.pem"');
  const text = await own.text();
  expect([new X509Certificate(text).fingerprint256, text.includes('PRIVATE')]).toEqual([listed[0]!.fingerprint, false]);
}, 90_000);
