import { createHmac } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import type { Store } from '../../../edge/store/api.ts';
import type { Sink } from '../../../edge/upstream/api.ts';
import { deafAddress } from '../deaf-address.ts';
import { many, newSink, newStore, Watch } from '../fixture.ts';
import { inEnglish } from '../in-english.ts';
import { accept, answer, type Behaviour, certificates, Receiver } from './receiver.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function receiver(...args: ConstructorParameters<typeof Receiver>): Promise<Receiver> {
  const made = await new Receiver(...args).start();
  cleanups.push(() => made.stop());
  return made;
}

async function newJournal(): Promise<Store> {
  const made = await newStore();
  cleanups.push(() => made.close());
  return made;
}

async function running(store: Store, options: Record<string, unknown>, documents = {}): Promise<Sink> {
  const sink = newSink(store, options, 'webhook', { documents });
  await sink.start();
  cleanups.push(() => sink.stop());
  return sink;
}

/** Resolves once something holds that no event of ours tells. */
async function until(holds: () => boolean): Promise<void> {
  const watch = new Watch();
  const timer = setInterval(watch.tell, 10);
  await watch.until(holds);
  clearInterval(timer);
}

const upTo = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

describe('webhook in health', () => {
  it('posts what was journaled before and after its start, in order, each once, in batches, and moves its cursor', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    await store.journal.append(many(1, 120));
    const sink = await running(store, { url: far.url });
    await store.journal.append(many(121, 30));
    await far.until(150);
    await until(() => sink.status().pending === 0);
    expect(far.numbers).toEqual(upTo(150));
    expect(far.repeated).toBe(0);
    expect(far.received.length).toBeLessThan(30);
    expect(far.received[0]?.headers['content-type']).toBe('application/cloudevents-batch+json; charset=utf-8');
    expect(sink.status()).toMatchObject({ state: 'online', forwarded: 150, deadLetters: 0, lastError: '' });
    await sink.stop();
    expect(await store.cursors.get('city')).toBe(150);
  });

  it('signs timestamp and body so that a receiver can verify them, and names each event by an idempotency key', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    await running(store, { url: far.url, batch: 1 }, { secretFile: 'a shared secret', tokenFile: 'token-7' });
    const [event] = await store.journal.append(many(1, 1));
    await far.until(1);
    const { headers, body, events } = far.received[0]!;
    const mac = createHmac('sha256', 'a shared secret')
      .update(`${headers['lifeline-timestamp']}.${body}`)
      .digest('hex');
    expect(headers['lifeline-signature']).toBe(`v1=${mac}`);
    expect(Math.abs(Number(headers['lifeline-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    expect(headers['idempotency-key']).toBe(`gw-1/events/${event!.epoch}/1`);
    expect(events[0]?.id).toBe(headers['idempotency-key']);
    expect(headers['content-type']).toBe('application/cloudevents+json; charset=utf-8');
    expect(headers['authorization']).toBe('Bearer token-7');
  });

  it('goes on behind its cursor after a restart', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    const first = await running(store, { url: far.url });
    await store.journal.append(many(1, 20));
    await far.until(20);
    await first.stop();
    await store.journal.append(many(21, 20));
    await running(store, { url: far.url });
    await far.until(40);
    expect(far.numbers).toEqual(upTo(40));
    expect(far.repeated).toBe(0);
  });

  it('shows its certificate to a receiver that asks for one, and trusts that receiver by the authority that is named', async () => {
    const { ca, cert, key } = certificates(1);
    const [store, far] = [await newJournal(), await receiver({ ca, cert, key, requestCert: true })];
    await running(store, { url: far.url }, { ca, certificate: cert, key });
    await store.journal.append(many(1, 3));
    await far.until(3);
    expect(far.numbers).toEqual([1, 2, 3]);
  });
});

const cut: Behaviour = (response, _, take) => {
  take();
  response.writeHead(200, { 'content-length': '100' });
  response.write('half of it');
  setImmediate(() => response.destroy());
};
const garbage: Behaviour = (response) => response.socket?.end('this is no HTTP\r\n\r\n');
const hangUp: Behaviour = (response, _, take) => {
  take(); // the receiver has it, and its answer is lost
  response.destroy();
};

describe('a receiver that misbehaves is told by a code, and everything arrives once when it is well again', () => {
  it.each<readonly [string, Behaviour, RegExp]>([
    ['fails inside', answer(500, {}, 'oops'), /^LL-WEBHOOK-FAILED .*status 500, "oops"; /],
    ['is behind a proxy without it', answer(502), /^LL-WEBHOOK-FAILED /],
    ['is being maintained', answer(503, { 'retry-after': '0' }), /^LL-WEBHOOK-BUSY /],
    ['has too many requests', answer(429, { 'retry-after': '0' }), /^LL-WEBHOOK-BUSY /],
    ['timed out waiting for us', answer(408), /^LL-WEBHOOK-BUSY /],
    ['points elsewhere', answer(307, { location: 'http://127.0.0.1:1/' }), /^LL-WEBHOOK-REDIRECT /],
    ['does not know the key', answer(401), /^LL-WEBHOOK-UNAUTHORISED /],
    ['has no such path', answer(404), /^LL-WEBHOOK-NO-SUCH-PLACE /],
    ['says nothing in time', () => undefined, /^LL-WEBHOOK-TIMEOUT .*no answer in 200 ms; /],
    ['speaks no HTTP', garbage, /^LL-WEBHOOK-ANSWER /],
    ['is cut off in the middle of its answer', cut, /^LL-WEBHOOK-ANSWER /],
    ['hangs up without an answer', hangUp, /^LL-WEBHOOK-ANSWER /],
  ])('%s', async (_, behaviour, code) => {
    const [store, far] = [await newJournal(), await receiver()];
    far.behaviour = behaviour;
    await store.journal.append(many(1, 3));
    const sink = await running(store, { url: far.url, timeout: '200ms' });
    await until(() => sink.status().state === 'waiting');
    expect(sink.status().lastError).toMatch(code);
    expect(inEnglish(sink.status())).toEqual([]);
    expect(sink.status()).toMatchObject({ forwarded: 0, pending: 3, deadLetters: 0 });
    far.behaviour = accept;
    await far.until(3);
    await until(() => sink.status().pending === 0);
    expect(far.numbers).toEqual([1, 2, 3]);
    expect(sink.status()).toMatchObject({ state: 'online', forwarded: 3, lastError: '', deadLetters: 0 });
    const keys = new Set(far.received.map(({ headers }) => headers['idempotency-key']));
    expect(keys.size).toBe(1);
  });

  it('is not there: its events wait in the journal, and go in order when it comes', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    const { port, url } = far;
    await far.stop();
    await store.journal.append(many(1, 60));
    const sink = await running(store, { url });
    await until(() => sink.status().state === 'waiting');
    expect(sink.status().lastError).toMatch(
      /^LL-WEBHOOK-UNREACHABLE post 50 events to http:\/\/127\.0\.0\.1:\d+\/events: /,
    );
    const back = await new Receiver().start(port);
    cleanups.push(() => back.stop());
    await back.until(60);
    expect(back.numbers).toEqual(upTo(60));
  });

  it.runIf(process.platform === 'linux')('lets no connection come about', async () => {
    const [store, far] = [await newJournal(), await deafAddress()];
    cleanups.push(() => far.close());
    await store.journal.append(many(1, 3));
    const sink = await running(store, { url: `http://127.0.0.1:${far.port}/`, timeout: '200ms' });
    await until(() => sink.status().state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-WEBHOOK-UNREACHABLE .*no connection in 200 ms; /);
  });

  it('has a certificate that is expired, or of an authority that nobody trusts', async () => {
    const { ca, cert, key } = certificates(-1);
    const [store, far] = [await newJournal(), await receiver({ cert, key })];
    await store.journal.append(many(1, 1));
    const expired = await running(store, { url: far.url }, { ca });
    await until(() => expired.status().state === 'waiting');
    expect(expired.status().lastError).toMatch(/^LL-WEBHOOK-TLS .*expired/);
    expect(inEnglish(expired.status())).toEqual([]);
    const stranger = await running(store, { url: far.url });
    await until(() => stranger.status().state === 'waiting');
    expect(stranger.status().lastError).toMatch(/^LL-WEBHOOK-TLS /);
    expect(far.received).toEqual([]);
  });

  it('stops in time while a receiver holds the connection and says nothing', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    far.behaviour = () => undefined;
    const sink = await running(store, { url: far.url });
    await store.journal.append(many(1, 10));
    await far.watch.until(() => far.received.length > 0);
    const stopping = performance.now();
    await sink.stop();
    await sink.stop();
    expect(performance.now() - stopping).toBeLessThan(1_900);
    expect(await store.cursors.get('city')).toBe(0);
  });
});

describe('an event that the receiver refuses', () => {
  const refuses =
    (number: number): Behaviour =>
    (response, received, take) => {
      if (received.events.some(({ data }) => data.number === number))
        answer(422, {}, 'unknown class')(response, received, take);
      else accept(response, received, take);
    };

  it('becomes a dead letter with its reason at once, and nothing of its batch is lost or late', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    far.behaviour = refuses(2);
    const sink = await running(store, { url: far.url });
    await store.journal.append(many(1, 4));
    await far.until(3);
    await until(() => sink.status().pending === 0);
    expect(far.numbers).toEqual([1, 3, 4]);
    expect(sink.status()).toMatchObject({ deadLetters: 1, forwarded: 4 });
    const [letter] = sink.deadLetters!.list();
    expect(letter).toMatchObject({ type: 'alarm.raised', subject: 'dma-2', time: 1_700_000_000_002 });
    expect(letter?.reason).toMatch(/^LL-WEBHOOK-REFUSED post gw-1\/events\/.*\/2 to .*: status 422, "unknown class"; /);
  });

  it('outlives a restart, is sent again when asked for, and is a dead letter no more once it is taken', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    far.behaviour = refuses(1);
    const first = await running(store, { url: far.url });
    await store.journal.append(many(1, 1));
    await until(() => first.status().deadLetters === 1);
    await first.stop();
    const sink = await running(store, { url: far.url });
    const [letter] = sink.deadLetters!.list();
    far.behaviour = answer(400, {}, 'still not');
    expect(sink.deadLetters!.resend([letter!.id])).toBe(1);
    await until(() => sink.deadLetters!.list()[0]!.reason.includes('still not'));
    far.behaviour = accept;
    await until(() => sink.deadLetters!.resend() === 1);
    await until(() => sink.status().deadLetters === 0);
    expect(far.numbers).toEqual([1]);
    expect((await store.snapshots.load('sink/city')).get('dead/0')).toBe('');
  });

  it('is let go for good when asked for', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    far.behaviour = answer(400);
    const sink = await running(store, { url: far.url });
    await store.journal.append(many(1, 2));
    await until(() => sink.status().deadLetters === 2);
    const [letter] = sink.deadLetters!.list();
    expect(await sink.deadLetters!.discard([letter!.id, 'nobody’s'])).toBe(1);
    expect(sink.status().deadLetters).toBe(1);
  });
});

describe('webhook with heartbeats', () => {
  it('posts them signed, at once and then in each interval, beside an event that the receiver fails at', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    const isBeat = ({ events }: { readonly events: readonly object[] }) =>
      events.length === 1 && 'type' in events[0]! && events[0].type === 'city.lifeline.gateway.heartbeat';
    far.behaviour = (response, received, take) =>
      isBeat(received) ? response.writeHead(204).end() : answer(503)(response, received, take);
    const sink = await running(store, { url: far.url, heartbeatS: 1 }, { secretFile: 'a shared secret' });
    await until(() => sink.status().state === 'online');
    expect(far.received.every(isBeat), 'without any event').toBe(true);
    await store.journal.append(many(1, 1));
    await until(() => far.received.filter(isBeat).length >= 4);
    const { headers, body, events } = far.received.findLast(isBeat)!;
    const mac = createHmac('sha256', 'a shared secret').update(`${headers['lifeline-timestamp']}.${body}`);
    expect(headers['lifeline-signature']).toBe(`v1=${mac.digest('hex')}`);
    expect(headers['idempotency-key']).toBe(events[0]?.id);
    expect(headers['content-type']).toBe('application/cloudevents-batch+json; charset=utf-8');
    expect(events[0]).toMatchObject({ data: { lastEvent: null, pendingEvents: 1 } });
    expect(sink.status()).toMatchObject({ state: 'waiting', heartbeatOverdueMs: 0 });
  });

  it('says that the receiver takes none, and that they are overdue', async () => {
    const [store, far] = [await newJournal(), await receiver()];
    far.behaviour = answer(422, {}, 'what is that');
    const sink = await running(store, { url: far.url, heartbeatS: 1 });
    await until(() => (sink.status().heartbeatOverdueMs ?? 0) >= 3_000);
    expect(sink.status().lastError).toMatch(/^LL-WEBHOOK-REFUSED post gw-1\/heartbeat\/city-\d+\/\d+ to http:/);
    far.behaviour = accept;
    await until(() => sink.status().heartbeatOverdueMs === 0);
    expect(sink.status()).toMatchObject({ state: 'online', lastError: '' });
  });
});
