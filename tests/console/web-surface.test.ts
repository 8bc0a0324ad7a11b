import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Gated, openGated } from './gated-console.ts';
import { json, rawRequest } from './raw-request.ts';

const megabytes = 10_000_000;
let gate: Gated;
const sockets: Socket[] = [];

beforeAll(async () => {
  gate = await openGated();
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await gate.close();
});

/** A connection that sends just that and says nothing more; resolves with all that comes back once it is closed. */
function halfway(text: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(gate.port, '127.0.0.1', () => socket.write(text));
    sockets.push(socket);
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
  });
}
const head = (method: string, path: string, ...lines: string[]) =>
  [`${method} ${path} HTTP/1.1`, `host: 127.0.0.1:${gate.port}`, `origin: ${gate.url}`, ...lines, '', ''].join('\r\n');
const p95 = (times: number[]) => times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)]!;

/** Good requests, one after another, ms each. */
async function good(count: number, cookie: Record<string, string>): Promise<number[]> {
  const times: number[] = [];
  for (let at = 0; at < count; at++) {
    const before = performance.now();
    expect((await gate.get('/api/alarms', cookie)).status).toBe(200);
    times.push(performance.now() - before);
  }
  return times;
}

describe('what comes too slowly or never ends', () => {
  it('is closed within its time, and good requests are answered meanwhile', async () => {
    const cookie = await gate.signIn('viewer');
    const length = ['content-type: application/json', 'content-length: 4000'];
    const heads = Array.from({ length: 150 }, () =>
      halfway(`GET /api/alarms HTTP/1.1\r\nhost: 127.0.0.1:${gate.port}\r\nx-slow: `),
    );
    const bodies = Array.from({ length: 150 }, () => halfway(`${head('POST', '/api/sign-in', ...length)}{"name":"`));
    const silent = Array.from({ length: 50 }, () => halfway(''));
    expect(p95(await good(100, cookie))).toBeLessThan(500);
    const answers = await Promise.all([...heads, ...bodies]);
    expect(answers.filter((text) => text !== '' && !/^HTTP\/1\.1 (408|400) /.test(text))).toEqual([]);
    expect((await gate.get('/api/alarms', cookie)).status).toBe(200);
    expect(await Promise.all(silent)).toHaveLength(50);
  });
});

describe('what is too large', () => {
  it('is refused by every route before it is in memory, its length told or not', async () => {
    const cookie = await gate.signIn('owner');
    const body = `"${'x'.repeat(megabytes)}"`;
    for (const { method, path, policy } of gate.server.routes()) {
      if (method !== 'POST' || policy === 'signed') continue;
      const told = halfway(
        head(
          'POST',
          path,
          'content-type: application/json',
          `content-length: ${megabytes}`,
          `cookie: ${cookie.cookie}`,
        ),
      );
      sockets.at(-1)?.on('data', () => sockets.at(-1)?.end());
      expect([path, (await told).slice(0, 12)]).toEqual([path, 'HTTP/1.1 413']);
    }
    const before = process.memoryUsage.rss();
    for (let times = 0; times < 10; times++) {
      const headers = { ...json, ...gate.own, ...cookie, 'transfer-encoding': 'chunked' };
      const sent = rawRequest(gate.port, { method: 'POST', path: '/api/acknowledge', headers, body });
      const status = await sent.then((answer) => answer.status).catch(() => 413);
      expect(status).toBe(413);
    }
    expect(process.memoryUsage.rss() - before).toBeLessThan(20 * megabytes);
  });

  it('begins for a point table beyond four megabytes of a file, in base64', async () => {
    const cookie = await gate.signIn('engineer');
    const send = async (bytes: number) => {
      const table = {
        name: 'site.xlsx',
        device: 'pump',
        language: 'zh',
        content: Buffer.alloc(bytes).toString('base64'),
      };
      // the server may hang up before all of it is sent
      return gate.post('/api/point-table', table, cookie).then(
        ({ status }) => status,
        () => 413,
      );
    };
    // this gateway was not started from files: 404 says that the body was read
    expect(await send(4 * 1024 * 1024)).toBe(404);
    expect(await send(4 * 1024 * 1024 + 6_000)).toBe(413);
  });

  it('is refused as a head, as a path and as depth', async () => {
    const cookie = await gate.signIn('operator');
    expect((await gate.get('/', { 'x-long': 'y'.repeat(40_000) })).status).toBe(431);
    expect([404, 414, 431]).toContain((await gate.get(`/${'a/'.repeat(7_000)}`)).status);
    expect(
      (await gate.post('/api/acknowledge', JSON.parse(`${'['.repeat(1_500)}${']'.repeat(1_500)}`), cookie)).status,
    ).toBe(400);
  });
});

describe('what means two things at once', () => {
  it.each([
    ['two lengths', ['content-length: 2', 'content-length: 3'], '{}'],
    ['a length and chunks', ['content-length: 2', 'transfer-encoding: chunked'], '0\r\n\r\n'],
    ['chunks spelt otherwise', ['transfer-encoding: xchunked'], '{}'],
    ['two hosts', ['host: evil.example'], ''],
    ['a folded head', ['x-a: b', ' c: d'], ''],
  ])('%s is refused, and the connection closed', async (_, lines, body) => {
    const text = head('POST', '/api/sign-out', 'content-type: application/json', 'connection: close', ...lines);
    expect(await halfway(text + body)).toMatch(/^HTTP\/1\.1 4\d\d /);
  });

  it('a body that is compressed is not unpacked', async () => {
    const cookie = await gate.signIn('operator');
    const packed = gzipSync(Buffer.alloc(1_000_000, ' '));
    const headers = { ...json, ...gate.own, ...cookie, 'content-encoding': 'gzip' };
    const answer = await rawRequest(gate.port, {
      method: 'POST',
      path: '/api/acknowledge',
      headers,
      body: packed.toString('latin1'),
    });
    expect(answer.status).toBe(400);
  });

  it('a path that is encoded, doubled or climbs opens no route', async () => {
    for (const path of [
      '/api/%61larms',
      '/api//alarms',
      '/api/./alarms',
      '/x/../api/alarms',
      '/API/alarms',
      '/api/alarms/',
      '/api/alarms;x',
      '/api/alarms%00',
      '/api/alarms%2f',
      '\\api\\alarms',
    ])
      expect([path, (await gate.get(path)).status < 400]).toEqual([path, false]);
  });
});
