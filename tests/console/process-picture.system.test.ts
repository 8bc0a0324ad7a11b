import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { browser, built, useBrowser } from './in-browser.ts';
import { type OpenPage, openPage } from './open-page.ts';

let opened: OpenPage;

useBrowser();

/** One asset of each kind of the fixture's city. */
const assets = ['ps-1', 'tank-1', 'dma-3', 'plant-1', 'sub-6', 'gate-1', 'reg-1', 'gas-1', 'zone-1', 'circuit-1'];

describe('the process picture of an asset', () => {
  beforeEach(async () => {
    opened = await openPage(browser, built, 'en-GB');
  });

  afterEach(() => opened?.close());

  const go = async (asset: string) => {
    await opened.page.goto(`${opened.url}/#/asset/${asset}`);
    await opened.page.locator('.process .tile .number').first().waitFor();
  };

  /** Values that do not fit into their tile, or lie outside of the picture. */
  const cutOff = () =>
    opened.page.locator('.process').evaluate((process) => {
      const outer = process.getBoundingClientRect();
      return [...process.querySelectorAll('.tile')].flatMap((tile) => {
        const inner = tile.getBoundingClientRect();
        const fits = [tile, ...tile.querySelectorAll('.tile-value, .tile-name')].every(
          ({ scrollWidth, clientWidth, scrollHeight, clientHeight }) =>
            scrollWidth <= clientWidth + 1 && scrollHeight <= clientHeight + 2,
        );
        const inside = inner.left >= outer.left && inner.right <= outer.right && inner.bottom <= outer.bottom;
        return fits && inside ? [] : [tile.textContent];
      });
    });

  it.each(assets)('keeps every value of %s in its place, in both languages and from 1280 px up', async (asset) => {
    const { page } = opened;
    await page.setViewportSize({ width: 1280, height: 720 });
    await go(asset);
    await expect.poll(cutOff).toEqual([]);
    await page.getByRole('button', { name: '中文' }).click();
    await expect.poll(cutOff).toEqual([]);
    await page.setViewportSize({ width: 1920, height: 1080 });
    await expect.poll(cutOff).toEqual([]);
  });

  it('reads as a list: each value with its name, unit and age, and the way to its course', async () => {
    const { page } = opened;
    await go('ps-1');
    const items = page.locator('.process li');
    expect(await items.count()).toBe(7);
    const flow = items.filter({ hasText: 'Station flow' });
    expect(await flow.textContent()).toMatch(/Station flow\d+(\.\d+)?m³\/hGood\d+ s/);
    await flow.getByRole('link', { name: 'Station flow' }).press('Enter');
    await expect.poll(() => page.url()).toContain('#/trend/');
  });

  it('marks an alarm at the value that it rests on and nowhere else, with its words and the way to it', async () => {
    const { city, page } = opened;
    await go('dma-3');
    expect(await page.locator('.tile-alarm').count()).toBe(0);
    city.raise({ asset: 'dma-3', kind: 'burst', priority: 'critical', message: { zh: '爆管', en: 'Burst suspected' } });
    await page.locator('.tile-critical').waitFor();
    expect(await page.locator('.tile-alarm .tile-name').allTextContents()).toEqual(['Inflow']);
    expect(await page.locator('.symbol-critical').count()).toBe(1);
    await page.locator('.asset-findings .evidence').waitFor();
    await page.locator('.tile-mark').click();
    await expect.poll(() => page.url()).toContain('#/alarms/dma-3%2Fburst');
  });

  it('hatches what a lost device gave last, and draws nothing as running that nobody knows of', async () => {
    const { city, page } = opened;
    await go('ps-1');
    await expect.poll(() => page.locator('.symbol-on').count()).toBe(2);
    city.lose('water-ps');
    await expect.poll(() => page.locator('.tile-of-bad').count()).toBe(7);
    expect(await page.locator('.symbol-on, .symbol-off').count()).toBe(0);
    expect(await page.locator('.symbol-unknown').count()).toBe(3);
  });
});
