import { existsSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { type Console, type ConsoleOptions, createConsole } from '../../edge/console/server.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { ConsoleWriters } from '../../edge/core/command.ts';
import { createFixture, type Fixture, onLoopback } from './fixture.ts';

export const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
export const missing = !existsSync(executablePath);
const flags =
  '--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const configFile = fileURLToPath(new URL('../../edge/console/web/vite.config.ts', import.meta.url));

export const launchBrowser = (): Promise<Browser> => chromium.launch({ executablePath, args: flags.split(' ') });

/** Builds the page as it is now into a folder of its own and returns that. */
export async function buildPage(): Promise<string> {
  const built = await mkdtemp(join(tmpdir(), 'lifeline-page-'));
  await build({ configFile, build: { outDir: built } });
  return built;
}

/** How the console is served, and who may write over it. */
export type PageOptions = Partial<ConsoleOptions> & { readonly writers?: ConsoleWriters };

/** A city that moves every quarter of a second, its console, and a fresh browser profile in front of it. */
export interface OpenPage {
  readonly city: Fixture;
  readonly server: Console;
  readonly url: string;
  /** Where its first owner is made, while there is none. */
  readonly invitation: string | undefined;
  readonly page: Page;
  /** What the page threw or complained of. */
  readonly errors: string[];
  /** Addresses outside the console that it asked for. */
  readonly foreign: string[];
  close(): Promise<void>;
}

export async function openPage(
  browser: Browser,
  built: string,
  locale: string,
  { writers, ...options }: PageOptions = {},
): Promise<OpenPage> {
  const clock = realClock();
  const city = createFixture(clock, { spareTags: 20, ...(writers ? { writers } : {}) });
  const server = createConsole({
    ...{ ...onLoopback(), source: city.source, clock },
    page: pathToFileURL(`${built}/`),
    ...options,
  });
  const { url, invitation } = await server.start();
  const step = () => {
    city.step();
    return clock.after(250, () => {
      tick = step();
    });
  };
  let tick = step();
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 720 } });
  const page = await context.newPage();
  page.setDefaultTimeout(8_000);
  const errors: string[] = [];
  const foreign: string[] = [];
  page.on('pageerror', (error) => void errors.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) errors.push(message.text());
  });
  const note = (target: string) => {
    if (new URL(target).host !== new URL(url).host) foreign.push(target);
  };
  page.on('request', (request) => note(request.url()));
  page.on('websocket', (socket) => note(socket.url()));
  return {
    ...{ city, server, url, invitation, page, errors, foreign },
    async close() {
      tick.cancel();
      await context.close();
      await server.stop();
    },
  };
}
