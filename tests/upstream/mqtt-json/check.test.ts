import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadContext } from '../../../edge/cli/product.ts';
import { loadGateway } from '../../../edge/config/load.ts';

const site = `gateway: { id: gw }
devices:
  - { id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: p.csv }
sinks:
  - id: city
    sink: mqtt-json
    url: mqtt://10.0.0.5:1883
`;

/** What `lifeline check` says of the sink with these lines. */
async function checked(...lines: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-mqtt-check-'));
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  await writeFile(join(folder, 'g.yaml'), `${site}${lines.map((line) => `    ${line}\n`).join('')}`);
  const { errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  return errors.map(({ line, column, path, message }) => ({ line, column, path, message }));
}

it('a place that there is not in a topic is told with its line and column, and what was meant', async () => {
  expect(await checked('topics:', '  events: "harbin/{distrct}/{asset}"', '  values: "harbin/{device}"')).toEqual([
    {
      ...{ line: 9, column: 15, path: 'sinks[0].topics.events' },
      message: 'there is no {distrct} here; did you mean {district}?',
    },
  ]);
});

it('last values are kept where every point has a topic of its own, and nowhere else', async () => {
  const refused = [{ line: 9, column: 15, path: 'sinks[0].data.retain', message: expect.stringContaining('share') }];
  const retaining = (topic: string) => checked('data:', '  retain: true', 'topics:', `  values: "${topic}"`);
  expect(await retaining('{prefix}/{gateway}/data/{device}')).toEqual(refused);
  expect(await retaining('{utility}/{point}')).toEqual(refused);
  expect(await retaining('now/{device}/{point}')).toEqual([]);
  expect(await retaining('{district}/{utility}/{asset}/{role}')).toEqual([]);
});

it('a version of MQTT that there is not is told', async () => {
  expect(await checked('protocol: 4')).toMatchObject([{ line: 8, path: 'sinks[0].protocol' }]);
  for (const version of ['auto', '5', '3.1.1']) expect(await checked(`protocol: ${version}`)).toEqual([]);
});
