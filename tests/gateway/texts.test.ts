import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { LiveMessage } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { startBroker } from '../../simulator/platform/broker.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from '../plc/plc.ts';

const clock = realClock();
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** Resolves with the first thing that the test waits for. */
function expecting<Thing>(wanted: (thing: Thing) => boolean) {
  const { promise, resolve } = Promise.withResolvers<Thing>();
  return { promise, take: (thing: Thing) => wanted(thing) && resolve(thing) };
}

it('a text goes from the registers of a meter to the broker and to the console, and so does the next one', async () => {
  let serial = '泵7号';
  const points = [
    point('serial', { address: 0, type: 'string-gbk', length: 8, text: () => serial }),
    point('energy', { address: 8, type: 'bcd32', read: () => 12_345_678 }),
  ];
  const scan = createScan(plcOf('meter', 1, points), seededRandom(1));
  const plc = await serveModbus(scan, { port: 0 });
  endings.push(() => plc.close());
  const broker = await startBroker({ port: 0 });
  endings.push(() => broker.stop());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-texts-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const rows = ['serial,holding,0,string-gbk,8,100ms', 'energy,holding,8,bcd32,,100ms'];
  await writeFile(join(folder, 'm.csv'), ['tag,table,address,type,length,group', ...rows].join('\n'));
  const device = `{ id: meter, driver: modbus, endpoint: "${plc.endpoint}", points: m.csv }`;
  const sink = `{ id: city, sink: mqtt-json, url: "${broker.url}" }`;
  await writeFile(
    join(folder, 'g.yaml'),
    `gateway: { id: gw }\nconsole: { role: operator }\ndevices:\n  - ${device}\nsinks:\n  - ${sink}\n`,
  );
  const { gateway: loaded } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  const host = { clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' };
  const gateway = await buildGateway(loaded!, host, { console: { port: 0 } });
  endings.push(() => gateway.stop());
  await gateway.start();

  type Data = { readonly values: Readonly<Record<string, readonly unknown[]>> };
  const message = (text: string) => expecting<Data>(({ values }) => values['meter/serial']?.[0] === text);
  const live = (text: string) =>
    expecting<LiveMessage>((heard) => heard.type === 'texts' && heard.texts.some(([, one]) => one === text));
  let waiting = { message: message('泵7号'), live: live('泵7号') };
  const client = await mqtt.connectAsync(broker.url);
  endings.push(() => client.endAsync(true));
  client.on('message', (_, payload) => waiting.message.take(JSON.parse(payload.toString())));
  await client.subscribeAsync('lifeline/gw/data/meter');
  const url = gateway.status().consoleUrl ?? '';
  const page = { headers: { origin: url } } as unknown as string[];
  const socket = new WebSocket(`${url.replace('http', 'ws')}/api/live`, page);
  endings.push(() => socket.close());
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') waiting.live.take(JSON.parse(data));
  };
  // the text that was there may have been published before this client came; the next one is not
  await waiting.live.promise;
  waiting = { message: message('泵8号'), live: live('泵8号') };
  serial = '泵8号';
  scan.scan();
  plc.publish(clock.wallMs());
  expect((await waiting.message.promise).values).toMatchObject({ 'meter/serial': ['泵8号', 'good'] });
  await waiting.live.promise;
  expect(await (await fetch(`${url}/api/model`)).json()).toMatchObject({
    tags: [{ name: 'meter/serial', shows: 'text' }, { name: 'meter/energy' }],
  });
});
