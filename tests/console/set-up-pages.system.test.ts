import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { xlsxBytes } from '../../edge/config/table-output.ts';
import type { OffersView } from '../../edge/console/wire.ts';
import { callBackText } from '../../edge/upstream/call-back.ts';
import { signatureOf } from '../../edge/upstream/signature.ts';
import { freePort, serverOn } from '../drivers/opcua-server.ts';
import { clock, emptyFolder, findings, openAt, run, servePlc, soon, useSetUp } from './set-up-fixture.ts';

useSetUp();

const centreKey = 'a secret of thirty-two characters';
/** Takes configurations from a centre; nothing listens where it would send. */
const centre = '{ id: centre, sink: webhook, url: "http://127.0.0.1:1/", secretFile: centre.secret, orders: [config] }';
const table = 'tag,table,address,type,unit,group\nfirst,holding,0,uint16,mA,100ms\n';

/** A gateway that reads one point of a PLC, its console open to an engineer on this machine. */
async function runEngineered() {
  const folder = await emptyFolder();
  const endpoint = await servePlc();
  await mkdir(join(folder, 'points'));
  await writeFile(join(folder, 'points/pump.csv'), table);
  const device = `{ id: pump, driver: modbus, endpoint: "${endpoint}", points: points/pump.csv }`;
  await writeFile(
    join(folder, 'gateway.yaml'),
    `gateway: { id: gw }\nconsole: { role: engineer }\ndevices:\n  - ${device}\nsinks:\n  - ${centre}\n`,
  );
  await writeFile(join(folder, 'centre.secret'), centreKey);
  const gateway = await run(folder, 0);
  const onDisk = () => readFile(join(folder, 'points/pump.csv'), 'utf8');
  return { gateway, onDisk, url: gateway.status().consoleUrl ?? '' };
}

const editTable = async (page: Page) => page.getByRole('combobox', { name: 'File' }).selectOption('points/pump.csv');
const apply = async (page: Page) => {
  await page.getByRole('button', { name: 'Apply: gateway.yaml' }).click();
  await page.getByRole('button', { name: 'Confirm' }).click();
};

describe('the set-up pages', () => {
  it.each(['zh-CN', 'en-GB'])(
    'have no serious finding of axe-core, in %s',
    async (locale) => {
      const { url } = await runEngineered();
      const { page, errors } = await openAt(`${url}/#/set-up`, locale);
      await page.locator('.yaml').waitFor();
      const found = await findings(page);
      await page.locator('.yaml').fill('gateway: { id: gw }\nnonsense: 1\n');
      await page.locator('.problem-list').waitFor();
      found.push(...(await findings(page)));
      await page.locator('.form-line select').first().selectOption('points/pump.csv');
      await page.locator('.point-grid').waitFor();
      found.push(...(await findings(page)));
      for (const [place, drawn] of [
        ['versions', '.empty-line'],
        ['system', '.facts'],
      ] as const) {
        await page.goto(`${url}/#/set-up/${place}`);
        await page.locator(drawn).waitFor();
        found.push(...(await findings(page)));
      }
      expect([found, errors]).toEqual([[], []]);
    },
    60_000,
  );

  it('tell a mistake at its cell while it is typed, apply what is mended, and roll back', async () => {
    const { gateway, url, onDisk } = await runEngineered();
    const { page, errors } = await openAt(`${url}/#/set-up`);
    await editTable(page);
    await page.getByRole('button', { name: 'Add row' }).click();
    await expect
      .poll(() => page.evaluate("document.activeElement.getAttribute('aria-label')"), soon)
      .toBe('tag, row 3');
    await page.evaluate(`{
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', 'second\\tholding\\t1\\tuint61\\tmA\\t100ms\\n');
      const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
      document.activeElement.dispatchEvent(paste);
    }`);
    const cell = page.getByLabel('type, row 3');
    await expect.poll(() => cell.getAttribute('aria-invalid'), soon).toBe('true');
    const told = page.locator('.cell-problem', { hasText: 'uint61' });
    expect(await told.textContent()).toContain('did you mean "uint16"?');
    expect(await cell.getAttribute('aria-describedby')).toBe(await told.getAttribute('id'));
    expect(await page.getByRole('button', { name: 'Apply: gateway.yaml' }).isDisabled()).toBe(true);
    await cell.fill('uint16');
    const changes = page.getByRole('region', { name: 'Changes against what is on disk' });
    await changes.getByText('+ second,holding,1,uint16,mA,100ms').waitFor();
    await apply(page);
    await page.getByText('In force, version 2').waitFor();
    expect(await onDisk()).toBe(`\uFEFF${table}second,holding,1,uint16,mA,100ms\n`);
    await expect.poll(() => gateway.status().devices[0]?.tags, soon).toBe(2);
    await page.getByRole('link', { name: 'Versions' }).click();
    await page.getByRole('button', { name: 'Compare: 1' }).click();
    await page.getByText('− second,holding,1,uint16,mA,100ms').waitFor();
    await page.getByRole('button', { name: 'Roll back: 1' }).click();
    await page.keyboard.press('Enter');
    await page.getByRole('row', { name: /^3 / }).getByText('In force').waitFor();
    await expect.poll(() => gateway.status().devices[0]?.tags, soon).toBe(1);
    expect(errors).toEqual([]);
  }, 60_000);

  it('take a table from a workbook, and tell its mistakes by sheet and cell', async () => {
    const { gateway, url } = await runEngineered();
    const { page, errors } = await openAt(`${url}/#/set-up`);
    await editTable(page);
    const workbook = (type: string) => [
      { name: 'notes', cells: [['nothing of the kind']] },
      {
        name: 'pump',
        cells: [
          ['点名', 'table', 'address', 'type', 'group'],
          ['level', 'holding', 1, type, '100ms'],
        ],
      },
    ];
    const bring = async (type: string) =>
      page.getByLabel('Take from a file (CSV, XLSX)').setInputFiles({
        ...{ name: 'site.xlsx', mimeType: 'application/octet-stream', buffer: await xlsxBytes(workbook(type)) },
      });
    await bring('uint61');
    await page.getByText('site.xlsx:pump!D2').waitFor();
    expect(await page.getByLabel('tag, row 2').inputValue()).toBe('first');
    await bring('uint16');
    await page.getByText('1 points were read').waitFor();
    await apply(page);
    await page.getByText('In force, version 2').waitFor();
    await expect.poll(() => gateway.status().devices[0]?.samples, soon).toBeGreaterThan(0);
    const model = await (await fetch(`${url}/api/model`)).json();
    expect((model as { tags: { name: string }[] }).tags.map(({ name }) => name)).toContain('pump/level');
    expect(errors).toEqual([]);
  }, 60_000);

  it('show the second of two engineers what the first has changed, and let both changes stand', async () => {
    const { gateway, url } = await runEngineered();
    const [one, other] = [await openAt(`${url}/#/set-up`), await openAt(`${url}/#/set-up`)];
    await editTable(one.page);
    await other.page.locator('.yaml').waitFor();
    await one.page.getByLabel('tag, row 2').fill('renamed');
    await apply(one.page);
    await one.page.getByText('In force, version 2').waitFor();
    const yaml = await other.page.locator('.yaml').inputValue();
    await other.page.locator('.yaml').fill(yaml.replace('id: gw', 'id: gw, name: Pumping station'));
    await apply(other.page);
    const conflict = other.page.getByRole('alert', { name: 'Somebody else has changed the configuration' });
    await conflict.getByText('local', { exact: false }).first().waitFor();
    await conflict.getByText('− renamed,holding,0,uint16,mA,100ms').waitFor();
    await conflict.getByText('+ first,holding,0,uint16,mA,100ms').waitFor();
    await conflict.getByRole('button', { name: 'Keep my changes, on top of theirs' }).click();
    const changes = other.page.getByRole('region', { name: 'Changes against what is on disk' });
    await changes.getByText('name: Pumping station').waitFor();
    await apply(other.page);
    await other.page.getByText('In force, version 3').waitFor();
    const model = await (await fetch(`${url}/api/model`)).json();
    expect((model as { tags: { name: string }[] }).tags.map(({ name }) => name)).toContain('pump/renamed');
    expect(gateway.status().devices[0]?.tags).toBe(1);
  }, 60_000);
});

/** What the centre posts of a point table for the pump, with one more point of that name. */
async function offer(url: string, id: string, tag: string): Promise<void> {
  const cells = [...table.trim().split('\n'), `${tag},holding,1,uint16,mA,100ms`].map((line) => line.split(','));
  const expires = new Date(clock.wallMs() + 86_400_000).toISOString();
  const order = { id, gateway: 'gw', kind: 'config', by: '李工', reason: `增加测点 ${tag}`, expires };
  const text = JSON.stringify({ ...order, tables: [{ path: 'points/pump.csv', cells }] });
  const timestampS = Math.floor(clock.wallMs() / 1000);
  const headers = {
    'lifeline-timestamp': String(timestampS),
    'lifeline-signature': signatureOf(centreKey, timestampS, callBackText(text)),
  };
  const answer = await fetch(`${url}/api/call-back?sink=centre`, { method: 'POST', headers, body: text });
  expect(await answer.json()).toMatchObject({ status: 'accepted' });
}

describe('the page of offers', () => {
  it.each([
    ['en-GB', 'Compare', 'Apply', 'Refuse', 'Confirm', 'Why it is refused', /In force, version 2/],
    ['zh-CN', '比较', '应用', '拒绝', '确定', '拒绝理由', /已生效，版本 2/],
  ])(
    'shows what the centre offers and what it would change, applies one and refuses one with the reason, in %s',
    async (locale, compare, applies, refuses, confirm, why, done) => {
      const { gateway, url, onDisk } = await runEngineered();
      await offer(url, 'c-1', 'second');
      await offer(url, 'c-2', 'unwanted');
      const { page, errors } = await openAt(`${url}/#/set-up/offers`, locale);
      const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
      await press(`${compare}: 1`);
      await page.getByText('+ second,holding,1,uint16,mA,100ms').waitFor();
      expect(await findings(page)).toEqual([]);
      await press(`${applies}: 1`);
      await press(confirm);
      await page.getByText(done).waitFor();
      expect(await onDisk()).toContain('second,holding,1,uint16,mA,100ms');
      await expect.poll(() => gateway.status().devices[0]?.tags, soon).toBe(2);

      await press(`${compare}: 2`);
      await page.getByText('− second,holding,1,uint16,mA,100ms').waitFor();
      expect(await page.getByRole('button', { name: `${refuses}: 2` }).isDisabled()).toBe(true);
      await page.getByRole('textbox', { name: why }).fill('停泵检修中');
      await press(`${refuses}: 2`);
      await press(confirm);
      await page.getByRole('row', { name: /停泵检修中/ }).waitFor();
      expect(await onDisk()).not.toContain('unwanted');
      const { offers } = (await (await fetch(`${url}/api/configuration-offers`)).json()) as OffersView;
      expect(offers.map(({ state, decided }) => [state, decided?.why])).toEqual([
        ['refused', '停泵检修中'],
        ['applied', ''],
      ]);
      expect(errors).toEqual([]);
    },
    90_000,
  );

  it('applies nothing where somebody was faster, and shows what the offer comes to now', async () => {
    const { url, onDisk } = await runEngineered();
    await offer(url, 'c-1', 'second');
    const [one, other] = [await openAt(`${url}/#/set-up/offers`), await openAt(`${url}/#/set-up`)];
    await one.page.getByRole('link', { name: 'Offers of the centre 1' }).waitFor();
    await one.page.getByRole('button', { name: 'Compare: 1' }).click();
    await one.page.getByText('+ second,holding,1,uint16,mA,100ms').waitFor();
    await editTable(other.page);
    await other.page.getByLabel('tag, row 2').fill('renamed');
    await apply(other.page);
    await other.page.getByText('In force, version 2').waitFor();
    await one.page.getByRole('button', { name: 'Apply: 1' }).click();
    await one.page.getByRole('button', { name: 'Confirm' }).click();
    await one.page.getByRole('alert').getByText('nothing was applied', { exact: false }).waitFor();
    await one.page.getByText('− renamed,holding,0,uint16,mA,100ms').waitFor();
    expect(await onDisk()).not.toContain('second');
  }, 90_000);
});

describe('the page of certificates', () => {
  it.each([
    ['en-GB', 'Trust', 'Refuse', 'Confirm', 'Certificates'],
    ['zh-CN', '信任', '拒绝', '确定', '证书'],
  ])(
    'has a person trust an OPC UA server by its fingerprint, and trust it no longer, in %s',
    async (locale, trust, refuse, confirm, name) => {
      const [folder, { endpoint }] = [await emptyFolder(), await serverOn(await freePort())];
      await writeFile(join(folder, 'plc.csv'), 'tag,node,type\ntemp,ns=1;s=temp,float64\n');
      const device = `{ id: plc, driver: opcua, endpoint: "${endpoint}", security: { policy: Basic256Sha256 }, points: plc.csv }`;
      await writeFile(
        join(folder, 'gateway.yaml'),
        `gateway: { id: gw }\nconsole: { role: engineer }\ndevices:\n  - ${device}\n`,
      );
      const gateway = await run(folder, 0);
      const { page, errors } = await openAt(`${gateway.status().consoleUrl}/#/set-up/certificates`, locale);
      const press = async (what: string) => {
        await page
          .getByRole('region', { name })
          .getByRole('button', { name: new RegExp(`^${what}: `) })
          .click();
        await page.getByRole('button', { name: confirm }).click();
      };
      await page.getByRole('button', { name: new RegExp(`^${trust}: `) }).waitFor();
      expect(await findings(page)).toEqual([]);
      await press(trust);
      await expect.poll(() => gateway.status().devices[0]?.samples, { timeout: 40_000 }).toBeGreaterThan(0);
      await press(refuse);
      await page.getByRole('button', { name: new RegExp(`^${trust}: `) }).waitFor();
      expect(errors).toEqual([]);
    },
    90_000,
  );
});
