import { describe, expect, it } from 'vitest';
import {
  city,
  errors,
  eventually,
  foreign,
  go,
  heading,
  open,
  page,
  server,
  tabTo,
  usePage,
} from './page-in-browser.ts';

usePage();

const outputs = (name = 'Controls and set-points') => page.locator('section', { has: heading(name) });
const focused = () => page.locator(':focus');

describe('setting outputs over the console', () => {
  it('asks for value and reason, shows old and new for a second yes, and tells what was read back; by keyboard, with a way back', async () => {
    await open('en-GB', { writers: 'operator', localRole: 'operator' });
    await go('asset/sub-1');
    await outputs().waitFor();
    await tabTo(/^Set: Secondary supply temperature$/);
    await page.keyboard.press('Enter');
    expect(await focused().getAttribute('aria-label')).toBe('New value °C');
    await page.keyboard.type('120');
    await outputs().getByText('Not within what is allowed: 0 – 95').waitFor();
    const write = outputs().getByRole('button', { name: 'Write: Secondary supply temperature' });
    await page.keyboard.press('Tab');
    await page.keyboard.type('colder weather tonight');
    expect(await write.isDisabled()).toBe(true);
    await page.keyboard.press('Shift+Tab');
    await page.keyboard.press('ControlOrMeta+A');
    await page.keyboard.type('52.5');
    await tabTo(/^Write: /);
    await page.keyboard.down('Enter');
    await outputs().getByRole('button', { name: 'Confirm' }).waitFor();
    // a key held down has asked, and is no answer
    await page.keyboard.down('Enter');
    await page.keyboard.up('Enter');
    expect(city.written).toEqual([]);
    const question = outputs().locator('.confirm');
    expect(await question.getAttribute('aria-label')).toMatch(
      /^Write to the device\? Secondary supply temperature: 4\d\.\d\d? °C → 52\.50? °C$/,
    );
    await page.keyboard.press('Escape');
    expect(city.written).toEqual([]);
    expect(await focused().textContent()).toBe('Write');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await outputs()
      .getByText(/^Written; reads back 52\.50? °C · \d\d:\d\d:\d\d$/)
      .waitFor();
    expect(city.written).toEqual([{ tag: 'heat-sub-a/sub-1-secondary-supply-temperature', raw: 52.5 }]);
    await eventually(() => outputs().locator('tbody tr').first().textContent()).toMatch(/52\.50? ?°C.*Good/);
    const done = city.events.find(({ type }) => type === 'command.done');
    expect(done?.data).toMatchObject({ by: 'local', role: 'operator', origin: 'console', outcome: 'done' });
    expect(done?.data['why']).toBe('colder weather tonight');
    const back = outputs().getByRole('button', { name: /^Put back 4\d\.\d\d? °C: Secondary supply temperature$/ });
    await back.press('Enter');
    await page.keyboard.press('Enter');
    await eventually(() => city.written.length).toBe(2);
    expect(city.written[1]?.raw).toBeGreaterThan(40);
    expect(city.written[1]?.raw).toBeLessThan(50);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('chooses states by their names on the page of a device, and says a refusal with its code in both languages', async () => {
    await open('zh-CN', { writers: 'engineer' });
    await go('devices/heat-sub-a');
    const panel = outputs('控制与设定');
    await panel
      .getByRole('button', { name: /循环泵运行$/ })
      .first()
      .press('Enter');
    await panel.getByLabel('新值').selectOption({ label: '停' });
    await panel.getByLabel('原因').fill('检修');
    city.lose('heat-sub-a');
    const write = async (name: string, yes: string) => {
      await panel.getByRole('button', { name }).press('Enter');
      await panel.getByRole('button', { name: yes }).press('Enter');
    };
    await write('写入', '确定');
    await panel
      .getByRole('alert')
      .filter({ hasText: /将 heat-sub-a\/sub-\d-pump-run 设为 0：未连接；请检查设备是否在线.* LL-CONTROL-DEVICE/ })
      .waitFor();
    expect(city.written).toEqual([]);
    await page.getByRole('button', { name: 'English' }).click();
    const english = outputs();
    await english.getByRole('button', { name: /^Write: / }).press('Enter');
    await english.getByRole('button', { name: 'Confirm' }).press('Enter');
    await english
      .getByRole('alert')
      .filter({ hasText: /^LL-CONTROL-DEVICE set heat-sub-a\/sub-\d-pump-run to 0: not connected; Check that/ })
      .waitFor();
    // answers other than 2xx are told in the console of the browser
    expect(errors.filter((text) => !text.includes('503'))).toEqual([]);
  });

  it('leaves an entry in the audit log, with its reason in the language of the page', async () => {
    await open('en-GB', { writers: 'engineer' });
    await go('audit');
    await heading('Audit').waitFor();
    const status = await page.evaluate(async () => {
      const wanted = { id: 'c-1', tag: 'heat-sub-a/sub-1-pump-run', value: 7, why: 'trial', expires: Date.now() + 9e3 };
      const headers = { 'content-type': 'application/json' };
      return (await fetch('/api/command', { method: 'POST', headers, body: JSON.stringify(wanted) })).status;
    });
    expect(status).toBe(422);
    await page.reload();
    const entry = (text: RegExp) => page.getByRole('cell', { name: text }).first().waitFor();
    await entry(/LL-CONTROL-RANGE set heat-sub-a\/sub-1-pump-run to 7: outside 0–1/);
    await entry(/\/api\/command/);
    await page.getByRole('button', { name: '中文' }).click();
    await entry(/LL-CONTROL-RANGE 将 heat-sub-a\/sub-1-pump-run 设为 7：超出 0–1/);
  });

  it('is not there for those who may not, and not at all where the configuration lets nobody', async () => {
    await open('en-GB', { writers: 'engineer', localRole: 'operator' });
    await go('asset/sub-1');
    await heading('Points').waitFor();
    expect(await outputs().count()).toBe(0);
    expect(server.routes().find(({ path }) => path === '/api/command')?.policy).toBe('operator');
    await open('en-GB');
    await go('asset/sub-1');
    await heading('Points').waitFor();
    expect(await outputs().count()).toBe(0);
  });
});
