import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { provesItself, reaches } from '../../edge/console/grants.ts';
import { decodeFrame, encodeFrame, encodeTags, type LiveFrame } from '../../edge/console/live-frame.ts';
import { misdirection, refusal } from '../../edge/console/policy.ts';
import { type Console, createConsole } from '../../edge/console/server.ts';
import type { AlarmsView, HistoryView, InspectionView, LiveMessage } from '../../edge/console/wire.ts';
import { silentLog } from '../../edge/core/log.ts';
import { Quality } from '../../edge/core/quality.ts';
import { textValue } from '../../edge/core/text-value.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createFixture, type Fixture, onLoopback } from './fixture.ts';
import { json, rawRequest, upgrade } from './raw-request.ts';

let clock: VirtualClock;
let city: Fixture;
let server: Console;
let port: number;
let page: string;
let warnings: Readonly<Record<string, unknown>>[];
let extra: Console[];
const sockets = new Set<{ close(): void }>();

beforeEach(async () => {
  page = await mkdtemp(join(tmpdir(), 'lifeline-page-'));
  await mkdir(join(page, 'assets'));
  await writeFile(join(page, 'index.html'), '<!doctype html><title>page</title>');
  await writeFile(join(page, 'assets/page-1a2b.js'), 'export const page = 1;');
  await writeFile(join(page, 'notes.secret'), 'not to be served');
  clock = new VirtualClock(Date.UTC(2026, 0, 15, 4));
  extra = [];
  await serve();
});

afterEach(async () => {
  for (const socket of sockets) socket.close();
  sockets.clear();
  for (const one of [server, ...extra]) await one.stop();
  await rm(page, { recursive: true });
});

async function serve(spareTags = 20): Promise<void> {
  await server?.stop();
  warnings = [];
  const log = { ...silentLog, warn: (fields: Readonly<Record<string, unknown>>) => void warnings.push(fields) };
  city = createFixture(clock, { spareTags });
  server = createConsole({
    ...onLoopback(),
    source: city.source,
    clock,
    log,
    page: pathToFileURL(`${page}/`),
  });
  port = (await server.start()).port;
}

const send = (method: string, path: string, headers: Record<string, string> = {}, body?: string) =>
  rawRequest(port, { method, path, headers, body });

const own = () => ({ origin: `http://127.0.0.1:${port}` });
const bareFacts = { origin: undefined, fetchSite: undefined, acts: false };
const acknowledge = (alarm: string, headers: Record<string, string> = own()) =>
  send('POST', '/api/acknowledge', { ...json, ...headers }, JSON.stringify({ alarm, by: '张工' }));

describe('access', () => {
  it('lets every route of the registry answer its own page, and refuses wrong hosts, origins and methods', async () => {
    const routes = server.routes();
    expect(routes.map((route) => route.path)).toContain('/api/live');
    let refused = 0;
    for (const { method, path, policy } of routes) {
      const live = path === '/api/live';
      const acts = live || method === 'POST';
      const base = { ...(live ? upgrade : {}), ...(method === 'POST' ? json : {}) };
      const good = await send(
        method,
        path,
        { ...base, ...(policy === 'signed' ? {} : own()) },
        method === 'POST' ? '{}' : undefined,
      );
      const barred = [401, 403].includes(good.status) && policy !== 'signed';
      expect([method, path, barred]).toEqual([method, path, !reaches('engineer', policy)]);
      const hosts = [
        'evil.example',
        `evil.example:${port}`,
        '127.0.0.1:1',
        'localhost',
        `127.0.0.1.evil.example:${port}`,
        `0.0.0.0:${port}`,
      ];
      const origins = [
        'http://evil.example',
        'null',
        'https://127.0.0.1',
        `https://127.0.0.1:${port}`,
        'http://127.0.0.1:1',
        `http://127.0.0.1:${port}.evil.example`,
      ];
      const wrong = [
        ...hosts.flatMap((host) => [
          { host },
          { host, origin: `http://${host}` },
          { host, 'x-forwarded-host': `127.0.0.1:${port}` },
        ]),
        ...origins.flatMap((origin) => [{ origin }, { origin, referer: `http://127.0.0.1:${port}/` }]),
        ...(acts ? [{ ...own(), 'sec-fetch-site': 'cross-site' }] : []),
        ...(policy === 'signed' ? [own()] : []),
        ...(acts && !provesItself(policy) ? [{}, { referer: `http://127.0.0.1:${port}/` }] : []),
      ];
      for (const headers of wrong) {
        const answer = await send(method, path, { ...base, ...headers } as Record<string, string>);
        expect([method, path, headers, answer.status]).toEqual([method, path, headers, 403]);
        refused++;
      }
      for (const other of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'HEAD'].filter(
        (verb) => verb !== method,
      )) {
        const answer = await send(other, path, own());
        expect([other, path, answer.status]).toEqual([other, path, 404]);
        refused++;
      }
    }
    expect(refused).toBeGreaterThan(routes.length * 30);
    expect(city.acknowledged).toEqual([]);
  });

  it('hands a signed request on with its bytes as they came, and answers its refusal with a status', async () => {
    const body = ' {"status" : "立案"}\n';
    const call = (signature: string, sink = 'city', text = body) =>
      send(
        ...(['POST', `/api/call-back?sink=${sink}`] as const),
        { ...json, 'lifeline-timestamp': '1768464000', 'lifeline-signature': signature },
        text,
      );
    const taken = await call('v1=right');
    expect([taken.status, JSON.parse(taken.body)]).toEqual([200, expect.objectContaining({ status: 'accepted' })]);
    const bare = { 'lifeline-timestamp': '1768464000', 'lifeline-signature': 'v1=right' };
    expect((await send('POST', '/api/call-back?sink=city', bare, body)).status).toBe(200);
    expect((await call('v1=wrong')).status).toBe(401);
    expect((await send('POST', '/api/call-back?sink=city')).status).toBe(401);
    expect((await call('v1=right', 'nobody')).status).toBe(404);
    expect((await call('v1=right', 'city', 'x'.repeat(1_000_001))).status).toBe(413);
    expect(city.posted.map(({ timestamp, body: bytes }) => [timestamp, Buffer.from(bytes).toString()])).toEqual([
      ['1768464000', body],
      ['1768464000', body],
      ['1768464000', body],
      ['', ''],
    ]);
  });
  const facts = { host: '127.0.0.1:80', origin: 'http://127.0.0.1:80', fetchSite: 'same-origin', acts: true };

  it('denies a route that has no policy, whoever asks', () => {
    const caller = { name: 'local', grant: 'owner', way: 'local' } as const;
    expect(refusal(undefined, facts, caller)?.code).toBe('LL-CONSOLE-POLICY');
    expect(refusal('engineer', facts, caller)).toBeUndefined();
  });

  it('lets everybody do what their place on the ladder allows and nothing above', () => {
    const ladder = ['open', 'metrics', 'viewer', 'operator', 'engineer', 'owner'] as const;
    for (const [at, grant] of ladder.entries())
      for (const way of ['none', 'local', 'session', 'token'] as const)
        expect(ladder.filter((policy) => !refusal(policy, facts, { name: 'a', grant, way }))).toEqual(
          ladder.slice(0, at + 1),
        );
  });

  it('asks whoever is let in unbidden, by a cookie or by being on this machine, from which page an act comes', () => {
    const bare = { ...facts, origin: undefined, fetchSite: undefined };
    const codes = (['local', 'session', 'token'] as const).map(
      (way) => refusal('operator', bare, { name: 'a', grant: 'operator', way })?.code,
    );
    expect(codes).toEqual(['LL-CONSOLE-ORIGIN', 'LL-CONSOLE-ORIGIN', undefined]);
  });

  it('is called by loopback names on loopback, by addresses and configured names beyond it', () => {
    const loopback = { scheme: 'http', port: 8080, loopback: true, names: [] } as const;
    const wide = {
      scheme: 'https',
      port: 8443,
      loopback: false,
      names: ['gw.city.example', 'gw.example:443'],
    } as const;
    const passes = (place: typeof loopback | typeof wide, host: string) => !misdirection({ ...bareFacts, host }, place);
    const hosts = ['127.0.0.1:8080', 'localhost:8080', '10.0.0.7:8080', 'evil.example:8080', '127.0.0.1'];
    expect(hosts.filter((host) => passes(loopback, host))).toEqual(['127.0.0.1:8080', 'localhost:8080']);
    const wider = ['10.0.0.7:8443', '[fe80::1]:8443', 'gw.city.example:8443', 'gw.example', 'evil.example:8443', ''];
    expect(wider.filter((host) => passes(wide, host))).toEqual(wider.slice(0, 3));
    expect(passes(wide, 'gw.example:443')).toBe(true);
  });

  it('sends the security headers with every answer, refused ones included', async () => {
    for (const answer of [
      await send('GET', '/'),
      await send('GET', '/none'),
      await send('GET', '/', { host: 'evil' }),
    ]) {
      expect(answer.headers['content-security-policy']).toMatch(/default-src 'none'.*frame-ancestors 'none'/);
      expect(answer.headers['content-security-policy']).not.toContain('unsafe');
      expect(answer.headers['x-content-type-options']).toBe('nosniff');
      expect(answer.headers['referrer-policy']).toBe('no-referrer');
    }
  });

  it('stays shut beyond loopback as long as nobody could sign in, and says so with a code', async () => {
    const open = createConsole({ ...onLoopback(), source: city.source, host: '0.0.0.0', clock });
    await expect(open.start()).rejects.toMatchObject({ code: 'LL-CONSOLE-NO-OWNER' });
    await open.stop();
  });

  it('takes the next free port when the wanted one is taken, and gives up with a code after twenty', async () => {
    const second = createConsole({ ...onLoopback(), source: city.source, port, clock });
    extra.push(second);
    const taken = await second.start();
    expect(taken.port).toBeGreaterThan(port);
    expect(taken.port).toBeLessThanOrEqual(port + 20);
    const blockers = await Promise.all(Array.from({ length: 21 }, (_, at) => block(65_515 + at)));
    const third = createConsole({ ...onLoopback(), source: city.source, port: 65_515, clock });
    await expect(third.start()).rejects.toMatchObject({ code: 'LL-CONSOLE-PORT-TAKEN' });
    await third.stop();
    for (const blocker of blockers) blocker.close();
  });
});

/** Takes a port, or finds it taken, which serves as well. */
function block(wanted: number) {
  const blocker = createServer();
  return new Promise<typeof blocker>((resolve) => {
    blocker.on('error', () => resolve(blocker));
    blocker.listen(wanted, '127.0.0.1', () => resolve(blocker));
  });
}

describe('the page', () => {
  it('comes from memory with its type, compressed on request, and answers an unchanged one with 304', async () => {
    const index = await send('GET', '/');
    expect([index.status, index.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const script = await send('GET', '/assets/page-1a2b.js', { 'accept-encoding': 'gzip' });
    expect(script.headers).toMatchObject({
      'content-encoding': 'gzip',
      'cache-control': expect.stringContaining('immutable'),
    });
    const again = await send('GET', '/', { 'if-none-match': String(index.headers['etag']) });
    expect([again.status, again.body]).toEqual([304, '']);
  });

  it('serves nothing outside its manifest, however the path is written', async () => {
    const corpus = [
      ...[
        '/../package.json',
        '/..%2fpackage.json',
        '/%2e%2e/%2e%2e/etc/passwd',
        '/assets/../../server.ts',
        '/assets/..%5c..%5cserver.ts',
      ],
      ...[
        '/....//....//etc/passwd',
        '/assets/%00page-1a2b.js',
        '/assets/page-1a2b.js%00.html',
        '//etc/passwd',
        '/%252e%252e%252fetc%252fpasswd',
      ],
      ...[
        '/notes.secret',
        '/.env',
        '/assets/',
        '/assets',
        '/index.html/',
        '/assets/page-1a2b.js/..',
        '/\\..\\..\\etc\\passwd',
        '/%c0%ae%c0%ae/etc/passwd',
      ],
    ];
    for (const path of corpus) {
      const answer = await send('GET', path);
      expect([path, [400, 404].includes(answer.status)]).toEqual([path, true]);
      expect(answer.body).not.toMatch(/root:|"dependencies"|not to be served/);
    }
  });

  it('says how to build it when it is not built', async () => {
    const bare = createConsole({
      ...{ ...onLoopback(), source: city.source, clock },
      page: pathToFileURL(join(page, 'nowhere/')),
    });
    extra.push(bare);
    port = (await bare.start()).port;
    expect((await send('GET', '/')).body).toContain('node ops/install/build-web.js');
  });
});

describe('reads', () => {
  it('gives model, alarms, devices and history with null where there is no number', async () => {
    const model = JSON.parse((await send('GET', '/api/model')).body);
    expect(model.gateway.id).toBe('hrb-07');
    expect(model.tags).toHaveLength(city.source.live.values.length);
    city.lose('gas-gate');
    city.step();
    city.raise({ asset: 'gate-1', kind: 'bad-data', value: Number.NaN, priority: 'low' });
    city.raise({ asset: 'reg-1', kind: 'cabinet-leak', safety: true, priority: 'critical' });
    const view: AlarmsView = JSON.parse((await send('GET', '/api/alarms')).body);
    expect(view.alarms.map((alarm) => [alarm.id, alarm.value])).toEqual([
      ['reg-1/cabinet-leak', 186.4],
      ['gate-1/bad-data', null],
    ]);
    const devices = JSON.parse((await send('GET', '/api/devices')).body);
    expect(devices.devices.find((device: { id: string }) => device.id === 'gas-gate').state).toBe('backing-off');
    const now = clock.wallMs();
    const tag = encodeURIComponent(model.tags[0].name);
    const history: HistoryView = JSON.parse(
      (await send('GET', `/api/history?tag=${tag}&from=${now - 600_000}&to=${now}`)).body,
    );
    expect(history.values.length).toBe(600);
    expect(history.values).toContain(null);
  });

  it('tells when alarms of some assets stood, those that are over included', async () => {
    const [now, own] = [clock.wallMs(), ['dma-2', 'sub-6']];
    for (const asset of [...own, 'dma-3']) city.raise({ asset, kind: 'burst', priority: 'low' });
    city.clear('dma-2/burst');
    const ask = async (from: number, to: number) =>
      JSON.parse((await send('GET', `/api/alarm-times?assets=${own}&from=${from}&to=${to}`)).body).times;
    expect(await ask(now - 10, now + 10)).toMatchObject([
      { asset: 'sub-6', kind: 'burst', priority: 'low', raisedAt: now },
      { asset: 'dma-2', kind: 'burst', raisedAt: now, clearedAt: now },
    ]);
    expect(await ask(now + 10, now + 20)).toMatchObject([{ asset: 'sub-6' }]);
    expect(await ask(now - 20, now - 10)).toEqual([]);
  });

  it('gives one device with its wire, its requests, and its frames as digits and words', async () => {
    const view: InspectionView = JSON.parse((await send('GET', '/api/device?id=gas-gate')).body);
    expect(view.status).toMatchObject({ id: 'gas-gate', groups: [{ periodMs: 1000 }, { periodMs: 10_000 }] });
    expect(view.requests.at(-1)).toMatchObject({ state: 'refused', reason: { en: '2 illegal data address' } });
    expect(view.frames[1]).toEqual({
      ...{ at: expect.any(Number), direction: 'received', roundTripMs: 8.7 },
      hex: '00000000000b0103080001000700080009',
      text: {
        zh: '站号 1 · 03 应答 读保持寄存器 40001–40004：8 字节',
        en: 'unit 1 · 03 answers to read holding 40001–40004: 8 bytes',
      },
    });
  });

  it.each([
    ['/api/device', 400],
    ['/api/device?id=nobody', 404],
    ['/api/device?id=gas-gate&id=a', 400],
    ['/api/history', 400],
    ['/api/alarm-times', 400],
    ['/api/alarm-times?assets=a&from=x&to=1', 400],
    ['/api/history?tag=a&from=0&to=1', 404],
    ['/api/history?tag=a&from=x&to=1', 400],
    ['/api/history?tag=a&from=0&to=1&points=1e9', 400],
    ['/api/history?tag=a&from=0&to=1&other=1', 400],
    ['/api/history?tag=a&tag=b&from=0&to=1', 400],
  ])('answers %s with %i and a coded problem', async (path, status) => {
    const answer = await send('GET', path);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body)).toMatchObject({
      code: expect.stringMatching(/^LL-CONSOLE-/),
      next: expect.any(String),
    });
  });
});

describe('verdicts', () => {
  const judge = (body: unknown) =>
    send('POST', '/api/verdict', { ...json, ...own() }, JSON.stringify({ by: '张工', ...(body as object) }));

  it('are kept with the alarm, counted by detector, and refused where they mean another alarm or none', async () => {
    const alarm = city.raise({ asset: 'dma-2', kind: 'burst' });
    const { raisedAt } = city.source.recentAlarms(1)[0]!;
    const given = { alarm, verdict: 'nuisance', note: ' 冲洗 ' };
    expect(JSON.parse((await judge(given)).body)).toEqual({ result: 'done' });
    expect(JSON.parse((await judge({ ...given, raisedAt: raisedAt - 1 })).body)).toEqual({ result: 'raised-again' });
    expect((await judge({ ...given, alarm: 'dma-2/none' })).status).toBe(404);
    for (const wrong of [{ verdict: 'good' }, { note: 'x\u0000' }, { note: 'x'.repeat(501) }, { by: '' }])
      expect((await judge({ ...given, ...wrong })).status, JSON.stringify(wrong)).toBe(400);
    const judgement = { verdict: 'nuisance', note: '冲洗', by: '张工', at: clock.wallMs() };
    const view = JSON.parse((await send('GET', '/api/verdicts', own())).body);
    expect(view.recent).toMatchObject([{ id: alarm, judgement }]);
    expect(view.detectors).toEqual([
      {
        ...{ detector: 'limit', raised: 1, useful: 0, nuisance: 1, wrongCause: 0, planned: 0 },
        ...{ nuisanceShare: 1, wrongCauseShare: 0 },
      },
    ]);
    expect(JSON.parse((await send('GET', '/api/alarms', own())).body).alarms).toMatchObject([{ judgement }]);
  });
});

describe('acknowledgement', () => {
  it('reaches the alarm once and says when there is nothing left to acknowledge', async () => {
    const id = city.raise({ asset: 'dma-2', kind: 'burst' });
    expect(JSON.parse((await acknowledge(id)).body)).toEqual({ result: 'done' });
    expect(JSON.parse((await acknowledge(id)).body)).toEqual({ result: 'already' });
    expect((await acknowledge('dma-2/none')).status).toBe(404);
    expect(city.acknowledged).toEqual([{ id, by: '张工' }]);
  });

  it.each([
    ['an oversized body', `{"alarm":"${'x'.repeat(5000)}","by":"a"}`, json, 413],
    ['another content type', '{"alarm":"a/b","by":"a"}', { 'content-type': 'text/plain' }, 415],
    ['a form', 'alarm=a&by=b', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['broken JSON', '{"alarm":', json, 400],
    ['an unknown field', '{"alarm":"a/b","by":"a","force":true}', json, 400],
    ['control characters in the name', '{"alarm":"a/b","by":"a\\nb"}', json, 400],
    ['a polluted prototype', '{"__proto__":{"by":"a"},"alarm":"a/b","by":"a"}', json, 400],
  ])('refuses %s and still serves the next request', async (_, body, headers, status) => {
    const answer = await send('POST', '/api/acknowledge', { ...headers, ...own() }, body);
    expect(answer.status).toBe(status);
    expect(JSON.parse(answer.body).code).toBe('LL-CONSOLE-REQUEST');
    expect((await send('GET', '/api/alarms')).status).toBe(200);
  });
});

/** A page's end of the live feed: what arrives, in order, and a way to wait for it. */
async function listen() {
  const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live`, { headers: own() } as unknown as string[]);
  sockets.add(socket);
  socket.binaryType = 'arraybuffer';
  const frames: LiveFrame[] = [];
  const messages: LiveMessage[] = [];
  let arrived: () => void = () => undefined;
  socket.onmessage = ({ data }) => {
    if (typeof data === 'string') messages.push(JSON.parse(data));
    else frames.push(decodeFrame(data as ArrayBuffer));
    arrived();
  };
  const until = async (done: () => boolean) => {
    while (!done()) {
      await new Promise<void>((resolve) => {
        arrived = resolve;
      });
    }
  };
  await until(() => frames.length === 1);
  return { socket, frames, messages, until };
}

describe('the live feed', () => {
  it('starts with the whole picture and then sends only what changed, once a second', async () => {
    const { frames, messages, until } = await listen();
    expect(messages.map((message) => message.type)).toEqual(['hello', 'alarms', 'devices', 'events']);
    expect(frames[0]!.tags.length).toBe(city.source.live.values.length);
    await clock.advance(1000);
    await until(() => frames.length === 2);
    expect(frames[1]!.tags.length).toBe(0);
    const { live } = city.source;
    live.write({
      ...{ device: 'ps', received: 5, tags: Int32Array.of(3, 7), values: Float64Array.of(1.25, Number.NaN) },
      ...{ quality: Uint8Array.of(Quality.good, Quality.comm), times: Float64Array.of(5, 6) },
    });
    await clock.advance(1000);
    await until(() => frames.length === 3);
    const last = frames[2]!;
    expect([...last.tags, ...last.values, ...last.quality, ...last.times]).toEqual([
      3,
      7,
      1.25,
      Number.NaN,
      0,
      Quality.comm,
      5,
      6,
    ]);
    expect(last.now).toBe(clock.wallMs());
  });

  it('tells a page of the tags that it shows only, at once of those that are new to it, and of all again when asked', async () => {
    const { socket, frames, until } = await listen();
    const { length } = city.source.live.values;
    const next = async (asked?: number[]) => {
      const before = frames.length;
      if (asked) socket.send(encodeTags(asked));
      else {
        await clock.advance(500);
        city.step();
        await clock.advance(500);
      }
      await until(() => frames.length > before);
      return [...frames.at(-1)!.tags];
    };
    expect(await next([2, 5, 9])).toEqual([]);
    expect(await next()).toEqual([2, 5, 9]);
    expect(await next([5, 7, length, -1])).toEqual([7]);
    expect(frames.at(-1)!.values[0]).toBe(city.source.live.values[7]);
    expect(await next()).toEqual([5, 7]);
    const other = await listen();
    expect(other.frames[0]!.tags.length).toBe(length);
    expect((await next([])).length).toBe(length - 2);
    expect((await next()).length).toBe(length);
  });

  it('cuts off a page that asks for something else than tags', async () => {
    const { socket } = await listen();
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    socket.send('abc');
    expect(await closed).toBe(1007);
  });

  it('tells pages of another configuration, so that they take the model anew', async () => {
    const { messages, until } = await listen();
    await clock.advance(500);
    city.reconfigure();
    await clock.advance(200);
    await until(() => messages.length > 4);
    const { configuredAt } = city.source.description.gateway;
    expect(messages.filter(({ type }) => type === 'hello')).toEqual([
      { type: 'hello', gateway: 'hrb-07', configuredAt: configuredAt - 500 },
      { type: 'hello', gateway: 'hrb-07', configuredAt },
    ]);
  });

  it('tells the text of a tag before the value that stands for it, once, and again to a page that comes later', async () => {
    const { live } = city.source;
    const write = (text: string) =>
      live.write({
        ...{ device: 'ps', received: 5, tags: Int32Array.of(3), values: Float64Array.of(textValue(text)) },
        ...{ quality: Uint8Array.of(Quality.good), times: Float64Array.of(5), texts: new Map([[3, text]]) },
      });
    const first = await listen();
    for (const text of ['HRB-7', 'HRB-7', '水表8号']) {
      write(text);
      const frames = first.frames.length;
      await clock.advance(1000);
      await first.until(() => first.frames.length > frames);
    }
    const told = (messages: readonly LiveMessage[]) =>
      messages.flatMap((message) => (message.type === 'texts' ? [message.texts] : []));
    expect(told(first.messages)).toEqual([[[3, 'HRB-7']], [[3, '水表8号']]]);
    expect(first.frames.at(-1)!.values[0]).toBe(textValue('水表8号'));
    const second = await listen();
    expect(told(second.messages)).toEqual([[[3, '水表8号']]]);
    live.write({
      ...{ device: 'ps', received: 6, tags: Int32Array.of(3), values: Float64Array.of(Number.NaN) },
      ...{ quality: Uint8Array.of(Quality.comm), times: Float64Array.of(6) },
    });
    expect(told((await listen()).messages)).toEqual([]);
  });

  it('tells of a new alarm within a fifth of a second and gathers a flood into one list', async () => {
    const { frames, messages, until } = await listen();
    for (let at = 0; at < 300; at++) city.raise({ asset: `zone-${(at % 8) + 1}`, kind: `kind-${at}` });
    await clock.advance(200);
    await until(() => messages.some((message) => message.type === 'alarms' && message.total > 0));
    await clock.advance(1000);
    await until(() => frames.length === 2);
    const lists = messages.filter((message) => message.type === 'alarms');
    expect(lists.map((list) => list.total)).toEqual([0, 300]);
  });

  it('drops a page that does not read, within its limit of bytes, and goes on serving the others', async () => {
    await serve(60_000);
    const slow = await deafClient();
    const { frames, until } = await listen();
    let rounds = 0;
    while (warnings.length === 0 && rounds++ < 40) {
      city.step();
      await clock.advance(1000);
      await until(() => frames.length === rounds + 1);
    }
    expect(warnings[0]).toMatchObject({ code: 'LL-CONSOLE-SLOW-CLIENT' });
    expect(Number(warnings[0]!['backlogBytes'])).toBeLessThan(3 * Number(warnings[0]!['limitBytes']));
    slow.destroy();
    city.step();
    await clock.advance(1000);
    await until(() => frames.length === rounds + 2);
    expect(frames.at(-1)!.tags.length).toBe(city.source.live.values.length);
  });

  it('cuts off a page that sends more than it may', async () => {
    const { socket } = await listen();
    const closed = new Promise<number>((resolve) => {
      socket.onclose = ({ code }) => resolve(code);
    });
    socket.send('x'.repeat(40_000));
    expect([1006, 1009]).toContain(await closed);
  });

  it('ends connections at stop, twice without harm, and the port is free again', async () => {
    const { socket } = await listen();
    const closed = new Promise((resolve) => {
      socket.onclose = resolve;
    });
    await server.stop();
    await closed;
    await server.stop();
    const probe = createServer();
    await new Promise<void>((resolve) => probe.listen(port, '127.0.0.1', resolve));
    expect((probe.address() as AddressInfo).port).toBe(port);
    probe.close();
  });
});

/** Opens the feed and never reads from it. */
function deafClient(): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      const lines = Object.entries({ host: `127.0.0.1:${port}`, ...own(), ...upgrade }).map(
        ([name, value]) => `${name}: ${value}`,
      );
      socket.write(`GET /api/live HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.once('readable', () => resolve(socket));
    });
    socket.on('error', () => undefined);
  });
}

describe('live frames', () => {
  it('come back as they went, NaN and all, and a lying count is refused', () => {
    const table = {
      values: Float64Array.of(1, Number.NaN, -0.5),
      quality: Uint8Array.of(0, 130, 64),
      times: Float64Array.of(10, 20, 30),
    };
    for (const tags of [[], [1], [2, 0], [0, 1, 2]]) {
      const frame = decodeFrame(encodeFrame(99, Int32Array.from(tags), table));
      expect([frame.now, ...frame.tags]).toEqual([99, ...tags]);
      expect([...frame.values]).toEqual(tags.map((tag) => table.values[tag]));
      expect([...frame.quality]).toEqual(tags.map((tag) => table.quality[tag]));
    }
    const lying = encodeFrame(0, Int32Array.of(0), table);
    new DataView(lying).setUint32(8, 4_000_000_000, true);
    expect(() => decodeFrame(lying)).toThrow(RangeError);
  });
});
