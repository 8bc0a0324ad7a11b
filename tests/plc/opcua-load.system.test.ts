import { join } from 'node:path';
import { expect, test } from 'vitest';
import { delay, realClock } from '../../edge/core/clock.ts';
import { isGood } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { serveOpcua } from '../../simulator/plc/opcua-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { device, folder, freePort, node, open, warnings, watch } from '../drivers/opcua-server.ts';
import { plcOf, point } from './plc.ts';

const size = 10_000;
const scans = 10;
const scanMs = 1000;
/** Twice as often as values change, so that each of them is seen whatever the phase of the server's sampling. */
const periodMs = 500;

test('a simulated server with 10,000 variables that all change each second loses none of them on an encrypted link', async () => {
  let change = 1;
  const names = Array.from({ length: size }, (_, index) => `v${index}`);
  const points = names.map((name, index) =>
    point(name, { type: 'float64', read: () => change * size + index, high: 1e12 }),
  );
  const scan = createScan(plcOf('big', 1, points), seededRandom(1));
  const server = await serveOpcua(scan, { port: await freePort(), stateDir: join(folder, 'plcs') });
  open.push(() => server.close());
  const clock = realClock();
  server.publish(clock.wallMs());

  const { said, log } = warnings();
  const security = { policy: 'Basic256Sha256', mode: 'SignAndEncrypt', trustUnknown: true };
  const watched = names.map((name, tag) => ({ ...node(tag, `big.${name}`), periodMs }));
  const seen = await watch(device(server.endpoint, watched, { security }), log);
  expect(seen.session.polls).toEqual([]);
  await seen.until(() => seen.newest.size === size);

  while (change <= scans) {
    await delay(clock, scanMs);
    change += 1;
    scan.scan();
    server.publish(clock.wallMs());
  }
  const last = change;
  await seen.until(() => [...seen.newest].every(([tag, { value }]) => value === last * size + tag));

  const heard = new Map<number, number[]>(names.map((_, tag) => [tag, []]));
  for (const { tags, values, quality } of seen.batches) {
    expect(quality.every(isGood)).toBe(true);
    for (const [row, tag] of tags.entries()) heard.get(tag)!.push((values[row]! - tag) / size);
  }
  const every = Array.from({ length: last }, (_, index) => index + 1);
  expect([...heard.values()].filter((changes) => changes.join() !== every.join())).toEqual([]);
  expect([said, seen.losses]).toEqual([[], []]);
}, 120_000);
