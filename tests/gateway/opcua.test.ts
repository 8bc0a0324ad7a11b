import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { LiveMessage } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Actor } from '../../edge/core/command.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { serveOpcua } from '../../simulator/plc/opcua-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { freePort } from '../drivers/opcua-server.ts';
import { plcOf, point } from '../plc/plc.ts';

const clock = realClock();
const engineer: Actor = { name: 'li', role: 'engineer', origin: 'local' };
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

it('a gateway shows texts of an OPC UA server in the console, and commands reach the plant over the encrypted link', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-opcua-gateway-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const plant: number[] = [];
  let program = '冬季';
  const points = [
    point('set', { type: 'float32', scale: 0.5, low: 0, high: 100, write: (value) => plant.push(value) }),
    point('flow', { type: 'float32', read: () => 7, low: 0, high: 100, write: (value) => plant.push(value) }),
    point('program', { type: 'string-utf8', text: () => program }),
  ];
  const scan = createScan(plcOf('plant', 1, points), seededRandom(1));
  const server = await serveOpcua(scan, { port: await freePort(), stateDir: join(folder, 'plcs') });
  endings.push(() => server.close());
  server.publish(clock.wallMs());
  const rows = ['set,float32,0.5,0,50,yes', 'flow,float32,,,,', 'program,string-utf8,,,,'].map((row) => {
    const [tag, ...cells] = row.split(',');
    return [tag, `nsu=urn:lifeline:plant;s=plant.${tag}`, ...cells, '200ms'].join(',');
  });
  await writeFile(join(folder, 'p.csv'), ['tag,node,type,scale,low,high,writable,group', ...rows].join('\n'));
  const security = '{ policy: Basic256Sha256, trustUnknown: true }';
  const device = `{ id: plant, driver: opcua, endpoint: "${server.endpoint}", security: ${security}, points: p.csv }`;
  await writeFile(
    join(folder, 'g.yaml'),
    `gateway: { id: gw }\nconsole: { role: operator }\ndevices:\n  - ${device}\n`,
  );
  const { gateway: loaded, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(errors).toEqual([]);
  const host = { clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' };
  const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
  endings.push(() => gateway.stop());
  await gateway.start();
  await vi.waitFor(() => expect(gateway.status().devices[0]?.state).toBe('online'), 20_000);

  const command = { id: 'a', tag: 'plant/set', value: 42, expires: clock.wallMs() + 300_000 };
  expect(await gateway.command(command, engineer)).toMatchObject({ outcome: 'done', readBack: 42 });
  expect(await gateway.command({ ...command, id: 'b', value: 51 }, engineer)).toMatchObject({
    code: 'LL-CONTROL-RANGE',
  });
  const readOnly = await gateway.command({ ...command, id: 'c', tag: 'plant/flow' }, engineer);
  expect(readOnly).toMatchObject({ code: 'LL-CONTROL-READONLY' });
  expect(plant).toEqual([42]);

  const url = gateway.status().consoleUrl ?? '';
  const page = { headers: { origin: url } } as unknown as string[];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`, page);
  endings.push(() => socket.close());
  const shown = new Set<string>();
  let heard = () => {};
  socket.onmessage = ({ data }) => {
    const message = typeof data === 'string' ? (JSON.parse(data) as LiveMessage) : undefined;
    if (message?.type !== 'texts') return;
    for (const [, text] of message.texts) shown.add(text);
    heard();
  };
  const until = async (text: string) => {
    while (!shown.has(text)) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  await until('冬季');
  program = '夏季';
  scan.scan();
  server.publish(clock.wallMs());
  await until('夏季');
}, 30_000);
