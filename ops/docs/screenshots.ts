import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';

/**
 * Takes the pictures of README and docs from the real page of a running demo: `npm run screenshots`. Waits for the demo's
 * burst; needs Chromium (`CHROMIUM`, else /usr/bin/chromium) and the built page.
 */
const launcher = fileURLToPath(new URL('../../bin/lifeline.js', import.meta.url));
const folder = fileURLToPath(new URL('./images/', import.meta.url));
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const viewport = { width: 1280, height: 800 };
/** The picture is of the burst, so it waits until charts show it. */
const afterBurstMs = 12_000;
/** The demo ends by itself when something keeps the pictures from being taken. */
const longest = '3min';

/** File name, language, and where in the page. */
const pictures = [
  ['overview-en', 'en', 'overview'],
  ['overview-zh', 'zh', 'overview'],
  ['alarms-en', 'en', 'alarms'],
  ['alarms-zh', 'zh', 'alarms'],
  ['incident-en', 'en', 'incidents'],
  ['asset-en', 'en', 'asset/{asset}'],
  ['utility-en', 'en', 'utility/water'],
  ['trend-en', 'en', 'trend/{trend}'],
  ['devices-en', 'en', 'devices'],
  ['upstream-en', 'en', 'upstream'],
  ['detection-en', 'en', 'detection/{asset}'],
] as const;

const demo = spawn(process.execPath, [launcher, 'demo', '--lang', 'en', '--for', longest], {
  stdio: ['ignore', 'pipe', 'inherit'],
});
const lines = createInterface({ input: demo.stdout });
const told = { url: '', asset: '', trend: '' };
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  for await (const line of lines) {
    console.log(line);
    told.url = /console: (http\S+)/.exec(line)?.[1] ?? told.url;
    const finding = /finding ([^/]+)\/burst/.exec(line);
    if (!finding) continue;
    told.asset = finding[1] ?? '';
    break;
  }
  if (told.asset === '') throw new Error('the demo ended before a burst was found');
  await new Promise((resolve) => setTimeout(resolve, afterBurstMs));
  await mkdir(folder, { recursive: true });
  for (const language of ['en', 'zh'] as const) await takeAll(language);
  demo.kill('SIGINT');
  await takeSetUp();
} finally {
  await browser.close();
  demo.kill('SIGINT');
}

/** Set-up is an engineer's, whom the demo does not let in without an account: the same configuration, run for one. */
async function takeSetUp(): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-set-up-'));
  await cp(fileURLToPath(new URL('../../examples/demo/', import.meta.url)), dir, { recursive: true });
  const file = join(dir, 'gateway.yaml');
  const text = await readFile(file, 'utf8');
  await writeFile(file, text.replace(/^console:.*$/m, 'console: { port: 0, role: engineer }'));
  const gateway = spawn(process.execPath, [launcher, 'run', '-c', file, '--data', join(dir, 'data')], {
    stdio: ['ignore', 'inherit', 'pipe'],
  });
  const ended = new Promise((resolve) => gateway.once('close', resolve));
  try {
    for await (const line of createInterface({ input: gateway.stderr })) {
      told.url = /(http:\/\/127\.0\.0\.1:\d+)/.exec(line)?.[1] ?? '';
      if (told.url !== '') break;
    }
    gateway.stderr.resume();
    const context = await browser.newContext({ viewport, locale: 'en-GB' });
    const page = await context.newPage();
    await open(page, 'set-up');
    await page.screenshot({ path: `${folder}set-up-en.png` });
    console.log('set-up-en.png');
  } finally {
    gateway.kill('SIGINT');
    await ended;
    await rm(dir, { recursive: true, force: true });
  }
}

async function takeAll(language: 'en' | 'zh'): Promise<void> {
  const context = await browser.newContext({ viewport, locale: language === 'zh' ? 'zh-CN' : 'en-GB' });
  const page = await context.newPage();
  for (const [name, of, place] of pictures) {
    if (of !== language) continue;
    if (place.includes('{trend}')) told.trend = await firstTrend(page);
    await open(
      page,
      place.replace(/\{(asset|trend)\}/, (_, key: 'asset' | 'trend') => encodeURIComponent(told[key])),
    );
    if (place === 'alarms') await page.locator('.alarm-message a').first().click();
    await page.screenshot({ path: `${folder}${name}.png` });
    console.log(`${name}.png`);
  }
  await context.close();
}

async function open(page: Page, place: string): Promise<void> {
  await page.goto(`${told.url}/#/${place}`);
  await page.waitForLoadState('networkidle').catch(() => undefined);
  // live values come once a second
  await page.waitForTimeout(2500);
}

/** The tag behind the first trend that the page of the burst's asset leads to. */
async function firstTrend(page: Page): Promise<string> {
  await open(page, `asset/${told.asset}`);
  const target = await page.locator('main a[href^="#/trend/"]').first().getAttribute('href');
  return decodeURIComponent((target ?? '').replace('#/trend/', ''));
}
