import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { Accounts } from '../../edge/console/access/accounts.ts';
import { selfSigned } from '../../edge/console/access/self-signed.ts';
import { createConsole } from '../../edge/console/server.ts';
import { realClock } from '../../edge/core/clock.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { createFixture, onLoopback } from './fixture.ts';
import { cheap } from './gated-console.ts';
import { browser, built, useBrowser } from './in-browser.ts';

const clock = realClock();
const dayMs = 86_400_000;
const password = 'Schneefall im Mai 47';

useBrowser();

it('shows a certificate that an owner brings, and the self-signed one again once that is asked and answered by keyboard', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-certificate-page-'));
  await new Accounts({ folder, clock, secretBytes: systemSecrets, cost: cheap }).addOwner('li', password);
  const server = createConsole({
    ...{ ...onLoopback(), folder, host: '0.0.0.0', machineNames: ['127.0.0.1'], passwordCost: cheap, clock },
    ...{ source: createFixture(clock, { spareTags: 2 }).source, page: pathToFileURL(`${built}/`) },
  });
  const { port } = await server.start();
  const first = server.certificate()?.fingerprint ?? '';
  const context = await browser.newContext({ locale: 'en-GB', ignoreHTTPSErrors: true });
  try {
    const page = await context.newPage();
    await page.goto(`https://127.0.0.1:${port}/#/set-up/certificates`);
    await page.getByLabel('Name').fill('li');
    await page.getByLabel('Password').fill(password);
    await page.getByRole('button', { name: 'Sign in' }).press('Enter');
    const panel = page.getByRole('region', { name: 'Replace the certificate of the console' });
    await panel.getByRole('button', { name: 'Replace' }).waitFor();
    const back = panel.getByRole('button', { name: 'Back to the self-signed one: Console' });
    expect(await back.count()).toBe(0);
    const times = { fromMs: Date.now() - dayMs, toMs: Date.now() + 90 * dayMs };
    const made = selfSigned({ ...times, names: ['127.0.0.1'], secretBytes: systemSecrets });
    const file = (name: string, text: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(text) });
    await panel.getByLabel('File of the certificate').setInputFiles(file('c.pem', made.certificate));
    await panel.getByLabel('File of the key').setInputFiles(file('k.pem', made.key));
    await panel.getByRole('button', { name: 'Replace' }).press('Enter');
    await back.waitFor();
    expect(server.certificate()?.fingerprint).not.toBe(first);
    await back.press('Enter');
    await panel.getByText(/^Show the gateway’s self-signed certificate again/).waitFor();
    await page.keyboard.press('Escape');
    expect(server.certificate()?.fingerprint).not.toBe(first);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await panel.getByText(`Replaced; the new fingerprint is ${first}`).waitFor();
    expect(server.certificate()?.fingerprint).toBe(first);
    await back.waitFor({ state: 'detached' });
    await page.goto(`https://127.0.0.1:${port}/#/audit`);
    await page.getByRole('cell', { name: '/api/console-certificate-restore' }).waitFor();
  } finally {
    await context.close();
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}, 60_000);
