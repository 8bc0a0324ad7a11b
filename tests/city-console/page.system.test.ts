import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { realClock } from '../../edge/core/clock.ts';
import { type OpenCity, openCity } from './sample-city.ts';

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const missing = !existsSync(executablePath);
const configFile = fileURLToPath(new URL('../../simulator/console/web/vite.config.ts', import.meta.url));

let built: string;
let browser: Browser;
let open: OpenCity;
let page: Page;
const errors: string[] = [];

beforeAll(async () => {
  if (missing) return;
  built = await mkdtemp(join(tmpdir(), 'lifeline-city-page-'));
  await build({ configFile, build: { outDir: built } });
  open = await openCity(realClock(), pathToFileURL(`${built}/`));
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  page = await context.newPage();
  page.setDefaultTimeout(8_000);
  page.on('pageerror', (error) => void errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(open.url);
});

afterAll(async () => {
  await browser?.close();
  await open?.close();
  if (built) await rm(built, { recursive: true, force: true });
});

const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 8_000 });

/** Names on the map that another name covers. */
async function covered(of: Page): Promise<string[]> {
  const names = await of.locator('.node-name').all();
  const boxes = await Promise.all(names.map((name) => name.boundingBox()));
  const texts = await Promise.all(names.map((name) => name.textContent()));
  const cross = (a: (typeof boxes)[number] | undefined, b: (typeof boxes)[number] | undefined) =>
    a &&
    b &&
    Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x) > 2 &&
    Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y) > 4;
  return texts.flatMap((text, at) =>
    texts
      .slice(at + 1)
      .flatMap((other, after) => (cross(boxes[at], boxes[at + 1 + after]) ? [`${text} / ${other}`] : [])),
  );
}

describe('the page of the simulated city', () => {
  it('lets a burst begin by hand, shows it on the map and in the list, and its truth beside what the PLC says', async (context) => {
    if (missing && process.env['CI']) throw new Error(`no browser at ${executablePath}; set CHROMIUM`);
    context.skip(missing, `no browser at ${executablePath}; set CHROMIUM to run the tests of the page`);
    await page.selectOption('select[name=kind]', 'water.burst');
    await eventually(() => page.inputValue('input[name=target]')).toMatch(/^dma-/);
    await page.fill('input[name=target]', 'dma-2');
    await page.fill('input[name=size]', '60');
    await page.getByRole('button', { name: 'Begin now' }).click();
    // Water flows out from the first step after the request has come.
    await eventually(() => open.told.length).toBe(1);
    open.step(10);
    const district = page.locator('[data-asset="dma-2"]');
    await eventually(() => district.getAttribute('aria-label')).toContain('Where it happens');
    await eventually(() => page.locator('.happening').first().textContent()).toContain('60 L/s');
    await page.getByRole('button', { name: 'PLCs', exact: true }).click();
    expect(await page.locator('[data-asset="plc-water-dma-2"]').getAttribute('class')).toContain('city-companion');
    expect(await covered(page)).toEqual([]);
    await district.focus();
    await page.keyboard.press('Enter');
    await eventually(() => page.locator('.planes tbody tr').count()).toBeGreaterThan(10);
    await page.fill('input[name=target]', 'dma-22');
    await page.getByRole('button', { name: 'Begin now' }).click();
    await eventually(() => page.locator('.happen output').textContent()).toContain('did you mean "dma-2"?');
  });

  it('draws the networks, marks the pipe that leaks, names the line under the pointer, and takes a utility off the map', async (context) => {
    context.skip(missing, `no browser at ${executablePath}; set CHROMIUM to run the tests of the page`);
    const leaking = page.locator('.map-field .net-leaking > path').first();
    await eventually(() => leaking.count()).toBe(1);
    expect(await page.locator('.map-field .net-mark-leaking').getAttribute('d')).not.toBe('');
    await eventually(() => page.locator('.legend-line[data-state=leaking]').textContent()).toBe('Leak1');
    // All lines of one utility in one state are one path, and one of arrowheads, however many they are.
    const paths = await page.locator('.map-field .map-links path').count();
    expect(paths).toBeLessThan(40);
    const [fromX = 0, fromY = 0, toX = 0, toY = 0] = (await leaking.getAttribute('d'))!.match(/[\d.]+/g)!.map(Number);
    const map = (await page.locator('.map-field svg').boundingBox())!;
    const [x, y] = [map.x + (2 * fromX + toX) / 3, map.y + (2 * fromY + toY) / 3];
    await page.mouse.move(x, y);
    await eventually(() => page.locator('.map-pointed').textContent()).toMatch(
      /^Water · Street mains dma-2-\S+ · Leak$/,
    );
    expect(await page.locator('.map-field .net-drainage').count()).toBeGreaterThan(0);
    await page.getByRole('button', { name: 'Drainage', exact: true }).click();
    expect(await page.locator('.map-field .net-drainage').count()).toBe(0);
    expect(await page.locator('[data-asset="mh-1"]').count()).toBe(0);
    await page.getByRole('button', { name: 'Water', exact: true }).click();
    await page.getByRole('button', { name: 'PLCs', exact: true }).click();
    // Where something happens stays.
    expect(await page.locator('.map-field .map-link').count()).toBe(0);
    expect(await page.locator('.node').count()).toBe(1);
    expect(await page.locator('[data-asset="dma-2"]').count()).toBe(1);
  });

  it('ends a happening that goes on', async (context) => {
    context.skip(missing, `no browser at ${executablePath}; set CHROMIUM to run the tests of the page`);
    await page.getByRole('button', { name: 'End now' }).click();
    await eventually(() => page.locator('.happening').first().textContent()).toContain('over');
    expect(await page.getByRole('button', { name: 'End now' }).count()).toBe(0);
    expect(await page.locator('.happening').count()).toBe(1);
    expect(await page.locator('.city-struck').count()).toBe(0);
  });

  it('sets the clock, speaks Chinese, and says when the city is gone', async (context) => {
    context.skip(missing, `no browser at ${executablePath}; set CHROMIUM to run the tests of the page`);
    await page.getByRole('button', { name: '60 ×' }).click();
    await eventually(() => open.pace.speed).toBe(60);
    await page.getByRole('button', { name: '中文' }).click();
    await eventually(() => page.getByRole('heading', { level: 1 }).textContent()).toBe('模拟城市');
    // The only error is that the browser was told of the refused burst.
    expect(errors.filter((text) => !text.includes('400'))).toEqual([]);
    await open.hangUp();
    await eventually(() => page.getByRole('alert').textContent()).toContain('连接已中断');
  });
});
