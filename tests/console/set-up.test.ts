import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Accounts } from '../../edge/console/access/accounts.ts';
import { selfSigned } from '../../edge/console/access/self-signed.ts';
import { type Console, type ConsoleOptions, createConsole } from '../../edge/console/server.ts';
import type { AuditEntry, AuditLog } from '../../edge/core/audit.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createFixture, onLoopback } from './fixture.ts';
import { cheap } from './gated-console.ts';
import { json, rawRequest } from './raw-request.ts';

const password = 'Schneefall im Mai 47';
const dayMs = 86_400_000;
let folder: string;
let clock: VirtualClock;
let servers: Console[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-set-up-'));
  clock = new VirtualClock(Date.now());
  servers = [];
});
afterEach(async () => {
  for (const server of servers) await server.stop();
  await rm(folder, { recursive: true, force: true });
});

const build = (options: Partial<ConsoleOptions> = {}): Console => {
  const source = createFixture(clock, { spareTags: 2 }).source;
  const parts = { ...onLoopback(), localRole: undefined, source, clock, folder, passwordCost: cheap };
  const server = createConsole({ ...parts, page: pathToFileURL(`${folder}/`), ...options });
  servers.push(server);
  return server;
};
const addOwner = () =>
  new Accounts({ folder, clock, secretBytes: systemSecrets, cost: cheap }).add('li', 'owner', password);

describe('the first start', () => {
  it('lets nobody see anything, and the link of the log make one owner, once', async () => {
    const { port, invitation } = await build().start();
    const token = invitation?.split('/').at(-1) ?? '';
    const get = (path: string, headers = {}) => rawRequest(port, { method: 'GET', path, headers });
    const setUp = (body: object) =>
      rawRequest(port, { method: 'POST', path: '/api/set-up', headers: json, body: JSON.stringify(body) });
    const nobody = { name: '', grant: 'open', way: 'none' };
    expect(JSON.parse((await get('/api/session')).body)).toEqual({ caller: nobody, hasOwner: false });
    expect((await get('/api/alarms')).status).toBe(401);
    const wish = { token, name: '李娜', password };
    expect((await setUp({ ...wish, token: `${token}x` })).status).toBe(403);
    expect((await setUp({ ...wish, password: 'kurz' })).status).toBe(400);
    const made = await setUp(wish);
    expect(made.status).toBe(200);
    const [cookie = ''] = made.headers['set-cookie']?.[0]?.split(';') ?? [];
    expect(JSON.parse((await get('/api/session', { cookie })).body)).toEqual({
      ...{ caller: { name: '李娜', grant: 'owner', way: 'session' }, hasOwner: true },
    });
    expect((await setUp({ ...wish, name: 'second' })).status).toBe(403);
    expect((await build().start()).invitation).toBeUndefined();
  });

  it('may trust whoever is on the machine with a role, which ends with the first owner', async () => {
    const { port } = await build({ localRole: 'operator' }).start();
    const alarms = async () => (await rawRequest(port, { method: 'GET', path: '/api/alarms' })).status;
    expect(await alarms()).toBe(200);
    expect((await rawRequest(port, { method: 'GET', path: '/api/accounts' })).status).toBe(403);
    await addOwner();
    expect(await alarms()).toBe(401);
  });
});

describe('beyond loopback', () => {
  it('speaks TLS with a certificate of its own, to those who call it by its names or by an address', async () => {
    await addOwner();
    const server = build({ host: '0.0.0.0', names: ['gw.test'], machineNames: ['127.0.0.1', 'fe80::7'] });
    const { port, url } = await server.start();
    expect(url).toBe(`https://gw.test:${port}`);
    const place = join(folder, 'console-tls');
    const ca = await readFile(join(place, 'certificate.pem'), 'utf8');
    expect((await stat(join(place, 'key.pem'))).mode & 0o777).toBe(0o600);
    const read = new X509Certificate(ca);
    expect(read.subjectAltName).toBe('DNS:gw.test, IP Address:127.0.0.1, IP Address:FE80:0:0:0:0:0:0:7');
    expect([read.verify(read.publicKey), read.ca, read.subject]).toEqual([true, false, 'CN=gw.test']);
    expect(server.certificate()?.fingerprint).toBe(read.fingerprint256);
    const ask = (headers: Record<string, string>) =>
      rawRequest(port, { method: 'GET', path: '/api/session', headers, ca });
    expect((await ask({})).status).toBe(200);
    expect((await ask({ host: `gw.test:${port}` })).status).toBe(200);
    expect((await ask({ host: `evil.test:${port}` })).status).toBe(403);
    const body = JSON.stringify({ name: 'li', password });
    const entered = await rawRequest(port, { method: 'POST', path: '/api/sign-in', headers: json, body, ca });
    expect(entered.headers['set-cookie']?.[0]).toMatch(/; HttpOnly; SameSite=Strict; Secure$/);
    await expect(rawRequest(port, { method: 'GET', path: '/' })).rejects.toThrow();
  });

  it('trusts nobody for being on the machine', async () => {
    await addOwner();
    const { port } = await build({ host: '0.0.0.0', machineNames: ['127.0.0.1'], localRole: 'engineer' }).start();
    const ca = await readFile(join(folder, 'console-tls/certificate.pem'), 'utf8');
    expect((await rawRequest(port, { method: 'GET', path: '/api/alarms', ca })).status).toBe(401);
  });

  it('keeps its certificate over restarts and makes another within 30 days of its end', async () => {
    await addOwner();
    const fingerprint = async (days: number) => {
      const later = new VirtualClock(clock.wallMs() + days * dayMs);
      const server = build({ host: '0.0.0.0', machineNames: ['127.0.0.1'], clock: later });
      await server.start();
      return server.certificate()?.fingerprint;
    };
    const first = await fingerprint(0);
    expect(await fingerprint(366)).toBe(first);
    expect(await fingerprint(368)).not.toBe(first);
  });

  it('shows a certificate that was given, and refuses one whose key is another', async () => {
    await addOwner();
    const made = () =>
      selfSigned({
        names: ['127.0.0.1'],
        fromMs: Date.now() - dayMs,
        toMs: Date.now() + dayMs,
        secretBytes: systemSecrets,
      });
    const [one, other] = [made(), made()];
    const tls = { certificate: join(folder, 'given.pem'), key: join(folder, 'given-key.pem') };
    await writeFile(tls.certificate, one.certificate);
    await writeFile(tls.key, one.key);
    const { port } = await build({ host: '0.0.0.0', tls }).start();
    expect((await rawRequest(port, { method: 'GET', path: '/', ca: one.certificate })).status).toBe(200);
    await writeFile(tls.key, other.key);
    await expect(build({ host: '0.0.0.0', tls }).start()).rejects.toMatchObject({ code: 'LL-CONSOLE-CERTIFICATE' });
  });

  it('takes another certificate from its owner, shows it at once and after a restart, and writes down no key', async () => {
    await addOwner();
    const entries: AuditEntry[] = [];
    const record = async (entry: AuditEntry) => void entries.push(entry);
    const audit = { ...onLoopback().audit, record } as AuditLog;
    const options = { host: '0.0.0.0', names: ['gw.test'], machineNames: ['127.0.0.1'], audit };
    const { port } = await build(options).start();
    const first = await readFile(join(folder, 'console-tls/certificate.pem'), 'utf8');
    const post = (path: string, body: object, ca: string, headers = {}) =>
      rawRequest(port, { method: 'POST', path, headers: { ...json, ...headers }, body: JSON.stringify(body), ca });
    const entered = await post('/api/sign-in', { name: 'li', password }, first);
    const cookie = entered.headers['set-cookie']?.[0]?.split(';')[0] ?? '';
    const bring = (pair: object, ca = first) =>
      post('/api/console-certificate', pair, ca, { cookie, origin: `https://127.0.0.1:${port}` });
    const made = (name: string, fromDays: number, toDays: number) => {
      const [fromMs, toMs] = [Date.now() + fromDays * dayMs, Date.now() + toDays * dayMs];
      return selfSigned({ names: [name], fromMs, toMs, secretBytes: systemSecrets });
    };
    const good = made('127.0.0.1', -1, 10);
    const locked = createPrivateKey(good.key).export({
      ...{ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'geheim' },
    });
    const wrong = [
      [{ ...good, key: made('127.0.0.1', -1, 10).key }, 'the key is not the one of the certificate'],
      [{ ...good, key: locked }, 'it cannot be used'],
      [{ certificate: 'no certificate', key: good.key }, 'it cannot be used'],
      [made('127.0.0.1', -9, -1), 'it ended on'],
      [made('127.0.0.1', 2, 9), 'it is not valid before'],
      [made('other.test', -1, 10), 'it is for DNS:other.test, and nobody calls the console so'],
    ] as const;
    for (const [pair, why] of wrong) {
      const { status, body } = await bring(pair);
      expect([status, JSON.parse(body)]).toMatchObject([
        422,
        { code: 'LL-CONSOLE-CERTIFICATE-REFUSED', message: expect.stringContaining(why) },
      ]);
    }
    expect((await rawRequest(port, { method: 'GET', path: '/', ca: first })).status).toBe(200);
    expect((await bring(good)).status).toBe(200);
    await expect(rawRequest(port, { method: 'GET', path: '/', ca: first })).rejects.toThrow();
    expect((await rawRequest(port, { method: 'GET', path: '/', ca: good.certificate })).status).toBe(200);
    expect((await stat(join(folder, 'console-tls/brought.pem'))).mode & 0o777).toBe(0o600);
    const { fingerprint256 } = new X509Certificate(good.certificate);
    // one that ends soon is shown until another is brought: nobody is to meet a certificate that they did not bring
    const again = build(options);
    await again.start();
    expect(again.certificate()?.fingerprint).toBe(fingerprint256);
    const restore = (ca: string) =>
      post('/api/console-certificate-restore', {}, ca, { cookie, origin: `https://127.0.0.1:${port}` });
    expect((await restore(good.certificate)).status).toBe(200);
    await expect(rawRequest(port, { method: 'GET', path: '/', ca: good.certificate })).rejects.toThrow();
    expect((await rawRequest(port, { method: 'GET', path: '/', ca: first })).status).toBe(200);
    await expect(stat(join(folder, 'console-tls/brought.pem'))).rejects.toThrow('ENOENT');
    const refused = await restore(first);
    expect([refused.status, JSON.parse(refused.body).zh.message]).toEqual([...[422, '换回自签证书：并未换上其他证书']]);
    const own = new X509Certificate(first).fingerprint256;
    const restored = entries.filter(({ action }) => action === '/api/console-certificate-restore');
    expect(restored.map(({ who, outcome, before, after }) => [who, outcome, before, after])).toEqual([
      ['li', 'done', fingerprint256, own],
      ['li', 'LL-CONSOLE-CERTIFICATE-REFUSED', own, {}],
    ]);
    const acts = entries.filter(({ action }) => action === '/api/console-certificate');
    expect(acts.map(({ who, outcome }) => [who, outcome])).toEqual([
      ...wrong.map(() => ['li', 'LL-CONSOLE-CERTIFICATE-REFUSED']),
      ['li', 'done'],
    ]);
    expect(acts.at(-1)).toMatchObject({ before: new X509Certificate(first).fingerprint256, after: fingerprint256 });
    expect(JSON.stringify(entries)).not.toContain('PRIVATE');
  });
});
