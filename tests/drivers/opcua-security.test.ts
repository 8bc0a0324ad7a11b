import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import opcua from 'node-opcua';
import { describe, expect, test } from 'vitest';
import {
  describeCertificate,
  judgeCertificate,
  listCertificates,
  openStore,
  ownPair,
  renewCertificate,
  switchCertificate,
} from '../../drivers/opcua/certificates.ts';
import { discover } from '../../drivers/opcua/discovery.ts';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import { ownExpiry } from '../../drivers/opcua/expiry.ts';
import { realClock } from '../../edge/core/clock.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { device, folder, freePort, node, serverOn, watch } from './opcua-server.ts';

const clock = realClock();
const points = [node(0, 'temp')];
const days = (count: number) => ({ ...clock, wallMs: () => clock.wallMs() + count * 86_400_000 });

describe('OPC UA security', () => {
  test('refuses an unknown server by thumbprint and command, lists it, and reads once it is trusted', async () => {
    const { endpoint } = await serverOn(await freePort());
    const definition = device(endpoint, points, { security: { policy: 'Basic256Sha256' } });
    const refused = await watch(definition).catch((error: unknown) => error);
    const listed = await listCertificates(folder);
    expect(listed.map(({ role }) => role)).toEqual(['own', 'rejected']);
    const { thumbprint } = listed[1]!;
    expect(refused).toMatchObject({
      code: 'LL-OPCUA-UNTRUSTED',
      message: expect.stringContaining(`lifeline opcua trust ${thumbprint}`),
    });
    await judgeCertificate(opcua, folder, clock, 'trust', thumbprint.slice(0, 8).toUpperCase());
    const seen = await watch(definition);
    await seen.until(() => seen.newest.get(0)?.value === 21.5);
    await judgeCertificate(opcua, folder, clock, 'reject', thumbprint);
    await expect(watch(definition)).rejects.toMatchObject({ code: 'LL-OPCUA-UNTRUSTED' });
    await expect(judgeCertificate(opcua, folder, clock, 'trust', 'abcdef012345')).rejects.toMatchObject({
      code: 'LL-OPCUA-CERTIFICATE',
    });
    await judgeCertificate(opcua, folder, clock, 'trust', thumbprint);
  });

  test('reads with every policy and mode, as nobody, by password and by certificate', async () => {
    const { endpoint } = await serverOn(await freePort());
    const passwordFile = join(folder, 'password');
    await writeFile(passwordFile, 'right\n');
    const { certificateFile, privateKeyFile } = ownPair(folder);
    const users = [
      {},
      { user: 'reader', passwordFile },
      { userCertificate: certificateFile, userKey: privateKeyFile },
    ] as const;
    const policies = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'];
    for (const [index, policy] of policies.entries()) {
      for (const mode of ['Sign', 'SignAndEncrypt']) {
        const security = { policy, mode, trustUnknown: true };
        const seen = await watch(device(endpoint, points, { security, ...users[index] }));
        await seen.until(() => seen.newest.get(0)?.value === 21.5);
        await seen.session.close();
      }
    }
    const offered = await discover(opcua, { endpoint, stateDir: folder, clock, timeoutMs: 5000 });
    const pairs = offered.map(({ policy, mode }) => `${policy}/${mode}`);
    expect(pairs).toEqual(expect.arrayContaining(['None/None', ...policies.map((policy) => `${policy}/Sign`)]));
    expect(offered.every(({ trusted }) => trusted !== false)).toBe(true);
  }, 30_000);

  test('tells a wrong password, a missing password file and a pair the server does not offer apart', async () => {
    const { endpoint } = await serverOn(await freePort());
    const security = { policy: 'Basic256Sha256', trustUnknown: true };
    const said: string[] = [];
    const log: Log = { ...silentLog, warn: (fields, message) => said.push(JSON.stringify(fields), message) };
    const wrong = device(endpoint, points, { security, user: 'reader', password: 'wr0ng-secret' });
    const error = await watch(wrong, log).catch((cause: Error) => cause);
    expect(error).toMatchObject({ code: 'LL-OPCUA-IDENTITY', message: expect.stringContaining('user "reader"') });
    expect(`${(error as Error).message} ${said.join()}`).not.toContain('wr0ng-secret');
    const absent = device(endpoint, points, { security, user: 'reader', passwordFile: '/nowhere/password' });
    await expect(watch(absent)).rejects.toMatchObject({
      code: 'LL-OPCUA-IDENTITY',
      message: expect.stringContaining('/nowhere/password'),
    });
    const plain = await serverOn(await freePort(), { security: false });
    await expect(watch(device(plain.endpoint, points, { security }))).rejects.toMatchObject({
      code: 'LL-OPCUA-SECURITY',
      message: expect.stringContaining('the server offers None/None'),
    });
  });

  test('asks for the policy None by name', () => {
    const { success, error } = opcuaDriver.options.safeParse({});
    expect(success).toBe(false);
    expect(error!.issues[0]!.path).toEqual(['security']);
  });
});

describe('the own certificate of OPC UA', () => {
  test('holds ten years, warns 30 days ahead, and is followed by another only on command', async () => {
    const dir = await mkdtemp(join(folder, 'own-'));
    await openStore(opcua, dir, clock);
    const kind = 'own-certificate-ends';
    expect(await ownExpiry(dir, days(3600))).toEqual({ kind, active: false });
    const warned = (message: unknown) => ({
      kind,
      active: true,
      error: { code: 'LL-OPCUA-CERTIFICATE-ENDS', message },
    });
    expect(await ownExpiry(dir, days(3630))).toMatchObject(warned(expect.stringMatching(/ends in 2\d days/)));
    expect(await ownExpiry(dir, days(4000))).toMatchObject(warned(expect.stringContaining('has ended')));
    const [own] = await listCertificates(dir);
    await expect(switchCertificate(dir)).rejects.toMatchObject({ code: 'LL-OPCUA-CERTIFICATE' });
    const next = await renewCertificate(opcua, dir, clock);
    const both = await listCertificates(dir);
    expect(both.map(({ role, thumbprint }) => [role, thumbprint])).toEqual([
      ['own', own!.thumbprint],
      ['renewed', next.thumbprint],
    ]);
    expect(next.thumbprint).not.toBe(own!.thumbprint);
    expect((await switchCertificate(dir)).thumbprint).toBe(next.thumbprint);
    expect((await listCertificates(dir)).map(({ role }) => role)).toEqual(['own']);
    const { certificateFile, privateKeyFile } = ownPair(dir);
    expect(await readFile(`${certificateFile}.old`, 'utf8')).toContain('BEGIN CERTIFICATE');
    const key = createPrivateKey(await readFile(privateKeyFile));
    expect(new X509Certificate(await readFile(certificateFile)).checkPrivateKey(key)).toBe(true);
    await rm(dir, { recursive: true });
  });

  test('is trusted by hand beside the one that follows it: the old one serves until the switch, the new one after', async () => {
    const server = await serverOn(await freePort(), { trustsAnyone: false });
    const definition = device(server.endpoint, points, { security: { policy: 'Basic256Sha256', trustUnknown: true } });
    const shown: string[] = [];
    server.server.on('session_activated', ({ channel }) => {
      shown.push(describeCertificate([channel?.clientCertificate ?? []].flat()[0] as Buffer).thumbprint);
    });
    const trust = async (file: string) =>
      server.certificates.trustCertificate(new X509Certificate(await readFile(file)).raw);
    const read = async () => {
      const seen = await watch(definition);
      await seen.until(() => seen.newest.get(0)?.value === 21.5);
      await seen.session.close();
      return shown.at(-1);
    };
    await openStore(opcua, folder, clock);
    const [own] = await listCertificates(folder);
    await expect(watch(definition)).rejects.toMatchObject({
      code: 'LL-OPCUA-SECURITY',
      message: expect.stringContaining(`must trust the certificate ${own!.thumbprint} of the gateway`),
    });
    await trust(own!.file);
    const next = await renewCertificate(opcua, folder, clock);
    await trust(next.file);
    expect(await read()).toBe(own!.thumbprint);
    await switchCertificate(folder);
    expect(await read()).toBe(next.thumbprint);
  }, 20_000);

  test('is switched to whole when a switch before was cut off half way', async () => {
    const dir = await mkdtemp(join(folder, 'own-'));
    await openStore(opcua, dir, clock);
    const { thumbprint, file } = await renewCertificate(opcua, dir, clock);
    const { certificateFile, privateKeyFile } = ownPair(dir);
    await rename(privateKeyFile, `${privateKeyFile}.old`);
    await rename(join(dirname(file), '..', 'private', 'private_key.pem'), privateKeyFile);
    expect((await switchCertificate(dir)).thumbprint).toBe(thumbprint);
    const key = createPrivateKey(await readFile(privateKeyFile));
    expect(new X509Certificate(await readFile(certificateFile)).checkPrivateKey(key)).toBe(true);
  });
});
