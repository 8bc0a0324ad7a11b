import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Accounts } from '../../edge/console/access/accounts.ts';
import { type ConsoleRole, consoleRoles } from '../../edge/console/grants.ts';
import { realClock } from '../../edge/core/clock.ts';
import { systemSecrets } from '../../edge/core/secret-bytes.ts';
import { cheap, nameOf, passwordOf } from './gated-console.ts';
import { browser, built, useBrowser } from './in-browser.ts';
import { type OpenPage, openPage } from './open-page.ts';

const clock = realClock();
let opened: OpenPage | undefined;
let folder: string;

useBrowser();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lifeline-access-'));
});
afterEach(async () => {
  await opened?.close();
  opened = undefined;
  if (folder) await rm(folder, { recursive: true, force: true });
});

async function open(locale = 'en-GB'): Promise<OpenPage> {
  opened = await openPage(browser, built, locale, { folder, localRole: undefined, passwordCost: cheap });
  return opened;
}
async function addAll(): Promise<Accounts> {
  const accounts = new Accounts({ folder, clock, secretBytes: systemSecrets, cost: cheap });
  for (const role of consoleRoles) await accounts.add(nameOf(role), role, passwordOf(role));
  return accounts;
}
async function signIn(page: Page, role: ConsoleRole): Promise<void> {
  await page.getByLabel('Name', { exact: true }).fill(nameOf(role));
  await page.getByLabel('Password', { exact: true }).fill(passwordOf(role));
  await page.keyboard.press('Enter');
  await page.locator('.who-name', { hasText: nameOf(role) }).waitFor();
}
const places = (page: Page) => page.locator('.rail .place-name').allTextContents();
/** What browsers say of every refused request, and nothing else. */
const refusals = /the server responded with a status of 40[13]/;

describe('the entrance', () => {
  it('lets the link of the log make the owner by keyboard alone, who signs out and in again, in both languages', async () => {
    const { page, url, invitation, errors } = await open();
    await page.goto(url);
    await page.getByText('Nobody owns this gateway yet').waitFor();
    expect(await page.locator('.rail').count()).toBe(0);
    await page.goto(invitation!);
    await page.reload();
    await page.getByRole('heading', { name: 'Make the owner' }).waitFor();
    await page.getByLabel('Name', { exact: true }).focus();
    for (const text of ['李娜', 'kurz', 'kurz']) {
      await page.keyboard.type(text);
      await page.keyboard.press('Tab');
    }
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('LL-CONSOLE-PASSWORD').waitFor();
    const password = 'Schneefall im Mai 47';
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.getByLabel('Password again').fill(password);
    await page.keyboard.press('Enter');
    await page.locator('.who-name', { hasText: '李娜' }).waitFor();
    await page.locator('.amount-good').first().waitFor();
    expect(page.url()).not.toContain('owner');
    await page.reload();
    await page.locator('.who').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await page.locator('.amount').count()).toBe(0);
    await page.getByRole('button', { name: '中文' }).click();
    await page.getByLabel('姓名或账号').fill('李娜');
    await page.getByLabel('密码', { exact: true }).fill('falsch geraten 12');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').getByText('LL-CONSOLE-CREDENTIALS').waitFor();
    await page.getByLabel('密码', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
    await page.locator('.who-role', { hasText: '所有者' }).waitFor();
    expect(errors.filter((text) => !refusals.test(text) && !text.includes('status of 400'))).toEqual([]);
    expect(await readFile(join(folder, 'accounts.json'), 'utf8')).not.toContain(password);
  });

  it('has no serious finding of axe-core, nor have the pages behind it', async () => {
    await addAll();
    const { page, url } = await open();
    await page.goto(url);
    const findings = async () => {
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
      return violations.filter(({ impact }) => impact === 'serious' || impact === 'critical').map(({ id }) => id);
    };
    await page.getByRole('heading', { name: 'Sign in' }).waitFor();
    expect(await findings()).toEqual([]);
    await signIn(page, 'owner');
    for (const [place, drawn] of [
      ['users', '.table'],
      ['account', 'form'],
      ['audit', '.audit-table td'],
    ] as const) {
      await page.goto(`${url}/#/${place}`);
      await page.locator(drawn).first().waitFor();
      expect([place, await findings()]).toEqual([place, []]);
    }
  });
});

describe('what each role is offered', () => {
  it.each([
    ['viewer', { acknowledge: 0, verdicts: false, promote: 0, audit: false, users: false }],
    ['operator', { acknowledge: 1, verdicts: true, promote: 0, audit: false, users: false }],
    ['engineer', { acknowledge: 1, verdicts: true, promote: 1, audit: true, users: false }],
    ['owner', { acknowledge: 1, verdicts: true, promote: 1, audit: true, users: true }],
  ] as const)('as %s is what the role may do', async (role, offered) => {
    await addAll();
    const { page, url, city, errors } = await open();
    const alarm = city.raise({
      asset: 'dma-3',
      kind: 'burst',
      priority: 'critical',
      message: { zh: '爆', en: 'Burst' },
    });
    await page.goto(url);
    await signIn(page, role);
    await page.goto(`${url}/#/alarms/${encodeURIComponent(alarm)}`);
    await page.locator('.evidence').waitFor();
    const acknowledge = page.getByRole('button', { name: 'Acknowledge: Burst' });
    const verdict = page.getByRole('button', { name: 'Useful', exact: true }).first();
    await page.goto(`${url}/#/models`);
    await page.getByLabel('Trial in shadow').first().waitFor();
    const promote = await page.getByRole('button', { name: /^Promote/ }).count();
    await page.goto(`${url}/#/verdicts`);
    await verdict.waitFor();
    const verdicts = await verdict.isEnabled();
    const names = await places(page);
    await page.goto(`${url}/#/alarms`);
    await page.locator('.alarm-message').first().waitFor();
    expect({
      ...{ acknowledge: Math.min(1, await acknowledge.count()), verdicts, promote: Math.min(1, promote) },
      ...{ audit: names.includes('Audit'), users: names.includes('Users') },
    }).toEqual(offered);
    if (offered.acknowledge === 1) {
      await acknowledge.first().click();
      await expect.poll(() => city.acknowledged, { timeout: 8_000 }).toEqual([{ id: alarm, by: nameOf(role) }]);
    }
    await page.goto(`${url}/#/users`);
    await page
      .getByText(offered.users ? 'API tokens' : 'This page needs the role owner')
      .first()
      .waitFor();
    expect(errors).toEqual([]);
  });
});

describe('users', () => {
  it('are added, given another role and taken away by the owner, which their pages feel at once', async () => {
    await addAll();
    const { page, url } = await open();
    await page.goto(url);
    await signIn(page, 'owner');
    await page.goto(`${url}/#/users`);
    const form = page.getByRole('form', { name: 'Add user' });
    await form.getByLabel('Name').fill('张工');
    await form.getByLabel('Role').selectOption('viewer');
    await form.getByLabel('Password').fill('Regenbogen 2031 nass');
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /张工/ }).waitFor();
    const context = await browser.newContext({ locale: 'en-GB' });
    const other = await context.newPage();
    await other.goto(url);
    await other.getByLabel('Name', { exact: true }).fill('张工');
    await other.getByLabel('Password', { exact: true }).fill('Regenbogen 2031 nass');
    await other.keyboard.press('Enter');
    await other.locator('.who-role', { hasText: 'Viewer' }).waitFor();
    await page.getByLabel('Role: 张工').selectOption('operator');
    await expect
      .poll(async () => (await new Accounts({ folder, clock, secretBytes: systemSecrets }).find('张工'))?.role)
      .toBe('operator');
    await other.reload();
    await other.locator('.who-role', { hasText: 'Operator' }).waitFor();
    await page.getByRole('button', { name: 'Remove: 张工' }).click();
    await other.getByRole('heading', { name: 'Sign in' }).waitFor({ timeout: 20_000 });
    await context.close();
    expect(await page.getByRole('button', { name: 'Remove: owner-li' }).isDisabled()).toBe(true);
    await page.goto(`${url}/#/audit`);
    const told = page.locator('.audit-table tbody tr', { hasText: '/api/account-role' });
    await told.waitFor();
    expect(await told.textContent()).toMatch(/owner-li.*127\.0\.0\.1.*张工.*Done.*viewer.*operator/);
  });

  it('let a script in by a token that is shown once', async () => {
    await addAll();
    const { page, url } = await open();
    await page.goto(url);
    await signIn(page, 'owner');
    await page.goto(`${url}/#/users`);
    const form = page.getByRole('form', { name: 'Make token' });
    await form.getByLabel('Name').fill('nagios');
    await form.getByRole('button', { name: 'Make token' }).click();
    const token = await page.locator('.token-made code').textContent();
    const answer = await fetch(`${url}/api/devices`, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.status).toBe(200);
    await page.reload();
    await page.getByRole('row', { name: /nagios/ }).waitFor();
    expect(await page.content()).not.toContain(token);
  });
});
