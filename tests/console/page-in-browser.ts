import type { Locator, Page, Response } from 'playwright-core';
import { afterEach, beforeEach, expect } from 'vitest';
import type { Console } from '../../edge/console/server.ts';
import type { Fixture } from './fixture.ts';
import { browser, built, useBrowser } from './in-browser.ts';
import { type OpenPage, openPage, type PageOptions } from './open-page.ts';

/** What the present test has before it; see `OpenPage`. */
export let city: Fixture;
export let server: Console;
export let url: string;
export let page: Page;
export let errors: string[];
export let foreign: string[];
let opened: OpenPage | undefined;

/** Gives every test of a file a city of its own and an engineer's page of it, in English. */
export function usePage(): void {
  useBrowser();
  beforeEach(() => open('en-GB'));
  afterEach(async () => {
    await opened?.close();
    opened = undefined;
  });
}

/** Another city and page in place of what the test has. */
export async function open(locale: string, options: PageOptions = {}): Promise<void> {
  await opened?.close();
  opened = await openPage(browser, built, locale, options);
  ({ city, server, url, page, errors, foreign } = opened);
}

export const go = (place: string): Promise<Response | null> => page.goto(`${url}/#/${place}`);

/** Polls with a patience that a busy machine needs; deadlines of the product are `waitFor` with their own figure. */
export const eventually = <T>(read: () => T) => expect.poll(read, { timeout: 8_000 });

export const heading = (name: string): Locator => page.getByRole('heading', { name, exact: true });

/** Presses Tab until the focus is on something of that name; no pointer involved. */
export async function tabTo(name: RegExp): Promise<void> {
  for (let presses = 0; presses < 80; presses++) {
    await page.keyboard.press('Tab');
    const focused = page.locator(':focus');
    // past the last one the browser itself has the focus
    if ((await focused.count()) === 0) continue;
    const label = (await focused.getAttribute('aria-label')) ?? (await focused.textContent()) ?? '';
    if (name.test(label)) return;
  }
  throw new Error(`no Tab stop is called ${name}`);
}
