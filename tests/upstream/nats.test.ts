import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { Event } from '../../edge/core/event.ts';
import { natsOptions } from '../../edge/upstream/nats/options.ts';
import { eventSubject } from '../../edge/upstream/nats/subjects.ts';
import { eventOf, many, newSink, newStore, Watch } from './fixture.ts';
import { inEnglish } from './in-english.ts';

const url = 'nats://127.0.0.1:1';

describe('subjects of nats', () => {
  const at = { prefix: 'city.lifeline', gateway: 'hrb-07' };
  const event = (more: Partial<Event>): Event => ({ ...eventOf(1), stream: 'e', epoch: 'a', sequence: 1, ...more });

  it('name utility, district and asset', () => {
    const data = { grid: '230103005012' };
    expect(eventSubject(at, event({ data }))).toBe('city.lifeline.hrb-07.events.water.230103.dma-2');
  });

  it('put a dash for what is not known, and the gateway for events of its own', () => {
    for (const grid of [undefined, null, '', 'A7', 230103]) {
      const subject = eventSubject(at, event({ utility: '', subject: '', data: { grid } }));
      expect(subject).toBe('city.lifeline.hrb-07.events.gateway.-.-');
    }
  });

  it('keep each name one token, and two names apart', () => {
    const names = ['a.b', 'a_b', 'a b', 'a*', 'a>', 'a%2eb', 'a\tb', '井盖', 'a\u007f'];
    const tokens = names.map((subject) => eventSubject(at, event({ subject })).split('.').slice(6));
    expect(tokens.every((rest) => rest.length === 1 && !/[\s*>\u007f]/.test(rest[0]!))).toBe(true);
    expect(new Set(tokens.map(([one]) => one)).size).toBe(names.length);
    expect(tokens[0]).toEqual(['a%2eb']);
    expect(tokens[7]).toEqual(['井盖']);
  });
});

describe('options of nats', () => {
  const valid = (options: object) => natsOptions.safeParse({ url, ...options }).success;

  it('refuse what is no address, no prefix and no single login', () => {
    expect(valid({})).toBe(true);
    for (const wrong of ['http://a:1', 'nats://u:p@a:1', 'nats://', '10.0.0.5:4222']) {
      expect(valid({ url: wrong }), wrong).toBe(false);
    }
    for (const prefix of ['', 'a..b', '.a', 'a.', 'a.*', '>', 'a b', '$JS'])
      expect(valid({ prefix }), prefix).toBe(false);
    for (const prefix of ['a', 'a.b-c', '城市']) expect(valid({ prefix }), prefix).toBe(true);
    expect(valid({ login: { token: 't' } })).toBe(true);
    expect(valid({ login: { username: 'u', password: 'p' } })).toBe(true);
    for (const login of [{}, { username: 'u' }, { password: 'p' }, { token: 't', nkeySeed: 's' }]) {
      expect(valid({ login }), JSON.stringify(login)).toBe(false);
    }
    expect(valid({ login: { credentials: 'keys/gateway.creds' } })).toBe(true);
    expect(valid({ login: { token: 't', credentials: 'keys/gateway.creds' } })).toBe(false);
  });
});

/** Starts a sink and returns its status once it has met trouble. */
async function troubleWith(options: Record<string, unknown>, documents = {}) {
  const store = await newStore();
  const sink = newSink(store, options, 'nats', { documents });
  const watch = new Watch();
  const timer = setInterval(watch.tell, 10);
  await store.journal.append(many(1, 3));
  await sink.start();
  await watch.until(() => sink.status().state === 'waiting');
  const status = sink.status();
  clearInterval(timer);
  expect(inEnglish(status)).toEqual([]);
  await sink.stop();
  await sink.stop();
  await store.close();
  return status;
}

describe('nats in trouble', () => {
  it('names a server that cannot be reached and the next step, and keeps its events', async () => {
    const status = await troubleWith({ url });
    expect(status).toMatchObject({ forwarded: 0, pending: 3 });
    expect(status.lastError).toMatch(
      /^LL-NATS-UNREACHABLE connect to nats:\/\/127\.0\.0\.1:1: .*; Check host and port/,
    );
  });

  it('names a server that is none of NATS', async () => {
    const server = createServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { lastError } = await troubleWith({ url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}` });
    expect(lastError).toMatch(/^LL-NATS-UNREACHABLE /);
    server.close();
  });

  it('stops at once while a server that says nothing holds the connection', async () => {
    const held = Promise.withResolvers<void>();
    const server = createServer((socket) => {
      socket.on('error', () => undefined);
      held.resolve();
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const store = await newStore();
    const sink = newSink(store, { url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}` }, 'nats');
    await sink.start();
    await held.promise;
    const stopping = performance.now();
    await sink.stop();
    expect(performance.now() - stopping).toBeLessThan(1_900);
    await store.close();
    server.close();
  });

  it('names keys and credential files that are none', async () => {
    const seed = await troubleWith({ url, login: { nkeySeed: 'SUX' } });
    expect(seed.lastError).toMatch(/^LL-NATS-CREDENTIALS log in with nkeySeed; Check login/);
    const file = await troubleWith({ url }, { 'login.credentials': 'no credentials' });
    expect(file.lastError).toMatch(/^LL-NATS-CREDENTIALS log in with credentials; Check login/);
  });
});
