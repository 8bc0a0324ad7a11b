import { describe, expect, it } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { city, errors, eventually, foreign, go, heading, open, page, server, usePage } from './page-in-browser.ts';

const clock = realClock();

usePage();

describe('the page in a browser', () => {
  it('shows live values with unit, quality and age on every place, without an error or a request elsewhere', async () => {
    await go('overview');
    const flow = page.locator('.figure', { hasText: 'Station flow' });
    const number = flow.locator('.number');
    await number.waitFor();
    const before = await number.textContent();
    await eventually(() => number.textContent()).not.toBe(before);
    expect(await flow.textContent()).toMatch(/Station flow\s*\d+ s\s*[\d.]+\s*m³\/h\s*Good/);

    await page.getByRole('link', { name: 'Water', exact: true }).first().click();
    await heading('Metered district').waitFor();
    const lyingOver = () =>
      page
        .locator('th')
        .evaluateAll((all) => all.filter((th) => th.scrollWidth > th.clientWidth).map((th) => th.textContent));
    expect(await lyingOver()).toEqual([]);
    await page.getByRole('link', { name: '哈西分区' }).click();
    await heading('哈西分区').waitFor();
    await page.getByRole('table').getByRole('link', { name: 'Inlet pressure' }).click();
    await heading('Inlet pressure').waitFor();
    await page.locator('.chart canvas').waitFor();
    await page.getByRole('button', { name: '1 h', exact: true }).click();
    await page.getByRole('columnheader', { name: 'lowest' }).waitFor();
    await page.getByRole('slider').focus();
    await page.keyboard.press('ArrowLeft');
    const spoken = () => page.getByRole('slider').getAttribute('aria-valuetext');
    await eventually(spoken).toMatch(/^\d\d:\d\d:\d\d, 0\.\d+ MPa$/);
    const [looked, newest] = [await spoken(), page.locator('.newest .number')];
    const shown = await newest.textContent();
    await eventually(() => newest.textContent()).not.toBe(shown);
    expect(await spoken()).toBe(looked);
    await page.getByRole('link', { name: 'Devices' }).click();
    await heading('Field devices').waitFor();
    await page.getByRole('link', { name: 'Alarms' }).first().click();
    await heading('No alarms').waitFor();
    expect(errors).toEqual([]);
    expect(foreign).toEqual([]);
  });

  it('shows texts and times as such', async () => {
    const { live, description } = city.source;
    const tagOf = (shows: string) => description.tags.findIndex((tag) => tag.shows === shows);
    const [text, time] = [tagOf('text'), tagOf('time')];
    live.write({
      ...{ device: 'ps', received: 5, tags: Int32Array.of(text), values: Float64Array.of(textValue('泵-7')) },
      ...{ quality: Uint8Array.of(0), times: Float64Array.of(clock.wallMs()), texts: new Map([[text, '泵-7']]) },
    });
    await go(`trend/${encodeURIComponent(description.tags[text]!.name)}`);
    await eventually(() => page.locator('.newest .number').textContent()).toBe('泵-7');
    await go(`trend/${encodeURIComponent(description.tags[time]!.name)}`);
    await eventually(() => page.locator('.newest .number').textContent()).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
    expect(errors).toEqual([]);
  });

  it('fits a telephone: nothing but tables is wider than the screen', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await go('devices/water-dma-b');
    await heading('Last frames').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth <= main.clientWidth)).toBe(true);
    await go('trend/water-dma-b%2Fdma-3-inflow');
    await page.locator('.chart canvas').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth <= main.clientWidth)).toBe(true);
    await go('detection/dma-3');
    await page.getByRole('button', { name: 'Draw: burst' }).click();
    await page.locator('.expected-chart canvas').waitFor();
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    expect(await page.locator('main').evaluate((main) => main.scrollWidth <= main.clientWidth)).toBe(true);
  });

  it('moves over the map by arrow keys and opens an asset by Enter', async () => {
    await go('overview');
    await page.locator('[data-asset="ps-1"]').waitFor();
    await page.locator('[data-asset="ps-1"]').focus();
    await page.keyboard.press('ArrowRight');
    const reached = await page.locator(':focus').getAttribute('data-asset');
    expect(reached).not.toBe('ps-1');
    expect(await page.locator('.map-inspector').textContent()).toMatch(/Good/);
    await page.keyboard.press('Enter');
    await eventually(() => page.url()).toContain(`#/asset/${reached}`);
  });

  it('follows the language of the browser, switches, and keeps the choice', async () => {
    await open('zh-CN');
    await go('devices');
    await heading('现场设备').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await page.getByRole('button', { name: 'English' }).click();
    await heading('Field devices').waitFor();
    await page.reload();
    await heading('Field devices').waitFor();
    expect(await page.locator('html').getAttribute('lang')).toBe('en');
  });

  it('marks what a lost device last gave as bad, with its quality in words, and shows no number for it', async () => {
    await go('asset/gate-1');
    await eventually(() => page.locator('.amount-good').count()).toBeGreaterThan(3);
    city.lose('gas-gate');
    await eventually(() => page.locator('.amount-bad').count()).toBeGreaterThan(3);
    expect(await page.locator('.amount-good').count()).toBe(0);
    expect(await page.locator('.role-table').textContent()).toContain('No comms');
  });

  it('says within 3 s that the server is gone and hatches every value', async () => {
    await go('overview');
    await eventually(() => page.locator('.link').textContent()).toBe('Connected');
    expect(errors).toEqual([]);
    await server.stop();
    await page.getByText('The link to the gateway is lost').waitFor({ timeout: 3_000 });
    expect(await page.locator('.amount').count()).toBeGreaterThan(10);
    expect(await page.locator('.amount:not(.amount-bad)').count()).toBe(0);
    expect(await page.locator('.quality').allTextContents()).not.toContain('Good');
  });

  it('says within 3 s that a silent link is lost although its socket stays open, and recovers by itself', async () => {
    let silent = false;
    await page.routeWebSocket(/api\/live/, (socket) => {
      const upstream = socket.connectToServer();
      upstream.onMessage((message) => {
        if (!silent) socket.send(message);
      });
    });
    await go('overview');
    await eventually(() => page.locator('.link').textContent()).toBe('Connected');
    silent = true;
    await page.getByText('The link to the gateway is lost').waitFor({ timeout: 3_000 });
    silent = false;
    await eventually(() => page.locator('.link').textContent()).toBe('Connected');
    expect(await page.locator('.lost').count()).toBe(0);
    await eventually(() => page.locator('.amount-good').count()).toBeGreaterThan(10);
  });
});
