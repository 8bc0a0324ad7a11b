import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { Clock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway, type Gateway } from '../../edge/gateway.ts';
import { openStore } from '../../edge/store/store.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';

const speed = 10;
const hourMs = 3_600_000;
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** The machine's clock, ten times as fast and so much ahead. */
const clockOf = (aheadMs: number): Clock => ({
  wallMs: () => performance.timeOrigin + performance.now() * speed + aheadMs,
  monotonicMs: () => performance.now() * speed,
  after(delayMs, run) {
    const handle = setTimeout(run, delayMs / speed);
    return { cancel: () => clearTimeout(handle) };
  },
});

/** A pump station whose registers the test sets. */
async function serve() {
  const registers = { count: 65_530, flow: 3600, back: 600, run: 1 };
  const read = (name: keyof typeof registers) => () => registers[name];
  const points = (Object.keys(registers) as (keyof typeof registers)[]).map((name, address) =>
    point(name, { address, type: 'uint16', read: read(name) }),
  );
  const scan = createScan(plcOf('ps-3', 1, points), seededRandom(1));
  const server = await serveModbus(scan, { port: 0 });
  const publish = () => {
    scan.scan();
    server.publish(0);
  };
  publish();
  endings.push(() => server.close());
  return {
    endpoint: server.endpoint,
    set(values: Partial<typeof registers>) {
      Object.assign(registers, values);
      publish();
    },
  };
}

const rows = ['count', 'flow', 'back', 'run'].map((name, address) => {
  const unit = name === 'flow' || name === 'back' ? 'm3/h' : '';
  return `${name},holding,${address},uint16,${unit},1s`;
});
const calculated = `calculated:
  - { tag: dma-2/net, expression: "[ps-3/flow] - [ps-3/back]" }
  - { tag: dma-2/net-ls, expression: "[dma-2/net]", unit: L/s }
  - { tag: ps-3/volume, expression: "total([ps-3/flow])" }
  - { tag: ps-3/energy, expression: "counter([ps-3/count], 5000, 65536)", unit: kWh }
  - { tag: ps-3/starts, expression: "starts([ps-3/run] == 1)" }
`;
const derived = ['dma-2/net', 'dma-2/net-ls', 'ps-3/volume', 'ps-3/energy', 'ps-3/starts'];

async function site(endpoint: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-calculated-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'gateway.yaml');
  await writeFile(join(folder, 'ps-3.csv'), `tag,table,address,type,unit,group\n${rows.join('\n')}\n`);
  await writeFile(
    file,
    `gateway: { id: gw }\nconsole: { enabled: false }\ndevices:\n  - { id: ps-3, driver: modbus, endpoint: "${endpoint}", points: ps-3.csv }\n${calculated}`,
  );
  const { gateway: loaded, errors } = await loadGateway(file, loadContext);
  expect(errors).toEqual([]);
  const start = async (dataDir: string, clock: Clock) => {
    const host = { clock, random: seededRandom(2), log: silentLog, dataDir, version: '0' };
    const gateway = await buildGateway(loaded!, host);
    endings.push(() => gateway.stop());
    await gateway.start();
    await polled(gateway);
    return gateway;
  };
  /** Good values of calculated tags that a stopped gateway left in its history. */
  const history = async (dataDir: string) => {
    const [clock, random] = [clockOf(0), seededRandom(3)];
    const store = await openStore({ dir: dataDir, tags: loaded!.tags, clock, random, log: silentLog });
    const series = await Promise.all(
      derived.map(async (tag) => {
        const { values, quality } = await store.history.query(tag, 0, clockOf(24 * hourMs).wallMs(), 100_000);
        return [tag, [...values].filter((_, index) => quality[index] === 0)] as const;
      }),
    );
    await store.close();
    return Object.fromEntries(series) as Readonly<Record<string, readonly number[]>>;
  };
  return { folder, start, history };
}

/** Resolves after three more polls and evaluations with what they read. */
async function polled(gateway: Gateway): Promise<void> {
  const samples = () => gateway.status().devices[0]?.samples ?? 0;
  const { evaluations } = gateway.status().calculated;
  const before = samples();
  await vi.waitFor(() => {
    expect(samples()).toBeGreaterThanOrEqual(before + 3 * rows.length);
    expect(gateway.status().calculated.evaluations).toBeGreaterThanOrEqual(evaluations + 3 * derived.length);
  }, 20_000);
}

const distinct = (values: readonly number[] = []) => [...new Set(values)];

it('calculated points come from a PLC into the history like any tag, and totals go on after a restart', async () => {
  const plc = await serve();
  const { folder, start, history } = await site(plc.endpoint);
  const data = join(folder, 'data');
  const first = await start(data, clockOf(0));
  plc.set({ count: 10, run: 0 });
  await polled(first);
  await first.stop();
  const before = await history(data);
  plc.set({ count: 30, run: 1, back: 900 });
  const second = await start(data, clockOf(8 * hourMs));
  await second.stop();
  const after = await history(data);

  expect(distinct(before['ps-3/energy'])).toEqual([0, 16]);
  expect(distinct(after['ps-3/energy'])).toEqual([0, 16, 36]);
  expect(distinct(after['ps-3/starts'])).toEqual([0, 1]);
  expect(distinct(after['dma-2/net'])).toEqual([3000, 2700]);
  expect(distinct(after['dma-2/net-ls']).map(Math.round)).toEqual([833, 750]);
  const [volumes, later] = [before['ps-3/volume'] ?? [], after['ps-3/volume'] ?? []];
  expect(later.slice(0, volumes.length)).toEqual(volumes);
  expect(later).toEqual([...later].sort((a, b) => a - b));
  expect(volumes.at(-1)).toBeGreaterThan(1);
  // 3,600 m3/h in eight hours of absence would be 28,800: nothing of it is made up
  expect(later[volumes.length]).toBe(volumes.at(-1));
  expect(later.at(-1)).toBeGreaterThan(volumes.at(-1) as number);
}, 60_000);

it('a gateway that dies loses at most a minute of its totals, and nothing of a counter', async () => {
  const plc = await serve();
  const { folder, start, history } = await site(plc.endpoint);
  const running = await start(join(folder, 'data'), clockOf(0));
  plc.set({ count: 50 });
  const bornMs = performance.now() * speed;
  await vi.waitFor(() => expect(performance.now() * speed - bornMs).toBeGreaterThan(70_000), { timeout: 20_000 });
  // what lies on the disk at this moment is what a kill or a power cut leaves
  await cp(join(folder, 'data'), join(folder, 'left'), { recursive: true });
  await running.stop();
  const { 'ps-3/volume': truth = [] } = await history(join(folder, 'data'));
  plc.set({ count: 100 });
  const again = await start(join(folder, 'left'), clockOf(hourMs));
  await again.stop();
  const { 'ps-3/volume': volumes = [], 'ps-3/energy': energy = [] } = await history(join(folder, 'left'));
  expect(energy.at(-1)).toBe(65_536 - 65_530 + 100);
  expect(truth.at(-1)).toBeGreaterThan(30);
  expect(volumes.at(-1)).toBeGreaterThan((truth.at(-1) as number) - 60);
}, 60_000);
