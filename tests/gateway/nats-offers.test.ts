import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from '@nats-io/transport-node';
import { afterEach, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { OrderReply } from '../../edge/core/order.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { Watch } from '../upstream/fixture.ts';
import { natsBinary, startNats } from '../upstream/nats-server.ts';

const key = 'a secret of thirty-two characters';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const table = 'tag,table,address,type\na,holding,0,uint16\n';
const more = [table.split('\n')[0]!.split(','), ['a', 'holding', '0', 'uint16'], ['b', 'holding', '1', 'uint16']];

/** A gateway that runs from files and takes offers over NATS, as `offers` says of them. */
async function scene(offers: 'ask' | 'apply') {
  const at = await startNats();
  endings.push(() => at.kill());
  const centre = await connect({ servers: `127.0.0.1:${at.port}` });
  endings.push(() => centre.close());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-nats-offers-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const [file, points] = [join(folder, 'gateway.yaml'), join(folder, 'p.csv')];
  await writeFile(points, table);
  await writeFile(
    file,
    `gateway: { id: gw }
devices: [{ id: pump, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }]
sinks: [{ id: fleet, sink: nats, url: "${at.url}", stream: { create: true }, ordersKey: ${key}, orders: [config], offers: ${offers} }]
`,
  );
  const { gateway: loaded, errors } = await loadGateway(file, loadContext);
  expect(errors).toEqual([]);
  const [told, watch] = [[] as string[], new Watch()];
  const host = { clock: realClock(), random: seededRandom(2), log: silentLog, version: '0' };
  const event = ({ type, data }: { readonly type: string; readonly data: Readonly<Record<string, unknown>> }) => {
    if (type.startsWith('offer.')) told.push(`${type} ${data['id']}`);
    watch.tell();
  };
  const gateway = await buildGateway(
    loaded!,
    { ...host, dataDir: join(folder, 'data'), observer: { finding: () => undefined, event } },
    { console: false, files: { file, context: loadContext } },
  );
  endings.push(() => gateway.stop());
  const timer = setInterval(watch.tell, 20);
  endings.push(() => clearInterval(timer));
  await gateway.start();
  await watch.until(() => gateway.status().sinks[0]?.state === 'online');
  const offer = async (id: string, content: object, by = key): Promise<OrderReply> => {
    const expires = new Date(Date.now() + 86_400_000).toISOString();
    const order = JSON.stringify({
      id,
      gateway: 'gw',
      by: '李工',
      expires,
      kind: 'config',
      reason: '增加测点',
      ...content,
    });
    const signature = createHmac('sha256', by).update(order).digest('hex');
    const answer = await centre.request('lifeline.gw.commands', JSON.stringify({ order, signature }), {
      timeout: 30_000,
    });
    return answer.json<OrderReply>();
  };
  return { offer, told, watch, table: () => readFile(points, 'utf8') };
}

it.runIf(natsBinary)('an offer of a configuration over NATS is judged, answered and waits for a person', async () => {
  const at = await scene('ask');
  const tables = [{ path: 'p.csv', cells: more }];
  expect(await at.offer('c-0', { tables }, 'another secret of thirty-two chars')).toMatchObject({
    ...{ status: 'refused', reason: expect.stringMatching(/^LL-ORDER-SIGNATURE /) },
  });
  const unfit = await at.offer('c-1', {
    tables: [{ path: 'p.csv', cells: [...more, ['c', 'holding', 'x', 'uint16']] }],
  });
  expect(unfit).toMatchObject({ status: 'refused', reason: expect.stringMatching(/^LL-OFFER-UNFIT /) });
  expect(unfit.problems).toMatchObject([{ line: 4 }]);
  expect(await at.offer('c-2', { tables })).toMatchObject({ status: 'accepted', reason: '' });
  expect(await at.offer('c-2', { tables })).toMatchObject({ status: 'duplicate' });
  expect(at.told).toEqual(['offer.received c-2']);
  expect(await at.table(), 'nothing has changed yet').toBe(table);
});

it.runIf(natsBinary)('an offer over NATS is applied at once where the sink says so', async () => {
  const at = await scene('apply');
  expect(await at.offer('c-1', { tables: [{ path: 'p.csv', cells: more }] })).toMatchObject({ status: 'accepted' });
  await at.watch.until(() => at.told.includes('offer.applied c-1'));
  expect(await at.table()).toContain('b,holding,1,uint16');
});
