import { describe, expect, it } from 'vitest';
import { city, errors, eventually, foreign, go, heading, open, page, tabTo, usePage } from './page-in-browser.ts';

usePage();

describe('the pages of detection', () => {
  it('shows by keyboard what is watched of an asset, what it waits for and what is masked, in both languages', async () => {
    city.raise({ asset: 'dma-3', kind: 'burst', priority: 'critical' });
    await go('overview');
    await page.locator('.number').first().waitFor();
    await tabTo(/^Detection$/);
    await page.keyboard.press('Enter');
    await heading('Assets watched').waitFor();
    expect(await page.locator('.watched-table tbody tr').first().textContent()).toMatch(/哈西分区Stands 1.*3\s*0\.93/);
    const claims = page.locator('.claim-table');
    await claims.waitFor();
    expect(await claims.locator('tbody tr').first().textContent()).toMatch(
      /burst.*A main has broken.*1 · District burst.*Stands.*0\.93.*Net inflow\s*13\.4 \/ 12\.5\s*L\/s/,
    );
    await page.locator('.expected-chart canvas').waitFor();
    expect(await page.locator('.expected-chart').getAttribute('aria-label')).toMatch(
      /^Net inflow: Observed [\d.]+ L\/s, Expected [\d.]+ L\/s, Ordinary band [\d.]+ L\/s – [\d.]+ L\/s$/,
    );
    await tabTo(/^和兴分区$/);
    await page.keyboard.press('Enter');
    await heading('Inputs beyond what was calibrated').waitFor();
    expect(await claims.textContent()).toContain('Waits for the night to end');
    await go('detection/reg-1');
    await eventually(() => claims.textContent()).toContain('History suffices: run lifeline calibrate');
    await go('detection/ps-1');
    await page.getByRole('button', { name: '中文' }).click();
    await heading('屏蔽的信号').waitFor();
    expect(await claims.textContent()).toMatch(/夜间最小流量上升.*等待今夜结束/);
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('promotes a proven shadow only after it is confirmed, rolls it back, and says why it was refused', async () => {
    await go('models');
    await page.getByLabel('Trial in shadow').first().waitFor();
    expect(await page.getByRole('button', { name: /^Promote/ }).count()).toBe(1);
    await page.getByRole('button', { name: 'Promote: dma-3 2' }).click();
    expect(await page.locator(':focus').textContent()).toBe('Confirm');
    await page.keyboard.press('Escape');
    expect(await page.locator(':focus').getAttribute('aria-label')).toBe('Promote: dma-3 2');
    expect(city.changedModels).toEqual([]);
    await page.getByRole('button', { name: 'Promote: dma-3 2' }).click();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Roll back: dma-3 2' }).waitFor();
    await page.getByRole('button', { name: 'Roll back: dma-3 2' }).click();
    await page.keyboard.press('Enter');
    await eventually(() => city.changedModels.map(({ change, version }) => [change, version])).toEqual([
      ['promote', 2],
      ['roll-back', 2],
    ]);
    expect(errors).toEqual([]);
    await page.getByRole('button', { name: 'Roll back: dma-4 1' }).click();
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.model-actions [role=alert]').textContent()).toContain('LL-MODEL-UNPROVEN');
  });

  it('offers an operator no button on the shelf, and says what role it takes', async () => {
    await open('en-GB', { localRole: 'operator' });
    await go('models');
    await page.getByText('Changing models needs the role engineer').waitFor();
    await page.getByLabel('Trial in shadow').first().waitFor();
    expect(await page.getByRole('button', { name: /Promote|Roll back|shadow/ }).count()).toBe(0);
  });
});
