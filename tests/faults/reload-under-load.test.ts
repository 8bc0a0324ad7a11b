import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { every, realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { isGood } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { DeviceStatus } from '../../edge/core/status.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { openStore } from '../../edge/store/store.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { plcOf, point } from '../plc/plc.ts';
import { faultSeed } from './seed.ts';

const clock = realClock();
const periodMs = 500;
const pointsEach = 250;
/** Devices that no reload touches; one more comes, changes and goes. */
const untouched = 10;
const reloads = 15;
/** Between two samples of a tag: far more than a poll, since the machine may be busy, and less than a device that is away. */
const mostApartMs = 5_000;

const endings: (() => unknown)[] = [];
afterAll(async () => {
  killAll();
  for (const end of endings.reverse()) await end();
});

/** PLCs whose registers all move twice in a poll; their endpoints. */
async function servePlcs(count: number): Promise<readonly string[]> {
  const points = Array.from({ length: pointsEach }, (_, address) =>
    point(`r${address}`, { address, read: () => (Math.floor(clock.monotonicMs() / 100) + address) % 60_000 }),
  );
  const scans = Array.from({ length: count }, (_, plc) =>
    createScan(plcOf(`plc-${plc}`, 1, points), seededRandom(plc)),
  );
  const servers = await Promise.all(scans.map((scan) => serveModbus(scan, { port: 0 })));
  const rest = every(clock, periodMs / 2, () => {
    for (const scan of scans) scan.scan();
    for (const server of servers) server.publish(clock.wallMs());
  });
  endings.push(...servers.map((server) => () => server.close()), rest);
  return servers.map(({ endpoint }) => endpoint);
}

/** A configuration of the devices that stay, and what else is given. */
function sources(folder: string, endpoints: readonly string[]) {
  const device = (plc: number, points: string) =>
    `  - { id: plc-${plc}, driver: modbus, endpoint: "${endpoints[plc]}", points: ${points} }\n`;
  const stay = Array.from({ length: untouched }, (_, plc) => device(plc, 'all.csv')).join('');
  const file = join(folder, 'gateway.yaml');
  return {
    file,
    write: (more = '') => writeFile(file, `gateway: { id: gw }\nconsole: { enabled: false }\ndevices:\n${stay}${more}`),
    /** Points in a file of their own. */
    async points(name: string, count: number): Promise<string> {
      const rows = Array.from({ length: count }, (_, at) => `r${at},holding,${at},uint16,mA,${periodMs}ms\n`);
      await writeFile(join(folder, name), `tag,table,address,type,unit,group\n${rows.join('')}`);
      return name;
    },
    guest: (points: string) => device(untouched, points),
  };
}

/** What history holds of a tag: how many samples, how many not good, and the longest time between two, ms. */
async function kept(dir: string) {
  const store = await openStore({ dir, tags: new TagTable([]), clock, random: seededRandom(2), log: silentLog });
  endings.push(() => store.close());
  expect(store.notices).toEqual([]);
  return async (tag: string) => {
    const { times, quality } = await store.history.query(tag, 0, clock.wallMs() + 1_000, 100_000);
    const apart = times.slice(1).map((time, at) => time - (times[at] as number));
    return { samples: times.length, bad: quality.filter((one) => !isGood(one)).length, apartMs: Math.max(...apart) };
  };
}

it('R17: reloads under load: a bad one changes nothing, a good one drops no sample of a device that it does not touch', async () => {
  const random = faultSeed('reload-under-load');
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-reload-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const { file, write, points, guest } = sources(folder, await servePlcs(untouched + 1));
  await points('all.csv', pointsEach);
  await write();
  const run = lifeline('run', '-c', file, '--data', join(folder, 'data'), '--json');
  await run.line(/first sample/);
  for (let reload = 1; reload <= reloads; reload++) {
    const table = await points(`points-${reload}.csv`, reload);
    await write(guest(`missing-${reload}.csv`));
    run.child.kill('SIGHUP');
    await run.line(new RegExp(`missing-${reload}\\.csv.*LL-CONFIG-FILE`));
    // comes, changes or goes
    const here = reload % 3 !== 0;
    await write(here ? guest(table) : '');
    run.child.kill('SIGHUP');
    await run.line(new RegExp(`"tags":${untouched * pointsEach + (here ? reload : 0)}\\b.*taken in`));
    await new Promise((done) => setTimeout(done, random.next() * 1_500));
  }
  const { code, stdout } = await run.stop();
  expect(code).toBe(0);
  const { devices } = JSON.parse(stdout) as { devices: readonly DeviceStatus[] };
  expect(devices.map(({ id }) => id)).toEqual(Array.from({ length: untouched }, (_, plc) => `plc-${plc}`));
  const of = await kept(join(folder, 'data'));
  const apartMs: number[] = [];
  for (const { id, samples, badSamples, reconnects } of devices) {
    expect({ id, badSamples, reconnects }).toEqual({ id, badSamples: 0, reconnects: 0 });
    for (const at of [0, pointsEach >> 1, pointsEach - 1]) {
      const tag = await of(`${id}/r${at}`);
      // what is read while it stops is kept too
      expect(tag.samples - samples / pointsEach).toBeGreaterThanOrEqual(0);
      expect(tag.samples - samples / pointsEach).toBeLessThanOrEqual(2);
      expect(tag.bad).toBe(0);
      apartMs.push(tag.apartMs);
    }
  }
  process.stdout.write(`${2 * reloads} reloads, longest time between two samples ${Math.max(...apartMs)} ms\n`);
  expect(Math.max(...apartMs)).toBeLessThanOrEqual(mostApartMs);
});
