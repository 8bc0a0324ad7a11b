import { execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';

/**
 * Takes the pictures of the simulated city's page, with a burst and an outage begun by hand, and of an exam's report:
 * `npm run screenshots`. Needs Chromium (`CHROMIUM`, else /usr/bin/chromium) and the built pages.
 */
const launcher = fileURLToPath(new URL('../../bin/lifeline.js', import.meta.url));
const folder = fileURLToPath(new URL('./images/', import.meta.url));
const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const viewport = { width: 1280, height: 860 };
/** The city ends by itself when something keeps the pictures from being taken. */
const longest = '2min';

const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  await pictureOfCity();
  await pictureOfExam();
} finally {
  await browser.close();
}

/** The page of a winter evening: a burst, a heat pipe that broke, a line of 10 kV that tripped, and a sensor that lies. */
async function pictureOfCity(): Promise<void> {
  const start = '2027-01-12T18:00:00+08:00';
  const city = spawn(
    process.execPath,
    [launcher, 'sim', '--console', '--no-servers', '--start', start, '--speed', '10', '--for', longest],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    const url = await addressIn(city.stderr);
    const page = await (await browser.newContext({ viewport, locale: 'en-GB' })).newPage();
    await page.goto(url);
    for (const [kind, target, size] of [
      ['sensor.bias', 'water-dma-2/p-critical', '12'],
      ['power.feeder-trip', 'feeder-2', '6'],
      ['heating.primary-break', 'sub-5', '25'],
      ['water.burst', 'dma-2', '55'],
    ] as const) {
      await page.selectOption('select[name=kind]', kind);
      // The targets of the kind come from the city.
      await page.waitForTimeout(700);
      await page.fill('input[name=target]', target);
      await page.fill('input[name=size]', size);
      await page.click('button[type=submit]');
    }
    await page.locator('[data-asset="dma-2"]').focus();
    await page.keyboard.press('Enter');
    await page.waitForTimeout(6_000);
    await page.screenshot({ path: `${folder}city-en.png` });
    console.log('city-en.png');
  } finally {
    city.kill('SIGINT');
  }
}

async function addressIn(output: NodeJS.ReadableStream): Promise<string> {
  for await (const line of createInterface({ input: output })) {
    const url = /^city: (http\S+)/.exec(line)?.[1];
    if (url) return url;
  }
  throw new Error('the city ended before its page was there');
}

/** The report of two hours of the whole city: its figures, and what became of each happening. */
async function pictureOfExam(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), 'lifeline-exam-picture-'));
  try {
    const report = join(work, 'exam.html');
    execFileSync(process.execPath, [launcher, 'exam', '--suite', 'smoke', '--html', report], { stdio: 'inherit' });
    const page = await (await browser.newContext({ viewport, locale: 'en-GB' })).newPage();
    await page.goto(pathToFileURL(report).href);
    await page.screenshot({ path: `${folder}exam-en.png` });
    console.log('exam-en.png');
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
