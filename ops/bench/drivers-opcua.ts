import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DevicePoint } from '../../drivers/api.ts';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import type { SampleBatch } from '../../edge/core/batch.ts';
import { delay, realClock } from '../../edge/core/clock.ts';
import type { Log } from '../../edge/core/log.ts';
import { isGood } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { freePort } from './free-port.ts';
import { endWithParent, withProcess } from './processes.ts';
import type { BenchRow } from './row.ts';

const periodMs = 1000;
/** Measured from the first complete cycle on. */
const measuredMs = 15_000;
const mostItems = { first: 10_000, second: 50_000 } as const;
const thisFile = fileURLToPath(import.meta.url);

/** What the client saw of one run. */
interface Measured {
  readonly requested: number;
  readonly created: number;
  readonly createS: number;
  readonly received: number;
  readonly lost: number;
  readonly cores: number;
  readonly rssMb: number;
}

/**
 * One session with 10,000 and 50,000 doubles that all change each second, from a node-opcua server in a process of its
 * own to `SampleBatch` in a client process of its own. Each value is the number of its change, so that a lost one shows.
 */
export async function benchDriversOpcua(): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const items of Object.values(mostItems)) rows.push(...rowsOf(await measure(items)));
  return rows;
}

function rowsOf({ requested, created, createS, received, lost, cores, rssMb }: Measured): BenchRow[] {
  const name = `OPC UA, ${requested} items at 1 s`;
  const coreLimit = requested === mostItems.first ? 0.05 : 0.15;
  const row = (what: string, value: number, unit: string, better: 'higher' | 'lower', target: string, ok: boolean) => ({
    ...{ name: `${name}: ${what}`, value, unit, better, target, ok },
    ...{ peer: null, ratio: null },
  });
  return [
    row('created', created, 'items', 'higher', `= ${requested}`, created === requested),
    row('time to create', createS, 's', 'lower', '< 10 s', createS < 10),
    { ...row('received', received, `values in ${measuredMs / 1000} s`, 'higher', '', true), ok: null },
    row('lost', lost, 'values', 'lower', '0', lost === 0),
    row('client to SampleBatch', cores, 'cores', 'lower', `≤ ${coreLimit}`, cores <= coreLimit),
    row('client memory', rssMb, 'MB', 'lower', '≤ 350 MB', rssMb <= 350),
  ];
}

async function measure(items: number): Promise<Measured> {
  const port = await freePort();
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-opcua-'));
  const roleOf = (role: string) => [thisFile, role, String(items), String(port), folder];
  try {
    return await withProcess(process.execPath, roleOf('serve'), async (server) => {
      await server.nextLine();
      return withProcess(
        process.execPath,
        roleOf('client'),
        async (client) => JSON.parse(await client.nextLine()) as Measured,
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function serve(items: number, port: number, folder: string): Promise<void> {
  endWithParent();
  const { default: opcua } = await import('node-opcua');
  const certificates = new opcua.OPCUACertificateManager({ rootFolder: join(folder, 'server') });
  const server = new opcua.OPCUAServer({
    ...{ port, hostname: '127.0.0.1', disableDiscovery: true },
    nodeset_filename: [opcua.nodesets.standard],
    serverCertificateManager: certificates,
    userCertificateManager: certificates,
    securityPolicies: [opcua.SecurityPolicy.None],
    securityModes: [opcua.MessageSecurityMode.None],
    serverCapabilities: { maxMonitoredItemsPerSubscription: items, maxMonitoredItems: 2 * items },
  });
  await server.initialize();
  const space = server.engine.addressSpace;
  if (!space) throw new Error('the server has no address space');
  const namespace = space.getOwnNamespace();
  const variables = Array.from({ length: items }, (_, index) =>
    namespace.addVariable({
      ...{ organizedBy: space.rootFolder.objects, nodeId: `s=v${index}`, browseName: `v${index}` },
      ...{ dataType: 'Double', minimumSamplingInterval: 0 },
    }),
  );
  let change = 0;
  const tick = () => {
    change += 1;
    const value = { dataType: opcua.DataType.Double, value: change };
    const now = new Date();
    for (const variable of variables) variable.setValueFromSource(value, opcua.StatusCodes.Good, now);
  };
  tick();
  await server.start();
  setInterval(tick, periodMs);
  console.log('listening');
}

async function client(items: number, port: number, folder: string): Promise<void> {
  const clock = realClock();
  const points: DevicePoint[] = Array.from({ length: items }, (_, tag) => ({
    ...{ tag, name: `d/v${tag}`, node: `ns=1;s=v${tag}`, periodMs, table: 'holding', address: 0, bit: undefined },
    ...{ type: 'float64', order: 'abcd' },
  }));
  const newest = new Float64Array(items).fill(Number.NaN);
  const seen = { good: 0, received: 0, lost: 0, warnings: 0 };
  const events = {
    batch({ tags, values, quality }: SampleBatch) {
      for (const [row, tag] of tags.entries()) {
        if (!isGood(quality[row] ?? 0)) continue;
        const value = values[row] ?? 0;
        const before = newest[tag] ?? Number.NaN;
        if (Number.isNaN(before)) seen.good += 1;
        else if (value > before + 1) seen.lost += value - before - 1;
        newest[tag] = value;
        seen.received += 1;
      }
    },
    lost(error: Error) {
      throw error;
    },
  };
  const nothing = () => undefined;
  const log: Log = { debug: nothing, info: nothing, warn: (_, text) => console.error(text), error: nothing };
  const device = {
    id: 'd',
    endpoint: `opc.tcp://127.0.0.1:${port}`,
    points,
    options: { security: { policy: 'None' } },
  };
  const host = { clock, random: seededRandom(1), log, stateDir: join(folder, 'client') };
  const startedMs = clock.monotonicMs();
  const session = await opcuaDriver.open(device, events, host, new AbortController().signal);
  const createS = Math.round(clock.monotonicMs() - startedMs) / 1000;
  await delay(clock, 3 * periodMs);
  const created = seen.good;
  const [beforeReceived, beforeLost] = [seen.received, seen.lost];
  const [cpu, fromMs] = [process.cpuUsage(), clock.monotonicMs()];
  await delay(clock, measuredMs);
  const used = process.cpuUsage(cpu);
  const tookMs = clock.monotonicMs() - fromMs;
  const measured: Measured = {
    ...{ requested: items, created, createS },
    received: seen.received - beforeReceived,
    lost: seen.lost - beforeLost,
    cores: Math.round((used.user + used.system) / tookMs) / 1000,
    rssMb: Math.round(process.memoryUsage.rss() / 1e6),
  };
  console.log(JSON.stringify(measured));
  await session.close();
  process.exit();
}

const [role, items = '0', port = '0', folder = ''] = process.argv.slice(2);
if (process.argv[1] === thisFile) await (role === 'serve' ? serve : client)(Number(items), Number(port), folder);
