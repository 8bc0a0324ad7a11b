import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Actor } from '../../edge/core/command.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway, type Gateway } from '../../edge/gateway.ts';
import { openStore } from '../../edge/store/store.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';

const clock = realClock();
const engineer: Actor = { name: 'li', role: 'engineer', origin: 'local' };
const endings: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it('a gateway carries out commands to points listed as writable, audits all, and remembers them over a restart', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-control-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const plant: number[] = [];
  const take = (value: number) => {
    plant.push(value);
  };
  const points = [
    point('set', { address: 100, type: 'int16', scale: 0.1, low: 0, high: 100, write: take }),
    point('open', { address: 101, type: 'int16', scale: 0.1, low: 0, high: 100, write: take }),
  ];
  const server = await serveModbus(createScan(plcOf('ps-1', 1, points), seededRandom(1)), { port: 0 });
  endings.push(() => server.close());
  await writeFile(
    join(folder, 'ps-1.csv'),
    'tag,table,address,type,scale,unit,low,high,writable\nset,holding,100,int16,0.1,%,0,50,yes\nopen,holding,101,int16,0.1,%,0,50,\n',
  );
  await writeFile(
    join(folder, 'gateway.yaml'),
    `gateway: { id: gw, name: gw, timezone: Asia/Harbin }\nconsole: { enabled: false }\ndevices:\n  - { id: ps-1, driver: modbus, endpoint: "${server.endpoint}", unit: 1, points: ps-1.csv }\n`,
  );
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'gateway.yaml'), loadContext);
  expect(errors).toEqual([]);
  if (!loaded) throw new Error('no gateway');
  const host = { clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' };
  const start = async (): Promise<Gateway> => {
    const gateway = await buildGateway(loaded, host);
    endings.push(() => gateway.stop());
    await gateway.start();
    await vi.waitFor(() => expect(gateway.status().devices[0]?.state).toBe('online'), 20_000);
    return gateway;
  };
  const command = { id: 'a', tag: 'ps-1/set', value: 42.5, expires: clock.wallMs() + 300_000 };
  let gateway = await start();
  const answer = await gateway.command(command, engineer);
  expect(answer).toMatchObject({ outcome: 'done', readBack: 42.5 });
  const refused = [
    await gateway.command({ ...command, id: 'b', tag: 'ps-1/open' }, engineer),
    await gateway.command({ ...command, id: 'c', value: 50.1 }, engineer),
    await gateway.command({ ...command, id: 'd' }, { ...engineer, role: 'operator' }),
  ];
  const codes = ['LL-CONTROL-READONLY', 'LL-CONTROL-RANGE', 'LL-CONTROL-FORBIDDEN'];
  expect(refused.map(({ code }) => code)).toEqual(codes);
  await gateway.stop();
  gateway = await start();
  expect(await gateway.command(command, engineer)).toEqual(answer);
  await gateway.stop();
  expect(plant).toEqual([42.5]);

  const store = await openStore({ dir: host.dataDir, tags: loaded.tags, clock, random: host.random, log: silentLog });
  endings.push(() => store.close());
  const audit = (await store.journal.read(0, 1000)).filter(({ type }) => type.startsWith('command.'));
  expect(audit.map(({ type, data }) => [type, data['id']])).toEqual([
    ['command.accepted', 'a'],
    ['command.done', 'a'],
    ['command.refused', 'b'],
    ['command.refused', 'c'],
    ['command.refused', 'd'],
  ]);
}, 60_000);
