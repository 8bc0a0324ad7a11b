import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';

const site = `gateway: { id: gw }
devices:
  - { id: ps-3, driver: modbus, endpoint: "tcp://10.0.3.17:502", points: p.csv }
sinks:
  - { id: events, sink: mqtt-json, url: "mqtt://10.0.0.5" }
`;

/** What `lifeline check` says of Sparkplug sinks with these keys, each on a line of its own. */
async function checked(...entries: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-sparkplug-check-'));
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  const sinks = entries.map(
    (keys, at) => `  - { id: s-${at}, sink: sparkplug, servers: ["mqtt://h-${at}"], ${keys} }\n`,
  );
  await writeFile(join(folder, 'g.yaml'), site + sinks.join(''));
  const { gateway, errors } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  expect(gateway === undefined).toBe(errors.length > 0);
  return errors.map(({ line, path, code, message, zh }) => ({ line, path, code, message, zh: zh.message }));
}

it('two sinks that speak as one edge node are refused, wherever that name comes from, in both languages', async () => {
  const taken = (line: number, path: string, owner: string, name: string) => ({
    ...{ line, path, code: 'LL-SPARKPLUG-NODE-TAKEN' },
    ...{ message: `sink "${owner}" is edge node ${name} already`, zh: `“${owner}”已是边缘节点 ${name}` },
  });
  expect(await checked('group: lifeline', 'node: gw')).toEqual([taken(7, 'sinks[2].node', 's-0', 'lifeline/gw')]);
  expect(await checked('group: a, node: n', 'group: b, node: n', 'group: a, node: n', 'group: b, node: n')).toEqual([
    taken(8, 'sinks[3].node', 's-0', 'a/n'),
    taken(9, 'sinks[4].node', 's-1', 'b/n'),
  ]);
  expect(await checked('group: a', 'group: a')).toEqual([taken(7, 'sinks[2].id', 's-0', 'a/gw')]);
});

it('edge nodes of other groups or names go beside each other', async () => {
  expect(await checked('group: a', 'group: b', 'group: a, node: gw-2')).toEqual([]);
});
