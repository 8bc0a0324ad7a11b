import { createServer } from 'node:http';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { provesItself, reaches } from '../../edge/console/grants.ts';
import { misdirection, refusal } from '../../edge/console/policy.ts';
import { createConsole } from '../../edge/console/server.ts';
import { onLoopback } from './fixture.ts';
import { json, rawRequest, upgrade } from './raw-request.ts';

import { city, clock, extra, own, page, port, send, server, useConsole } from './served-console.ts';

const bareFacts = { origin: undefined, fetchSite: undefined, acts: false };

useConsole();

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
    const { port: other } = await bare.start();
    expect((await rawRequest(other, { method: 'GET', path: '/' })).body).toContain('node ops/install/build-web.js');
  });
});
