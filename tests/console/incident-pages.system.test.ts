import { describe, expect, it } from 'vitest';
import { city, errors, eventually, go, heading, page, tabTo, usePage } from './page-in-browser.ts';

usePage();

describe('the pages of incidents', () => {
  it('shows on the map how far an incident reaches, and leads from an asset of it to the incident', async () => {
    for (const asset of ['dma-3', 'dma-4'])
      city.raise({ asset, kind: 'burst', riskLevel: 'I', message: { zh: '爆管', en: `Burst at ${asset}` } });
    await go('overview');
    await page.locator('.map-incident-I > path').first().waitFor({ state: 'attached' });
    expect(await page.locator('.map-incident-I > path').first().getAttribute('d')).toMatch(
      /^M[\d.]+ [\d.]+L[\d.]+ [\d.]+$/,
    );
    await page.locator('[data-asset="dma-4"]').focus();
    const incident = page.locator('.map-inspector').getByRole('link', { name: 'Burst at dma-3' });
    expect(await page.locator('.map-inspector').textContent()).toMatch(/Incidents I · 2 assets/);
    await incident.click();
    await heading('In the order of coming').waitFor();
    expect(errors).toEqual([]);
  });

  it('shows an incident with its alarms in the order of coming, evidence as a band, and keeps a verdict', async () => {
    await go('incidents');
    await heading('No incidents').waitFor();
    const cityCase = {
      number: '2026-0117',
      stage: 'dispatched',
      unit: '供水公司',
      note: '',
      by: '李工',
      at: 0,
    } as const;
    const burst = { asset: 'dma-3', kind: 'burst', priority: 'critical', cityCase } as const;
    city.raise({ ...burst, message: { zh: '爆管', en: 'Burst suspected' } });
    city.raise({ asset: 'dma-3', kind: 'pressure-low', message: { zh: '压力低', en: 'Pressure low' } });
    await heading('In the order of coming').waitFor();
    const members = page.locator('section', { has: heading('In the order of coming') }).locator('tbody tr');
    expect(await members.allTextContents()).toEqual([
      expect.stringMatching(/^1\+0 s1?.*Critical.*Burst suspected.*Root cause.*Stands$/),
      expect.stringMatching(/^2\+0 s.*High.*Pressure low.*Stands$/),
    ]);
    await page.locator('.expected-chart canvas').waitFor();
    const words = await page.getByRole('region', { name: 'Centre' }).textContent();
    expect(words).toMatch(/2026-0117 · dispatched · 供水公司/);
    await tabTo(/^Wrong cause$/);
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Wrong cause', pressed: true }).waitFor();
    await page.getByRole('link', { name: 'Verdicts' }).click();
    await heading('The last alarms').waitFor();
    await page.getByRole('button', { name: 'Wrong cause', pressed: true }).waitFor();
    expect(errors).toEqual([]);
  });

  it('works on an incident from its opening to its closing, and opens it again when an alarm comes', async () => {
    const steps = [
      { zh: '现场警戒', en: 'Guard the place' },
      { zh: '关闭阀门', en: 'Shut the valves' },
    ];
    const consequence = { zh: '路面塌陷', en: 'The road collapses' };
    city.raise({ asset: 'dma-3', kind: 'burst', steps, consequence, message: { zh: '爆管', en: 'Burst suspected' } });
    await go('alarms');
    await page.getByRole('button', { name: 'Incidents', exact: true }).click();
    await page.getByRole('row', { name: /Burst suspected.*Open 0\/2/ }).waitFor();
    await page.getByRole('link', { name: 'Burst suspected' }).click();
    const work = page.getByRole('region', { name: 'Work on it' });
    const stands = (stage: string) => work.locator('strong').getByText(stage, { exact: true }).first().waitFor();
    const press = (name: string) => work.getByRole('button', { name, exact: true }).click();
    await stands('Open');
    await press('Take it');
    await stands('Acknowledged');
    await work.getByRole('textbox', { name: 'Send whom' }).fill('抢修二班');
    await press('Send');
    await stands('Crew sent');
    await work.getByRole('checkbox', { name: 'Guard the place' }).click();
    await eventually(() => work.locator('.steps li').first().textContent()).toMatch(/Guard the place.* · .+/);
    expect(await work.getByRole('button', { name: 'Close', exact: true }).isDisabled()).toBe(true);
    await work.getByRole('textbox', { name: 'Note' }).fill('阀门已关');
    await press('Close');
    await stands('Closed');
    expect(await work.getByRole('checkbox', { name: 'Shut the valves' }).isDisabled()).toBe(true);
    city.raise({ asset: 'dma-3', kind: 'pressure-low', message: { zh: '压力低', en: 'Pressure low' } });
    await stands('Open');
    expect((await page.getByRole('region', { name: 'Time line' }).textContent()) ?? '').toMatch(
      /Burst suspected.*Acknowledged.*Sent 抢修二班.*Step done Guard the place.*Closed 阀门已关.*Open again another alarm joined：Pressure low/,
    );
    const sheet = page.locator('.incident-print');
    expect(await sheet.isVisible()).toBe(false);
    await page.emulateMedia({ media: 'print' });
    for (const part of [work, page.locator('.header'), page.locator('.rail')])
      expect(await part.isVisible()).toBe(false);
    expect((await sheet.textContent())?.replace(/\s+/g, ' ')).toMatch(
      /^Burst suspectedIncident sheet dma-3\/burst@\d+ · hrb-07 .*StageOpen.*If nobody actsThe road collapses.*☑1\. Guard the place.*☐2\. Shut the valves.*Pressure low.*142 m³\/h.*Sent抢修二班.*Signed byDate$/,
    );
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(10_000);
    expect(errors).toEqual([]);
  });
});
