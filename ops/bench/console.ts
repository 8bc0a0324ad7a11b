import { mkdir } from 'node:fs/promises';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { builtPage, readPage } from '../../edge/console/page-files.ts';
import { delay, realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { openStore } from '../../edge/store/store.ts';
import { loadingMs, steadyState, withBrowser } from './console/browser.ts';
import { plcProgram, plcs, roles } from './console/plcs.ts';
import { connect, type Site, withSite } from './console/site.ts';
import { inFolder } from './in-folder.ts';
import { startMs } from './plant-history.ts';
import { withProcess } from './processes.ts';
import { fillYear } from './rollups.ts';
import { atMost, type BenchRow, untargeted } from './row.ts';

const tags = 5_000;
const clients = 10;
const tagsShown = 500;
const measuredMs = 20_000;
const yearMs = 365 * 86_400_000;
const clock = realClock();

/** What the console costs and how fast it is: PLCs, gateway (`lifeline run`), clients and browser are processes of their own. */
export async function benchConsole(): Promise<BenchRow[]> {
  return withProcess(process.execPath, [plcProgram], async ({ nextLine }) => {
    const endpoints = JSON.parse(await nextLine()) as string[];
    const site = { endpoints, points: tags / plcs, assets: tagsShown / roles.length };
    return [
      await firstLoad(),
      ...(await inFolder(async (folder) => {
        tell('a year of one tag');
        await keepYear(join(folder, 'data'));
        return withSite({ folder, ...site }, async (site) => [
          await yearOfOneTag(site),
          ...(await feedCost(site)),
          ...((await withBrowser(async (browser) => {
            const loaded = await loadingMs(browser, site.url);
            const { longestTaskMs, busyMs } = await steadyState(browser, site.url, measuredMs);
            return [
              atMost('overview interactive, first load on loopback', 'ms', loaded, 1_000),
              atMost('main thread of a page in steady state', 'ms of CPU/s', busyMs, 50),
              atMost('longest task of a page in steady state', 'ms', longestTaskMs, 50),
            ];
          })) ?? []),
        ]);
      })),
    ];
  });
}

/** What is measured next, and what else the machine has to do: most of this is time on the clock. */
const tell = (what: string) =>
  console.error(`bench console: ${what}, load of this machine ${loadavg()[0]?.toFixed(1)}`);

/** Everything that a browser takes before it shows the page, as it goes over the wire. */
async function firstLoad(): Promise<BenchRow> {
  const files = (await readPage(builtPage)).filter(({ path }) => path !== '/index.html');
  const bytes = files.reduce((total, { gzip }) => total + gzip.byteLength, 0);
  return atMost('first load, gzipped', 'kB', bytes / 1_000, 150);
}

/** A year of roll-ups of tags that the gateway reads, in its data folder. */
async function keepYear(dir: string): Promise<void> {
  await mkdir(dir, { recursive: true });
  const named = Array.from({ length: 3 }, (_, point) => ({
    ...{ name: `plc-0/r${point}`, device: 'plc-0', point: `r${point}`, unit: 'm', scale: 1, offset: 0 },
    ...{ low: -5, high: 100, deadband: 0, periodMs: 1_000, description: '' },
  }));
  const store = await openStore({ dir, tags: new TagTable(named), clock, random: seededRandom(1), log: silentLog });
  await store.close();
  await fillYear(dir);
}

async function yearOfOneTag({ url }: Site): Promise<BenchRow> {
  const times: number[] = [];
  for (let at = 0; at < 9; at++) {
    const query = new URLSearchParams({ tag: `plc-0/r${at % 3}`, from: `${startMs}`, to: `${startMs + yearMs}` });
    const began = clock.monotonicMs();
    const answer = await fetch(`${url}/api/history?${query}&points=2000`);
    const { times: rows } = (await answer.json()) as { readonly times: readonly number[] };
    times.push(clock.monotonicMs() - began);
    if (rows.length < 500) throw new Error(`bench: ${rows.length} points of a year`);
  }
  return atMost('trend of a year of one tag over HTTP', 'ms', times.sort((a, b) => a - b)[4] ?? Number.NaN, 200);
}

/** CPU of the gateway with clients less that without, and how late frames are. */
async function feedCost(site: Site): Promise<BenchRow[]> {
  tell('the feed');
  await delay(clock, 5_000);
  const spent = async () => {
    const [before, began] = [await site.cpuS(), clock.monotonicMs()];
    await delay(clock, measuredMs);
    return ((await site.cpuS()) - before) / ((clock.monotonicMs() - began) / 1_000);
  };
  const alone = await spent();
  const shown = (client: number) => Array.from({ length: tagsShown }, (_, at) => (client * tagsShown + at) % tags);
  const all = await Promise.all(Array.from({ length: clients }, (_, client) => connect(site.url, shown(client))));
  for (const client of all) {
    client.lagsMs.length = 0;
    client.values = 0;
  }
  const watched = await spent();
  for (const client of all) client.close();
  const values = all.reduce((total, client) => total + client.values, 0) / (measuredMs / 1_000);
  const name = `${clients} pages of ${tagsShown} of ${tags} tags at 1 s`;
  return [
    untargeted(`${name}, values told`, 'values/s', values, 'higher'),
    atMost(`${name}, cost of the feed`, 'cores', watched - alone, 0.2),
    atMost(`${name}, longest lag of a frame`, 'ms', Math.max(...all.flatMap(({ lagsMs }) => lagsMs)), 1_000),
  ];
}
