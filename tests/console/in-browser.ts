import { rm } from 'node:fs/promises';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach } from 'vitest';
import { buildPage, executablePath, launchBrowser, missing } from './open-page.ts';

/** The page as it is now, in a folder of its own, and the browser of a file of tests. */
export let built: string;
export let browser: Browser;

/** Gives a file of tests its page and browser; where there is no browser its tests are skipped, or fail in CI. */
export function useBrowser(): void {
  beforeAll(async () => {
    if (missing) return;
    built = await buildPage();
    browser = await launchBrowser();
  }, 60_000);
  afterAll(async () => {
    await browser?.close();
    if (built) await rm(built, { recursive: true, force: true });
  });
  beforeEach((context) => {
    if (missing && process.env['CI']) throw new Error(`no browser at ${executablePath}; set CHROMIUM`);
    context.skip(missing, `no browser at ${executablePath}; set CHROMIUM to run the tests of the page`);
  });
}
