import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { freePort, serverOn } from '../drivers/opcua-server.ts';
import { emptyFolder, findings, openAt, run, servePlc, soon, useSetUp } from './set-up-fixture.ts';

useSetUp();

/** A gateway of one device, its console open to that role on this machine. */
async function runWith(device: string, table: string, role = 'engineer') {
  const folder = await emptyFolder();
  await mkdir(join(folder, 'points'));
  await writeFile(join(folder, 'points/one.csv'), table);
  const yaml = `gateway: { id: gw }\nconsole: { role: ${role} }\ndevices:\n  - ${device}\n`;
  await writeFile(join(folder, 'gateway.yaml'), yaml);
  const gateway = await run(folder, 0);
  // what is written stands in the log of the database before it is in the database
  const audit = () => readFile(join(folder, 'data/audit.db-wal'), 'latin1');
  return { gateway, audit, url: gateway.status().consoleUrl ?? '' };
}

const pump = async (more = '') =>
  `{ id: pump, driver: modbus, endpoint: "${await servePlc()}", points: points/one.csv${more} }`;
const level = 'tag,table,address,type,unit,group\nlevel,holding,0,uint16,mA,100ms\n';

describe('the commissioning tools of a device', () => {
  it.each([
    ['en-GB', 'Read registers', 'Count', 'Read twice', 'On the wire'],
    ['zh-CN', '读寄存器', '个数', '读两次', '线上内容'],
  ])(
    'read registers as every type and order while the device is polled on, and say so in the audit log, in %s',
    async (locale, tool, count, read, wire) => {
      const forbidden = ', forbidden: [{ table: holding, from: 5, to: 6 }]';
      const { gateway, audit, url } = await runWith(await pump(forbidden), level);
      await expect.poll(() => gateway.status().devices[0]?.samples, soon).toBeGreaterThan(0);
      const { page, errors } = await openAt(`${url}/#/devices/pump`, locale);
      await page.getByRole('button', { name: tool }).click();
      const form = page.getByRole('form', { name: tool });
      await form.getByRole('button', { name: read }).click();
      await page.getByText(wire).waitFor();
      expect(await page.locator('.panel-line', { hasText: wire }).textContent()).toContain('0047 0048 → 0047 0048');
      const row = page.getByRole('row', { name: /^uint32 abcd/ });
      expect(await row.textContent()).toContain('465312.8');
      expect(await page.getByRole('row', { name: /^uint32 cdab/ }).textContent()).toContain('471866.3');
      expect(await findings(page)).toEqual([]);
      const polled = gateway.status().devices[0]?.samples ?? 0;
      await form.getByLabel(count).fill('6');
      await form.getByRole('button', { name: read }).click();
      await page.getByRole('alert').getByText('LL-MODBUS-ADDRESS', { exact: false }).waitFor();
      await expect.poll(() => gateway.status().devices[0]?.samples, soon).toBeGreaterThan(polled);
      await expect.poll(audit, soon).toContain('/api/device-enquiry');
      expect(errors).toEqual([]);
    },
    60_000,
  );

  it('go through the nodes of an OPC UA server level by level', async () => {
    const { endpoint } = await serverOn(await freePort());
    const device = `{ id: plc, driver: opcua, endpoint: "${endpoint}", security: { policy: None }, points: points/one.csv }`;
    const { gateway, url } = await runWith(device, 'tag,node,type\ntemp,ns=1;s=temp,float64\n');
    await expect.poll(() => gateway.status().devices[0]?.state, soon).toBe('online');
    const { page, errors } = await openAt(`${url}/#/devices/plc`);
    await page.getByRole('button', { name: 'Browse the server' }).click();
    const path = page.getByRole('navigation', { name: 'Path of nodes' });
    const temp = page.locator('.node-table').getByRole('row', { name: /^temp Double/ });
    await temp.waitFor();
    expect(await temp.textContent()).toContain('s=temp');
    expect(await findings(page)).toEqual([]);
    await temp.getByRole('button').click();
    await expect.poll(() => path.getByRole('button').allTextContents(), soon).toEqual(['Objects', 'temp']);
    await page.getByText('There is nothing below this node').waitFor();
    await path.getByRole('button', { name: 'Objects' }).click();
    await temp.waitFor();
    expect(errors).toEqual([]);
  }, 60_000);

  it('are nothing for an operator, on the page and over the interface; two at once are not asked', async () => {
    const operated = await runWith(await pump(), level, 'operator');
    const { page } = await openAt(`${operated.url}/#/devices/pump`);
    await page.locator('.request-table').waitFor();
    expect(await page.getByRole('button', { name: 'Read registers' }).count()).toBe(0);
    const ask = (url: string, address: number) =>
      fetch(`${url}/api/device-enquiry`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', origin: url },
        body: JSON.stringify({ device: 'pump', ask: { kind: 'registers', table: 'holding', address, count: 2 } }),
      });
    expect((await ask(operated.url, 0)).status).toBe(403);
    const { gateway, url } = await runWith(await pump(), level);
    await expect.poll(() => gateway.status().devices[0]?.state, soon).toBe('online');
    const answers = await Promise.all([ask(url, 0), ask(url, 0)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await ask(url, 65_535)).status).toBe(422);
  }, 60_000);
});
