import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { formatProblem, formatProblemIn } from '../../edge/config/problem.ts';
import { sinks } from '../../edge/upstream/registry.ts';

const device = 'devices:\n  - { id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: p.csv }\n';
const asset = 'assets:\n  - { id: dma-2, type: water.district }\n';
const sparkplug = '  - { id: scada, sink: sparkplug, servers: ["mqtt://h"] }\n';
const opcua = '  - { id: mes, sink: opcua, anonymous: true }\n';
const mqtt = '  - { id: city, sink: mqtt-json, url: "mqtt://10.0.0.5" }\n';

/** What `lifeline check` warns of, in both languages, without the other subjects. */
async function warned(rest: string) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-alarm-road-'));
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  await writeFile(join(folder, 'g.yaml'), `gateway: { id: gw }\n${device}${rest}`);
  const { errors, warnings } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(errors).toEqual([]);
  const own = warnings.filter(({ code }) => code === 'LL-CONFIG-NO-ALARM-ROAD');
  return own.flatMap((problem) =>
    [formatProblem(problem), formatProblemIn(problem, 'zh')].map((text) => text.replace(`${folder}/`, '')),
  );
}

it('sinks of values alone are warned of at their place, with those that carry alarms, in both languages', async () => {
  expect(await warned(`sinks:\n${sparkplug}${opcua}`)).toEqual([
    'g.yaml:5:3 sinks: sinks of kind sparkplug and opcua carry values alone: alarms are on the console alone ' +
      '[LL-CONFIG-NO-ALARM-ROAD]; Add a sink that has events confirmed: mqtt-json, nats, webhook or people.',
    'g.yaml:5:3 sinks：sparkplug、opcua 通道只传数值：报警只在控制台上显示 ' +
      '[LL-CONFIG-NO-ALARM-ROAD]；请增加一个会确认事件的上行通道：mqtt-json、nats、webhook 或 people。',
  ]);
});

it('so are assets that are watched without any sink', async () => {
  expect((await warned(asset)).map((text) => text.split('[')[0])).toEqual([
    'g.yaml:1:1 sinks: there is no sink: alarms are on the console alone ',
    'g.yaml:1:1 sinks：没有上行通道：报警只在控制台上显示 ',
  ]);
});

it('one sink that carries alarms beside them is enough, and a gateway that watches nothing yet needs none', async () => {
  expect(await warned(`${asset}sinks:\n${sparkplug}${mqtt}`)).toEqual([]);
  expect(await warned('')).toEqual([]);
});

it('the kinds that it offers are those that carry events', () => {
  const carrying = sinks.filter(({ valuesOnly }) => !valuesOnly).map(({ name }) => name);
  expect(carrying).toEqual(['mqtt-json', 'nats', 'people', 'webhook']);
});
