import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt from 'mqtt';
import { afterEach, describe, expect, it } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import type { ConfigurationView } from '../../edge/console/configuration-api.ts';
import type { OfferLook } from '../../edge/console/offers-api.ts';
import type { OffersView } from '../../edge/console/wire.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { OrderReply } from '../../edge/core/order.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { ConfigurationDesk } from '../../edge/gateway/configuration-desk.ts';
import { ConfigurationOffers } from '../../edge/gateway/configuration-offers.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { callBackText } from '../../edge/upstream/call-back.ts';
import { signatureOf } from '../../edge/upstream/signature.ts';
import { startBroker } from '../../simulator/platform/broker.ts';
import { Watch } from '../upstream/fixture.ts';
import { killAll, lifeline } from './processes.ts';

const clock = realClock();
const key = 'a secret of thirty-two characters';
const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const table = 'tag,table,address,type,unit\na,holding,0,uint16,mA\n';
const row = ['b', 'holding', '1', 'uint16', 'mA'];

/** A gateway whose centre is at a broker and may offer configurations, and may post them too. */
async function scene(sinkKeys = '') {
  const broker = await startBroker({ port: 0 });
  endings.push(() => broker.stop());
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-offers-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const file = join(folder, 'gateway.yaml');
  await writeFile(join(folder, 'p.csv'), table);
  await writeFile(join(folder, 'secret'), key);
  const text = `gateway: { id: gw }
console: { port: 0, role: engineer }
devices:
  - { id: pump, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }
sinks:
  - { id: city, sink: mqtt-json, url: "${broker.url}", username: gw, password: geheim-und-lang, ordersKey: ${key}, orders: [config]${sinkKeys} }
  - { id: web, sink: webhook, url: "http://127.0.0.1:1/", secretFile: secret, orders: [config] }
`;
  await writeFile(file, text);
  const host = { clock, random: seededRandom(2), log: silentLog, dataDir: join(folder, 'data'), version: '0' };
  const watch = new Watch();
  const replies = new Map<string, OrderReply>();
  const events: { readonly type: string; readonly data: Readonly<Record<string, unknown>> }[] = [];
  let states = 0;
  const client = await mqtt.connectAsync(broker.url);
  endings.push(() => client.endAsync(true));
  client.on('message', (topic, payload) => {
    const message = JSON.parse(String(payload));
    if (topic.endsWith('/replies')) replies.set(message.id, message);
    else if (topic.endsWith('/state')) states += Number(message.state === 'online');
    else if (message.type.startsWith('city.lifeline.offer.')) events.push(message);
    watch.tell();
  });
  await client.subscribeAsync(['lifeline/gw/replies', 'lifeline/gw/events/#', 'lifeline/gw/state']);
  const start = async () => {
    const { gateway: loaded, errors } = await loadGateway(file, loadContext);
    expect(errors).toEqual([]);
    const gateway = await buildGateway(loaded!, host, { files: { file, context: loadContext } });
    endings.push(() => gateway.stop());
    const before = states;
    await gateway.start();
    await watch.until(() => states > before);
    const url = gateway.status().consoleUrl ?? '';
    const get = async <T>(path: string) => (await (await fetch(`${url}${path}`)).json()) as T;
    const post = async (path: string, body: object) => {
      const headers = { 'content-type': 'application/json', origin: url };
      const answer = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return { status: answer.status, body: (await answer.json()) as Readonly<Record<string, unknown>> };
    };
    const list = async () =>
      (await get<OffersView>('/api/configuration-offers')).offers.map(({ id, state }) => `${id} ${state}`);
    return { gateway, url, get, post, list };
  };
  const offer = (id: string, content: object, lastsMs = 7 * 86_400_000) => ({
    ...{ id, gateway: 'gw', by: '李工', expires: new Date(clock.wallMs() + lastsMs).toISOString() },
    ...{ kind: 'config', reason: '增加测点', ...content },
  });
  const ask = async (body: { readonly id: string }) => {
    replies.delete(body.id);
    const order = JSON.stringify(body);
    const signature = createHmac('sha256', key).update(order).digest('hex');
    await client.publishAsync('lifeline/gw/commands', JSON.stringify({ order, signature }), { qos: 1 });
    await watch.until(() => replies.has(body.id));
    return replies.get(body.id)!;
  };
  const tablesWith = (...cells: string[]) => [
    {
      path: 'p.csv',
      cells: [
        ...table
          .trim()
          .split('\n')
          .map((line) => line.split(',')),
        cells,
      ],
    },
  ];
  const told = (type: string) => events.filter((event) => event.type === `city.lifeline.offer.${type}`);
  return { folder, file, host, watch, start, offer, ask, tablesWith, told };
}

describe('configurations that the centre offers', () => {
  it('wait for a person over a restart, are shown as they would change what stands, and are applied', async () => {
    const at = await scene();
    let { gateway, get, post, list } = await at.start();
    const tables = at.tablesWith(...row);
    expect(await at.ask(at.offer('c-1', { tables }))).toMatchObject({ status: 'accepted', reason: '' });
    expect(await at.ask(at.offer('c-1', { tables }))).toMatchObject({ status: 'duplicate' });
    expect(await readFile(join(at.folder, 'p.csv'), 'utf8')).toBe(table);
    await gateway.stop();

    ({ gateway, get, post, list } = await at.start());
    expect(await at.ask(at.offer('c-1', { tables }))).toMatchObject({ status: 'duplicate' });
    expect(await list()).toEqual(['c-1 waiting']);
    const look = await get<OfferLook>('/api/configuration-offer?number=1');
    expect(look).toMatchObject({
      offer: { number: 1, id: 'c-1', by: '李工', via: 'city', reason: '增加测点', state: 'waiting' },
      ...{ errors: [], changes: [{ file: 'p.csv' }] },
    });
    expect(look.changes[0]?.lines.filter(({ sign }) => sign !== ' ')).toEqual([{ sign: '+', text: row.join(',') }]);
    const stale = await post('/api/configuration-offer-apply', { number: 1, base: '0'.repeat(64), by: '张工' });
    expect([stale.status, stale.body['code']]).toEqual([409, 'LL-CONSOLE-CONFLICT']);
    const applied = await post('/api/configuration-offer-apply', { number: 1, base: look.base, by: '张工' });
    expect(applied).toMatchObject({ status: 200, body: { result: 'applied', version: 2 } });
    expect(await list()).toEqual(['c-1 applied']);
    const model = await get<{ tags: { name: string }[] }>('/api/model');
    expect(model.tags.map(({ name }) => name)).toContain('pump/b');
    expect(await readFile(at.file, 'utf8'), 'what was not offered stays, secrets too').toContain('geheim-und-lang');
    await at.watch.until(() => at.told('applied').length === 1);
    expect(at.told('applied')[0]?.data).toMatchObject({
      id: 'c-1',
      number: 1,
      offeredBy: '李工',
      by: '张工',
      version: 2,
    });
    const again = await post('/api/configuration-offer-apply', { number: 1, base: look.base, by: '张工' });
    expect(again.status, 'once').toBe(404);
    const { versions } = await get<{ versions: { by: string }[] }>('/api/configuration-versions');
    expect(versions[0]?.by).toBe('张工 (offer of 李工)');
    await gateway.stop();
    await expect(readFile(join(at.host.dataDir, 'offers/offer-000001.json'), 'utf8')).resolves.not.toContain('holding');
  });

  it('are refused as they come with every mistake at its place, and where they change nothing, are old or too many', async () => {
    const at = await scene();
    const { get } = await at.start();
    const wrong = await at.ask(at.offer('c-1', { tables: at.tablesWith('b', 'holding', '70000', 'uint61', 'mA') }));
    expect(wrong).toMatchObject({
      status: 'refused',
      reason: expect.stringMatching(/^LL-OFFER-UNFIT offer c-1: 2 mis/),
    });
    expect(wrong.problems?.map(({ file, line, column, code }) => [file, line, column, code])).toEqual([
      ['p.csv', 3, 3, expect.stringMatching(/^LL-/)],
      ['p.csv', 3, 4, expect.stringMatching(/^LL-/)],
    ]);
    expect(wrong.problems?.[0]?.message.zh).not.toBe(wrong.problems?.[0]?.message.en);
    const codeOf = async (content: object, id: string, lastsMs?: number) =>
      (await at.ask(at.offer(id, content, lastsMs))).reason.split(' ')[0];
    const { yaml, hash } = await get<ConfigurationView>('/api/configuration');
    expect(yaml).not.toContain('geheim');
    expect(await codeOf({ yaml, base: hash }, 'c-2')).toBe('LL-OFFER-NOTHING');
    expect(await codeOf({ tables: at.tablesWith(...row), base: '1'.repeat(64) }, 'c-3')).toBe('LL-OFFER-STALE');
    expect(await codeOf({ tables: [{ path: 'q.csv', cells: [['tag']] }] }, 'c-4')).toBe('LL-OFFER-UNFIT');
    expect(await codeOf({ tables: at.tablesWith(...row) }, 'c-5', 31 * 86_400_000)).toBe('LL-ORDER-EXPIRED');
    for (let n = 0; n < 10; n++)
      expect(await codeOf({ tables: at.tablesWith(`t${n}`, ...row.slice(1)) }, `d-${n}`)).toBe('');
    expect(await codeOf({ tables: at.tablesWith(...row) }, 'c-6')).toBe('LL-OFFER-FULL');
  });

  it('are refused by a person, and the centre is told why', async () => {
    const at = await scene();
    const { post, list } = await at.start();
    await at.ask(at.offer('c-1', { tables: at.tablesWith(...row) }));
    const refused = await post('/api/configuration-offer-refuse', { number: 1, by: '张工', why: '停泵检修中' });
    expect(refused.status).toBe(200);
    await at.watch.until(() => at.told('refused').length === 1);
    expect(at.told('refused')[0]?.data).toMatchObject({ id: 'c-1', by: '张工', why: '停泵检修中' });
    expect(await list()).toEqual(['c-1 refused']);
  });

  it('are applied at once where the sink says so, and the journal has nothing of what they say', async () => {
    const at = await scene(', offers: apply');
    const { get, list, gateway } = await at.start();
    const { yaml } = await get<ConfigurationView>('/api/configuration');
    const content = { yaml: yaml.replace('id: gw }', 'id: gw, name: 七号网关 }'), tables: at.tablesWith(...row) };
    expect(await at.ask(at.offer('c-1', content))).toMatchObject({ status: 'accepted' });
    await at.watch.until(() => at.told('applied').length === 1);
    expect(at.told('applied')[0]?.data).toMatchObject({ by: '李工 (city)', atNextStart: ['gateway'] });
    expect(await list()).toEqual(['c-1 applied']);
    expect(await readFile(at.file, 'utf8')).toContain('七号网关');
    expect(await readFile(at.file, 'utf8')).toContain('geheim-und-lang');
    expect(gateway.status().devices[0]?.id).toBe('pump');
    expect(JSON.stringify(at.told('received'))).not.toContain('holding');
  });

  it('come by the call-back of the webhook too, larger than reports may be, with their mistakes in the answer', async () => {
    const at = await scene();
    const { url, list } = await at.start();
    const call = async (body: object) => {
      const text = JSON.stringify(body);
      const timestampS = Math.floor(clock.wallMs() / 1000);
      const headers = {
        'lifeline-timestamp': String(timestampS),
        'lifeline-signature': signatureOf(key, timestampS, callBackText(text)),
      };
      const answer = await fetch(`${url}/api/call-back?sink=web`, { method: 'POST', headers, body: text });
      return { status: answer.status, body: (await answer.json()) as OrderReply };
    };
    const many = Array.from({ length: 1_000 }, (_, n) => [`t${n}`, 'holding', String(n), 'uint16', 'mA']);
    const [own] = at.tablesWith(...row);
    const tables = [{ path: 'p.csv', cells: [...own!.cells.slice(0, 1), ...many] }];
    expect(JSON.stringify(tables).length).toBeGreaterThan(30_000);
    expect(await call(at.offer('c-1', { tables }))).toMatchObject({
      status: 200,
      body: { id: 'c-1', status: 'accepted' },
    });
    const wrong = await call(at.offer('c-2', { tables: at.tablesWith('b', 'holding', '70000', 'uint16', 'mA') }));
    expect(wrong).toMatchObject({ status: 422, body: { status: 'refused', problems: [{ file: 'p.csv', line: 3 }] } });
    const elsewhere = await call({ ...at.offer('c-3', { tables }), gateway: 'another' });
    expect(elsewhere.body.reason).toMatch(/^LL-ORDER-ELSEWHERE /);
    const long = await call({ case: 'x', status: 'closed', note: 'x'.repeat(20_000) });
    expect(long.body.reason).toMatch(/^LL-CALLBACK-UNREADABLE /);
    expect(await list()).toEqual(['web/c-1 waiting']);
  });

  it('are over when nobody has decided in their time, and the centre is told', async () => {
    const { folder, file } = await scene();
    const time = new VirtualClock(clock.wallMs());
    const events: NewEvent[] = [];
    const reconfigure = () => Promise.reject(new Error('nothing is applied here'));
    const parts = {
      ...{ gateway: 'gw', dataDir: join(folder, 'data'), clock: time, log: silentLog, unattended: () => false },
      configuration: new ConfigurationDesk({
        ...{ file, context: loadContext, clock: time, dataDir: join(folder, 'data'), reconfigure },
      }),
      record: async (event: NewEvent) => events.push(event),
    };
    const cells = [
      ...table
        .trim()
        .split('\n')
        .map((line) => line.split(',')),
      row,
    ];
    const order = {
      id: 'c-1',
      kind: 'config',
      by: '李工',
      reason: '增加测点',
      tables: [{ path: 'p.csv', cells }],
    } as const;
    const before = new ConfigurationOffers(parts);
    await before.open();
    expect(await before.take({ ...order, expires: time.wallMs() + 60_000 }, 'city')).toBeUndefined();
    await time.advance(59_999);
    await before.tick();
    const after = new ConfigurationOffers(parts);
    await after.open();
    expect((await after.look(1))?.changes).toHaveLength(1);
    await time.advance(1);
    expect(await after.apply(1, '', '张工'), 'too late').toBeUndefined();
    await after.tick();
    await after.tick();
    expect(events.map(({ type, data }) => `${type} ${data['id']}`)).toEqual([
      'offer.received c-1',
      'offer.expired c-1',
    ]);
    expect(after.list()).toMatchObject([{ id: 'c-1', state: 'expired' }]);
  });

  it('are listed, shown, applied and refused at a terminal', async () => {
    const at = await scene();
    const { gateway, url } = await at.start();
    endings.push(killAll);
    const offers = async (...args: string[]) => {
      const { code, stdout, stderr } = await lifeline('offers', ...args, '--console', url).ended;
      return { code, lines: stdout.trimEnd().split('\n'), stderr };
    };
    expect(await offers('list')).toMatchObject({ code: 0, lines: ['no offers'] });
    await at.ask(at.offer('c-1', { tables: at.tablesWith(...row) }));
    await at.ask(at.offer('c-2', { tables: at.tablesWith('c', ...row.slice(1)) }));
    expect((await offers('list')).lines).toEqual([
      expect.stringMatching(/^number +state +of +came +until +reason +decided$/),
      expect.stringMatching(/^2 +waiting +李工 \(city\) .*增加测点/),
      expect.stringMatching(/^1 +waiting +李工 \(city\) .*增加测点/),
    ]);
    const { lines } = await offers('show', '1');
    expect(lines[0]).toMatch(/^1 waiting: 增加测点, of 李工 \(city\), until 20/);
    expect(lines.slice(1).filter((line) => !line.startsWith(' '))).toEqual(['p.csv', `+ ${row.join(',')}`]);
    const refused = await offers('refuse', '2', '--by', '张工', '--why', '停泵检修中');
    expect(refused).toMatchObject({ code: 0, lines: ['offer 2: refused'] });
    const applied = await offers('apply', '1', '--by', '张工');
    expect(applied).toMatchObject({ code: 0, lines: ['offer 1: applied as version 2'] });
    expect(await readFile(join(at.folder, 'p.csv'), 'utf8')).toContain(row.join(','));
    const again = await offers('apply', '2', '--by', '张工');
    expect([again.code, again.stderr]).toEqual([1, expect.stringContaining('LL-')]);
    await at.watch.until(() => at.told('refused').length === 1 && at.told('applied').length === 1);
    expect(at.told('refused')[0]?.data).toMatchObject({ id: 'c-2', by: '张工', why: '停泵检修中' });
    await gateway.stop();
  }, 60_000);
});
