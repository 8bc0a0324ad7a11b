import { describe, expect, it } from 'vitest';
import { city, errors, eventually, foreign, go, heading, open, page, tabTo, usePage } from './page-in-browser.ts';

usePage();

describe('the pages of devices and platforms', () => {
  it('opens a device by keyboard and shows its groups, refused points and frames as they come, in both languages', async () => {
    await go('devices');
    await heading('Field devices').waitFor();
    await tabTo(/^water-dma-b$/);
    await page.keyboard.press('Enter');
    await heading('Poll groups').waitFor();
    const panel = (name: string) => page.locator('section', { has: heading(name) });
    expect(await panel('Poll groups').textContent()).toMatch(/Achieved.*1 s\s*1\.0\d s.*10 s\s*—/);
    expect(await panel('Planned requests').locator('tbody tr').first().textContent()).toMatch(
      /unit 1, holding 44001.*Refused2 illegal data address/,
    );
    expect(await panel('Round trips').textContent()).toMatch(/p50 [\d.]+ ms · p99 [\d.]+ ms/);
    expect(await panel('Wire').textContent()).toMatch(/Last minute.*Dropped answers1/);
    const newest = panel('Last frames').locator('tbody tr').first();
    const shown = await newest.textContent();
    expect(shown).toMatch(
      /\d\d:\d\d:\d\d\.\d{3}← Received8\.7 msunit 1 · 03 refuses to read holding 44001: exception 2 illegal data address/,
    );
    expect(await newest.locator('td').last().textContent()).toMatch(/^[0-9a-f]{2} [0-9a-f]{2} 00 00 00 03 01 83 02$/);
    await eventually(() => newest.textContent()).not.toBe(shown);
    await tabTo(/^Pause$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Pause', pressed: true }).waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await heading('最近报文').waitFor();
    expect(await panel('最近报文').locator('tbody tr').first().textContent()).toContain(
      '站号 1 · 03 拒绝读保持寄存器 44001：异常 2 数据地址非法',
    );
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('says what is wrong with a lost device on its page, and that there is none of another name', async () => {
    await go('devices/gas-gate');
    await heading('Poll groups').waitFor();
    city.lose('gas-gate');
    await page.locator('.last-trouble code', { hasText: 'LL-MODBUS-TIMEOUT' }).waitFor();
    expect(await page.locator('.last-trouble').textContent()).toContain('Check cable, unit id and firewall');
    expect(await page.locator('.page-head .link-state-broken').textContent()).toBe('Backing off');
    city.find('gas-gate');
    await page
      .locator('.last-trouble .trouble-over', { hasText: /^Over; last at \d\d:\d\d:\d\d LL-MODBUS-TIMEOUT$/ })
      .waitFor();
    expect(await page.locator('.last-trouble').textContent()).not.toContain('Check cable');
    await go('devices');
    await page.locator('td.trouble', { hasText: 'Over; last at' }).waitFor();
    await page.getByRole('button', { name: '中文' }).click();
    await page.locator('td.trouble', { hasText: '已恢复，最近一次' }).waitFor();
    await page.getByRole('button', { name: 'English' }).click();
    await go('devices/nobody');
    await page.getByText('LL-CONSOLE-NOT-FOUND look at device nobody: no such device').waitFor();
  });

  it('shows what platforms took and did not take; an operator sends it again or lets it go by keyboard, in both languages', async () => {
    await go('overview');
    await tabTo(/^Upstream/);
    await page.keyboard.press('Enter');
    await heading('Dead letters').waitFor();
    const detail = page.getByRole('region', { name: 'platform', exact: true });
    expect(await detail.textContent()).toMatch(
      /Waiting.*webhook · https.*Forwarded12.*Pending3.*Oldest pending95 s.*Dead letters3.*LL-WEBHOOK-BUSY/,
    );
    await tabTo(/^city.lifeline.alarm.raised dma-2$/);
    await page.keyboard.press('Space');
    await tabTo(/^Send again: platform$/);
    await page.keyboard.press('Enter');
    const letters = page.getByRole('region', { name: 'Dead letters' });
    await letters.getByText('Sent again: 1').waitFor();
    await eventually(() => letters.locator('tbody tr').count()).toBe(2);
    await tabTo(/^Choose all$/);
    await page.keyboard.press('Space');
    await page.getByRole('button', { name: 'Discard: platform' }).press('Enter');
    expect(await page.locator(':focus').textContent()).toBe('Confirm');
    await page.keyboard.press('Escape');
    expect(city.letters.size).toBe(2);
    await page.keyboard.press('Enter');
    await page.keyboard.press('Enter');
    await letters.getByText('Discarded: 2').waitFor();
    await letters.getByText('No dead letters').waitFor();
    expect(city.dealtWith.map(({ did, ids, by }) => [did, ids?.length, by])).toEqual([
      ['resend', 1, 'Operator'],
      ['discard', 2, 'Operator'],
    ]);
    await page.getByRole('link', { name: 'city', exact: true }).click();
    const values = page.getByRole('region', { name: 'city', exact: true });
    await eventually(() => values.textContent()).toMatch(/Sent[\d,]+.*Back-filled1,200.*Thinned30.*Dropped7.*Backlog—/);
    await eventually(() => values.textContent()).toMatch(/Rate[\d,]{2,} \/s/);
    await page.getByRole('button', { name: '中文' }).click();
    await eventually(() => values.textContent()).toMatch(/已转发.*补发1,200.*已放弃7/);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('offers a viewer no way to deal with dead letters, and says what role it takes', async () => {
    await open('en-GB', { localRole: 'viewer' });
    await go('upstream/platform');
    await page.getByText('Dealing with dead letters needs the role operator').waitFor();
    await eventually(() => page.locator('.dead-letters tbody tr').count()).toBe(3);
    expect(await page.locator('.dead-letters :is(button, input)').count()).toBe(0);
  });
});
