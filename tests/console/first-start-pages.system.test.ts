import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { pathToFileURL } from 'node:url';
import { Aedes } from 'aedes';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { listCertificates } from '../../drivers/opcua/certificates.ts';
import { firstStart } from '../../edge/cli/first-start.ts';
import { selfSigned } from '../../edge/console/access/self-signed.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { freePort, serverOn } from '../drivers/opcua-server.ts';
import { built } from './in-browser.ts';
import { clock, emptyFolder, endings, findings, openAt, run, servePlc, soon, useSetUp } from './set-up-fixture.ts';

useSetUp();

/** The page of a first start in an empty folder, its owner made. */
async function beginIn(folder: string, locale = 'en-GB') {
  const dataDir = join(folder, 'data');
  await mkdir(dataDir);
  const invited = Promise.withResolvers<string>();
  const log: Log = { ...silentLog, info: (facts) => invited.resolve(String((facts as { url: unknown }).url)) };
  const parts = { file: join(folder, 'gateway.yaml'), dataDir, port: 0, clock, log, stopped: new Promise(() => {}) };
  const begun = firstStart({ ...parts, page: pathToFileURL(`${built}/`) });
  const { page, errors } = await openAt(await invited.promise, locale);
  const fields = page.locator('form input');
  await fields.nth(0).fill('li');
  for (const at of [1, 2]) await fields.nth(at).fill('Schneefall im Mai 47');
  await page.keyboard.press('Enter');
  await page.locator('.first-start').waitFor();
  return { page, errors, begun };
}

const check = (page: Page) => page.getByRole('button', { name: 'Check, and see what is written' }).click();

/** A broker over an encrypted link that lets `gw` in with `right`, and the names of those who came in. */
async function serveBroker() {
  const [fromMs, caFile] = [clock.wallMs(), join(await emptyFolder(), 'ca.pem')];
  const times = { fromMs, toMs: fromMs + 86_400_000 };
  const { certificate, key } = selfSigned({ names: ['127.0.0.1'], ...times, secretBytes: systemSecrets });
  await writeFile(caFile, certificate);
  const aedes = await Aedes.createBroker({
    authenticate: (_client, user, password, done) => done(null, user === 'gw' && String(password) === 'right'),
  });
  const published: string[] = [];
  aedes.on('publish', ({ topic }) => void (topic.startsWith('$SYS') || published.push(topic)));
  const server = createServer({ cert: certificate, key }, aedes.handle);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  endings.push(() => {
    server.close();
    return new Promise<void>((resolve) => aedes.close(resolve));
  });
  return { url: `mqtts://127.0.0.1:${(server.address() as AddressInfo).port}`, caFile, published };
}

describe('the first start', () => {
  it.each([
    ['en-GB', 'Scan the network', 'Network or host', 'Take it', 'Address of the device'],
    ['zh-CN', '扫描网络', '网段或主机', '选用', '设备地址'],
  ])(
    'finds devices by a scan that says how far it is, and takes one, in %s',
    async (locale, scan, network, take, at) => {
      const [folder, endpoint] = [await emptyFolder(), await servePlc()];
      const { page, errors } = await beginIn(folder, locale);
      await page.getByLabel(network).fill('nowhere at all');
      const press = page.getByRole('group', { name: scan }).getByRole('button', { name: scan });
      await press.click();
      await page.getByRole('alert').getByText('LL-CONSOLE-NO-DEVICE', { exact: false }).waitFor();
      await page.getByLabel(network).fill(endpoint);
      await press.click();
      await page.getByText('1 / 1').waitFor();
      await page.getByRole('button', { name: `${take}: ${endpoint}` }).click();
      expect(await page.getByLabel(at).inputValue()).toBe(endpoint);
      expect(await findings(page)).toEqual([]);
      // somebody listens there, but speaks no OPC UA
      await page.getByRole('group', { name: scan }).getByRole('combobox').selectOption('opcua');
      await press.click();
      await page.getByText(/1 \/ 1 .*0/).waitFor();
      const server = await serverOn(await freePort());
      await page.getByLabel(network).fill(server.endpoint);
      await press.click();
      await page.getByRole('button', { name: `${take}: ${server.endpoint}` }).click();
      expect(await page.getByLabel(at).inputValue()).toBe(server.endpoint);
      expect(
        await page.getByRole('group', { name: scan }).locator('..').getByRole('combobox').nth(1).inputValue(),
      ).toBe('opcua');
      expect(errors).toEqual([]);
    },
    90_000,
  );

  it('tries the broker upstream before anything is written, says by code what is wrong, and keeps the password apart', async () => {
    const [folder, endpoint, broker] = [await emptyFolder(), await servePlc(), await serveBroker()];
    const { page, errors, begun } = await beginIn(folder);
    await page.getByLabel('Gateway id').fill('gw-1');
    await page.getByLabel('Device id').fill('pump');
    await page.getByLabel('Address of the device').fill(endpoint);
    await page.getByLabel('tag, row 2').fill('level');
    const upstream = page.getByRole('group', { name: 'Upstream' });
    await upstream.getByRole('combobox').selectOption('mqtt');
    const attempt = upstream.getByRole('button', { name: 'Test the connection' });
    const refused = (code: string) => upstream.getByRole('alert').getByText(code, { exact: false }).waitFor();
    await upstream.getByLabel('Address of the broker').fill('mqtts://127.0.0.1:1');
    await attempt.click();
    await refused('LL-MQTT-UNREACHABLE');
    await upstream.getByLabel('Address of the broker').fill(broker.url);
    await attempt.click();
    await refused('LL-MQTT-TLS-UNTRUSTED');
    await upstream.getByLabel('CA of the broker').setInputFiles(broker.caFile);
    await upstream.getByLabel('User at the broker').fill('gw');
    await upstream.getByLabel('Password at the broker').fill('wr0ng-secret');
    await attempt.click();
    await refused('LL-MQTT-UNAUTHORISED');
    await upstream.getByLabel('Password at the broker').fill('right');
    await attempt.click();
    await upstream.getByText('The broker answers').waitFor();
    expect(broker.published).toEqual([]);
    await check(page);
    const changes = page.getByRole('region', { name: 'Changes against what is on disk' });
    await changes.getByText('password: !secret upstream-password').waitFor();
    expect(await readdir(folder)).toEqual(['data']);
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: 'Write and start' }).click();
    const gateway = await run(folder, (await begun) ?? 0);
    await expect.poll(() => gateway.status().sinks[0]?.state, soon).toBe('online');
    expect(await readFile(join(folder, 'secrets.yaml'), 'utf8')).toContain('upstream-password: right');
    const audit = await readFile(join(folder, 'data/audit.db'));
    for (const secret of ['wr0ng-secret', '"password"']) expect(audit.includes(secret)).toBe(false);
    expect(errors).toEqual([]);
  }, 90_000);

  it('leads from an empty folder to the first live value', async () => {
    const [folder, endpoint] = [await emptyFolder(), await servePlc()];
    const { page, errors, begun } = await beginIn(folder);
    expect(await findings(page)).toEqual([]);
    await page.getByLabel('Gateway id').fill('gw-1');
    await page.getByLabel('Device id').fill('pump');
    await page.getByLabel('Address of the device').fill('tcp://127.0.0.1:9');
    await page.getByRole('button', { name: 'Look for it' }).click();
    await page.getByRole('alert').getByText('LL-CONSOLE-NO-DEVICE', { exact: false }).waitFor();
    await page.getByLabel('Address of the device').fill(endpoint);
    await page.getByRole('button', { name: 'Look for it' }).click();
    await page.getByText('The device answers').waitFor();
    await page.getByLabel('tag, row 2').fill('level');
    await page.getByLabel('type, row 2').fill('uint17');
    await check(page);
    await page.locator('.cell-problem', { hasText: 'uint17' }).waitFor();
    await page.getByLabel('type, row 2').fill('uint16');
    await check(page);
    const changes = page.getByRole('region', { name: 'Changes against what is on disk' });
    await changes.getByText('+ level,holding,0,uint16,,1s').waitFor();
    // what is changed once more has to be seen once more
    await page.getByLabel('Gateway name').fill('Pumping station');
    await changes.waitFor({ state: 'detached' });
    await check(page);
    await changes.getByText('name: Pumping station').waitFor();
    expect(await readdir(folder)).toEqual(['data']);
    await page.getByRole('button', { name: 'Write and start' }).click();
    const gateway = await run(folder, (await begun) ?? 0);
    await page.getByLabel('Name', { exact: true }).fill('li');
    await page.getByLabel('Password', { exact: true }).fill('Schneefall im Mai 47');
    await page.keyboard.press('Enter');
    await page.locator('.who-role', { hasText: 'Owner' }).waitFor();
    await page.goto(`${gateway.status().consoleUrl}/#/trend/pump%2Flevel`);
    await page.getByText('71', { exact: true }).first().waitFor();
    expect(errors).toEqual([]);
  }, 90_000);

  it('asks an OPC UA server how it may be reached, prefers the safest way, and trusts it only on a word', async () => {
    const [folder, { endpoint }] = [await emptyFolder(), await serverOn(await freePort())];
    const { page, errors, begun } = await beginIn(folder);
    await page.getByLabel('Gateway id').fill('gw-1');
    await page.getByLabel('Device id').fill('plc');
    await page.getByLabel('Driver').selectOption('opcua');
    await page.getByLabel('Address of the device').fill(endpoint);
    const read = page.getByRole('button', { name: 'Read its points' });
    expect(await read.isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Ask the server' }).click();
    const offers = page.getByLabel('Security policy / mode');
    await offers.waitFor();
    expect(await offers.locator('option').allTextContents()).toEqual([
      'Aes256_Sha256_RsaPss / SignAndEncrypt – the safest',
      'Aes128_Sha256_RsaOaep / SignAndEncrypt',
      'Basic256Sha256 / SignAndEncrypt',
      'Aes256_Sha256_RsaPss / Sign',
      'Aes128_Sha256_RsaOaep / Sign',
      'Basic256Sha256 / Sign',
      'None / None',
    ]);
    expect(await offers.inputValue()).toBe('Aes256_Sha256_RsaPss / SignAndEncrypt');
    const [shown] = (await listCertificates(join(folder, 'data/drivers'))).filter(({ role }) => role === 'rejected');
    await page.locator('.shown-certificate', { hasText: shown?.thumbprint ?? '?' }).waitFor();
    expect(await read.isDisabled()).toBe(true);
    expect(await findings(page)).toEqual([]);
    await page.getByRole('button', { name: /^Trust: / }).click();
    await page.getByRole('button', { name: 'Confirm' }).click();
    await page.locator('.shown-certificate').getByText('Trusted', { exact: true }).waitFor();
    await page.getByLabel('User on the server').fill('reader');
    await page.getByLabel('Password on the server').fill('wr0ng-secret');
    await read.click();
    await page.getByRole('alert').getByText('LL-OPCUA-IDENTITY', { exact: false }).waitFor();
    await page.getByLabel('Password on the server').fill('right');
    await read.click();
    await page.getByText(/points were put into the table/).waitFor();
    await check(page);
    await page.getByRole('button', { name: 'Write and start' }).click();
    const gateway = await run(folder, (await begun) ?? 0);
    const written = await readFile(join(folder, 'gateway.yaml'), 'utf8');
    expect(written).toContain('policy: Aes256_Sha256_RsaPss');
    expect(written).toContain('password: !secret opcua-password');
    expect(written).not.toContain('right');
    expect((await stat(join(folder, 'secrets.yaml'))).mode & 0o777).toBe(0o600);
    await expect.poll(() => gateway.status().devices[0]?.samples, { timeout: 40_000 }).toBeGreaterThan(0);
    const audit = await readFile(join(folder, 'data/audit.db'));
    for (const secret of ['wr0ng-secret', '"password"']) expect(audit.includes(secret)).toBe(false);
    expect(errors).toEqual([]);
  }, 120_000);
});
