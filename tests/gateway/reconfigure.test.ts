import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway, type Gateway } from '../../edge/gateway.ts';
import { openStore } from '../../edge/store/store.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';
import { killAll, lifeline } from './processes.ts';

const clock = realClock();
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
  await killAll();
});

/** A PLC whose points `a` and `b` stand at `base` and `base` + 1. */
async function serve(id: string, base: number): Promise<string> {
  const points = [
    point('a', { address: 0, type: 'uint16', read: () => base }),
    point('b', { address: 1, type: 'uint16', read: () => base + 1 }),
  ];
  const scan = createScan(plcOf(id, 1, points), seededRandom(1));
  const server = await serveModbus(scan, { port: 0 });
  scan.scan();
  server.publish(clock.wallMs());
  endings.push(() => server.close());
  return server.endpoint;
}

const row = (tag: string, address: number) => `${tag},holding,${address},uint16,mA,100ms`;
const table = (...rows: string[]) => `tag,table,address,type,unit,group\n${rows.join('\n')}\n`;

/** A folder with a configuration that tests rewrite. */
async function site() {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-reconfigure-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'gateway.yaml');
  const write = async (devices: Readonly<Record<string, readonly [endpoint: string, table: string]>>, more = '') => {
    const entries = Object.entries(devices);
    for (const [id, [, points]] of entries) await writeFile(join(folder, `${id}.csv`), points);
    const rows = entries.map(
      ([id, [endpoint]]) => `  - { id: ${id}, driver: modbus, endpoint: "${endpoint}", points: ${id}.csv }\n`,
    );
    await writeFile(file, `gateway: { id: gw }\nconsole: { enabled: false }\ndevices:\n${rows.join('')}${more}`);
  };
  const load = async (running?: Parameters<typeof loadGateway>[2]) =>
    (await loadGateway(file, loadContext, running)).gateway;
  const start = async (): Promise<Gateway> => {
    const loaded = await load();
    if (!loaded) throw new Error('no gateway');
    const host = { clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' };
    const gateway = await buildGateway(loaded, host);
    endings.push(() => gateway.stop());
    await gateway.start();
    return gateway;
  };
  /** What the stopped gateway left on disk. */
  const disk = async () => {
    const loaded = await load();
    const store = await openStore({
      ...{ dir: join(folder, 'data'), tags: loaded!.tags, clock, random: seededRandom(3), log: silentLog },
    });
    endings.push(() => store.close());
    const values = async (tag: string) => {
      const { values, quality } = await store.history.query(tag, 0, clock.wallMs() + 1000, 100_000);
      return [...new Set([...values].filter((_, index) => quality[index] === 0))];
    };
    return { events: await store.journal.read(0, 1000), values };
  };
  return { folder, file, write, load, start, disk };
}

const circuit = (id: string, tag: string) =>
  `  - { id: ${id}, type: lighting.circuit, roles: { leakage: ${tag}, command: ${tag}, feedback: ${tag}, current-a: ${tag}, current-b: ${tag}, current-c: ${tag}, voltage: ${tag} } }\n`;
const status = (gateway: Gateway, id: string) => gateway.status().devices.find((device) => device.id === id);
const online = (gateway: Gateway, ...ids: string[]) =>
  vi.waitFor(() => {
    for (const id of ids) {
      expect(status(gateway, id)?.state).toBe('online');
      expect(status(gateway, id)?.samples).toBeGreaterThan(status(gateway, id)!.badSamples);
    }
  }, 20_000);
const alarms = (events: readonly Event[], subject: string) =>
  events
    .filter((event) => event.subject === subject && event.type.startsWith('alarm.'))
    .map(({ type, data }) => [type, data['kind']]);

describe('a changed configuration', () => {
  it('takes devices and points in and out while the others are polled on, and mixes up no tag', async () => {
    const [one, two, three] = [await serve('one', 100), await serve('two', 200), await serve('three', 300)];
    const { write, load, start, disk } = await site();
    await write({ one: [one, table(row('a', 0), row('b', 1))], two: [two, table(row('a', 0), row('b', 1))] });
    const gateway = await start();
    await online(gateway, 'one', 'two');
    const since = status(gateway, 'one')?.since;
    // two is gone, three comes, one of its tags at an index of two's; one stays as it is
    await write({ three: [three, table(row('x', 0))], one: [one, table(row('a', 0), row('b', 1))] });
    const change = await gateway.reconfigure(load);
    expect(change).toMatchObject({ devices: { added: ['three'], changed: [], removed: ['two'] }, tags: 3 });
    await online(gateway, 'three', 'one');
    // a point table changes: its device alone begins anew
    await write({ three: [three, table(row('y', 1), row('x', 0))], one: [one, table(row('a', 0), row('b', 1))] });
    expect(await gateway.reconfigure(load)).toMatchObject({ devices: { added: [], changed: ['three'], removed: [] } });
    await online(gateway, 'three', 'one');
    expect(status(gateway, 'one')).toMatchObject({ since, reconnects: 0, badSamples: 0, lastError: '' });
    expect(gateway.status().devices.map(({ id }) => id)).toEqual(['three', 'one']);
    await gateway.stop();
    const { values, events } = await disk();
    const stored = ['one/a', 'one/b', 'two/a', 'two/b', 'three/x', 'three/y'].map(values);
    expect(await Promise.all(stored)).toEqual([[100], [101], [200], [201], [300], [301]]);
    expect(events.map(({ type }) => type).filter((type) => type === 'gateway.reconfigured')).toHaveLength(2);
  }, 60_000);

  it('keeps alarms that stand, ends those of assets that are gone, and watches what is new', async () => {
    const [one, two] = [await serve('one', 600), await serve('two', 700)];
    const { write, load, start, disk } = await site();
    const devices = { one: [one, table(row('a', 0))], two: [two, table(row('a', 0), row('b', 1))] } as const;
    await write(devices, `assets:\n${circuit('stays', 'one/a')}${circuit('goes', 'two/a')}`);
    const gateway = await start();
    const active = () => gateway.status().detection;
    await vi.waitFor(() => {
      expect(active().active).toEqual(expect.arrayContaining(['stays/leakage-dangerous', 'goes/leakage-dangerous']));
    }, 20_000);
    await write(devices, `assets:\n${circuit('stays', 'one/a')}${circuit('comes', 'two/b')}`);
    await gateway.reconfigure(load);
    await vi.waitFor(() => expect(active().active).toContain('comes/leakage-dangerous'), 20_000);
    expect(active().active).toContain('stays/leakage-dangerous');
    expect(active().active.filter((claim) => claim.startsWith('goes/'))).toEqual([]);
    await gateway.stop();
    const { events } = await disk();
    const kinds = (subject: string) => alarms(events, subject).filter(([, kind]) => kind === 'leakage-dangerous');
    expect(kinds('stays')).toEqual([['alarm.raised', 'leakage-dangerous']]);
    expect(kinds('goes')).toEqual([
      ['alarm.raised', 'leakage-dangerous'],
      ['alarm.cleared', 'leakage-dangerous'],
    ]);
    expect(kinds('comes')).toEqual([['alarm.raised', 'leakage-dangerous']]);
  }, 60_000);

  it('is taken in on SIGHUP; one with mistakes changes nothing and says where they are', async () => {
    const [one, two] = [await serve('one', 100), await serve('two', 200)];
    const { folder, file, write } = await site();
    await write({ one: [one, table(row('a', 0))] });
    const run = lifeline('run', '-c', file, '--data', join(folder, 'data'), '--no-console', '--json');
    await run.line(/first sample/);
    const wrong = ['one', 'two'].map((id) => `  - { id: ${id}, driver: modbuss, endpoint: "x", points: one.csv }\n`);
    await writeFile(file, `gateway: { id: gw }\ndevices:\n${wrong.join('')}`);
    run.child.kill('SIGHUP');
    expect(await run.line(/gateway\.yaml:3:.*LL-CONFIG-/)).toContain('did you mean');
    expect(await run.line(/gateway\.yaml:4:.*LL-CONFIG-/)).toContain('did you mean');
    await run.line(/mistakes: nothing was changed/);
    await write({ one: [one, table(row('a', 0))], two: [two, table(row('a', 0))] });
    run.child.kill('SIGHUP');
    expect(JSON.parse(await run.line(/configuration taken in/))).toMatchObject({
      devices: { added: ['two'], removed: [] },
    });
    const { code, stdout } = await run.stop();
    expect(code).toBe(0);
    const { devices } = JSON.parse(stdout) as { devices: { id: string; reconnects: number; badSamples: number }[] };
    expect(devices.map(({ id }) => id)).toEqual(['one', 'two']);
    expect(devices[0]).toMatchObject({ reconnects: 0, badSamples: 0 });
  }, 60_000);
});
