import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import type { Page } from 'playwright-core';
import { afterEach } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway, type Gateway } from '../../edge/gateway.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';
import { browser, built, useBrowser } from './in-browser.ts';

export const clock = realClock();
/** How long something may take on a machine that is busy. */
export const soon = { timeout: 15_000 };
export const endings: (() => unknown)[] = [];

/** Gives a file of tests browser and page, and ends what each test began. */
export function useSetUp(): void {
  useBrowser();
  afterEach(async () => {
    for (const end of endings.splice(0).reverse()) await end();
  });
}

/** A PLC that holds 71 at address 0 and 72 at address 1. */
export async function servePlc(): Promise<string> {
  const points = [0, 1].map((address) => point(`p${address}`, { address, type: 'uint16', read: () => 71 + address }));
  const scan = createScan(plcOf('pump', 1, points), seededRandom(1));
  const server = await serveModbus(scan, { port: 0 });
  scan.scan();
  server.publish(clock.wallMs());
  endings.push(() => server.close());
  return server.endpoint;
}

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-set-up-page-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Starts the gateway of a configuration with a page as it is built now. */
export async function run(folder: string, port: number): Promise<Gateway> {
  const file = join(folder, 'gateway.yaml');
  const { gateway: loaded, errors } = await loadGateway(file, loadContext);
  if (!loaded) throw new Error(JSON.stringify(errors));
  const host = { clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' };
  const page = pathToFileURL(`${built}/`);
  const gateway = await buildGateway(loaded, host, { console: { port, page }, files: { file, context: loadContext } });
  endings.push(() => gateway.stop());
  await gateway.start();
  return gateway;
}

export async function openAt(url: string, locale = 'en-GB'): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ locale, viewport: { width: 1280, height: 720 } });
  endings.push(() => context.close());
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => void errors.push(error.message));
  await page.goto(url);
  return { page, errors };
}

/** What axe-core finds that keeps people from using a page. */
export async function findings(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target}: ${failureSummary}`));
}
