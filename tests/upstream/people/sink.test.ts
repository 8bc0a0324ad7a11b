import { afterEach, describe, expect, it } from 'vitest';
import type { NewEvent } from '../../../edge/core/event.ts';
import { both } from '../../../edge/core/text.ts';
import { VirtualClock } from '../../../edge/core/virtual-clock.ts';
import type { Store } from '../../../edge/store/api.ts';
import type { Sink, SinkHost } from '../../../edge/upstream/api.ts';
import { channelOf } from '../../../edge/upstream/people/channel.ts';
import { peopleOptions } from '../../../edge/upstream/people/options.ts';
import { deafAddress } from '../deaf-address.ts';
import { newSink, newStore } from '../fixture.ts';
import { mailServer, webService } from './receivers.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const minute = 60_000;
/** A Tuesday, 14:00 in Shanghai. */
const startMs = Date.UTC(2026, 11, 1, 6);

async function service() {
  const made = await webService();
  cleanups.push(() => made.close());
  return made;
}

async function post(account?: { user: string; pass: string }) {
  const made = await mailServer(account);
  cleanups.push(() => made.close());
  return made;
}

async function newJournal(): Promise<Store> {
  const store = await newStore();
  cleanups.push(() => store.close());
  return store;
}

/** Two people who are told in turn over a chat robot. */
function options(url: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    people: [
      { id: 'wang', channels: ['chat'], chat: 'wanglei' },
      { id: 'li', language: 'en', channels: ['chat'] },
    ],
    channels: [{ id: 'chat', kind: 'wecom', url: `${url}/send?key=k` }],
    ...more,
  };
}

async function running(
  store: Store,
  clock: VirtualClock,
  wanted: Record<string, unknown>,
  given: Partial<SinkHost> = {},
) {
  const sink = newSink(store, wanted, 'people', { clock, ...given });
  await sink.start();
  cleanups.push(() => sink.stop());
  return sink;
}

/** Lets virtual time run, hardly, until something of the real network or disk has come about. */
async function until(clock: VirtualClock, holds: () => boolean): Promise<void> {
  while (!holds()) {
    await clock.advance(1);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}

const idle = (clock: VirtualClock, sink: Sink) => until(clock, () => sink.status().pending === 0);

function alarm(asset: string, more: Record<string, unknown> = {}, type: NewEvent['type'] = 'alarm.raised'): NewEvent {
  const data = {
    ...{ kind: 'burst', priority: 'high', safety: false, state: 'active-unacknowledged', incident: null },
    ...{ raisedAt: startMs, message: { zh: `${asset}水管爆裂`, en: `burst main in ${asset}` } },
    ...{ response: { zh: '关阀', en: 'Close the valve' }, ...more },
  };
  return { type, time: startMs, subject: asset, utility: 'water', data };
}

const acknowledged = (asset: string) => alarm(asset, { state: 'active-acknowledged' }, 'alarm.acknowledged');
const cleared = (asset: string) => alarm(asset, { state: 'normal' }, 'alarm.cleared');
const contentOf = (body: string): string => JSON.parse(body).markdown.content;

describe('people', () => {
  it('tells the first on duty in the chat, the next after ten minutes, and nobody once it is acknowledged', async () => {
    const [web, store, clock] = [await service(), await newJournal(), new VirtualClock(startMs)];
    const link = 'https://console.test/alarms?id={alarm}';
    const sink = await running(store, clock, options(web.url, { link }));
    await store.journal.append([alarm('dma-2')]);
    await until(clock, () => web.requests.length === 1);
    expect(web.requests[0]).toMatchObject({ path: '/send?key=k', headers: { 'content-type': 'application/json' } });
    expect(contentOf(web.requests[0]!.body).split('\n')).toEqual([
      '**[高] dma-2水管爆裂 · gw-1**',
      '[高] dma-2水管爆裂',
      '对象：dma-2',
      '时间：2026-12-01 14:00:00',
      '处置：关阀',
      '请确认：https://console.test/alarms?id=dma-2%2Fburst',
      '<@wanglei>',
    ]);
    await idle(clock, sink);
    await clock.advance(10 * minute);
    await until(clock, () => web.requests.length === 2);
    expect(contentOf(web.requests[1]!.body)).toMatch(/^\*\*\[High\] burst main in dma-2 · gw-1\*\*\n/);
    await idle(clock, sink);
    await store.journal.append([acknowledged('dma-2')]);
    await idle(clock, sink);
    await clock.advance(30 * minute);
    await store.journal.append([alarm('dma-9')]);
    await until(clock, () => web.requests.length === 3);
    expect(contentOf(web.requests[2]!.body)).toContain('dma-9');
    await idle(clock, sink);
    expect(sink.status()).toMatchObject({ forwarded: 3, state: 'online', lastError: '', oldestPendingMs: 0 });
  });

  it('tells nobody of what was over before it started, nor of less than was asked for', async () => {
    const [web, store, clock] = [await service(), await newJournal(), new VirtualClock(startMs)];
    const past = Array.from({ length: 300 }, (_, index) => [alarm(`old-${index}`), cleared(`old-${index}`)]).flat();
    await store.journal.append([...past, alarm('low', { priority: 'low' }), alarm('dma-2')]);
    const sink = await running(store, clock, options(web.url));
    await until(clock, () => web.requests.length === 1);
    await idle(clock, sink);
    expect(web.requests.map(({ body }) => contentOf(body).includes('dma-2'))).toEqual([true]);
  });

  it('sends nothing twice after a restart, and what the service had not taken', async () => {
    const [web, store, clock] = [await service(), await newJournal(), new VirtualClock(startMs)];
    const first = await running(store, clock, options(web.url));
    await store.journal.append([alarm('dma-1')]);
    await until(clock, () => web.requests.length === 1);
    await idle(clock, first);
    web.answer.body = '{"errcode":93000,"errmsg":"invalid webhook url"}';
    await store.journal.append([alarm('dma-2')]);
    await until(clock, () => web.requests.length === 2);
    await until(clock, () => first.status().state === 'waiting');
    expect(first.status().lastError).toMatch(/^LL-PEOPLE-REFUSED tell wang over chat \(127.*invalid webhook url/);
    expect(first.status().pending).toBe(1);
    await first.stop();
    web.answer.body = '{"errcode":0}';
    const second = await running(store, clock, options(web.url));
    await until(clock, () => web.requests.length === 3);
    await idle(clock, second);
    expect(web.requests.map(({ body }) => /dma-\d/.exec(contentOf(body))?.[0])).toEqual(['dma-1', 'dma-2', 'dma-2']);
    // both wait for the second person from when the first was told
    await clock.advance(10 * minute);
    await until(clock, () => web.requests.length === 5);
  });

  it('asks a service that is away again, and does not when somebody has acknowledged meanwhile', async () => {
    const [web, store, clock] = [await service(), await newJournal(), new VirtualClock(startMs)];
    web.answer.status = 503;
    const sink = await running(store, clock, options(web.url));
    await store.journal.append([alarm('dma-1'), alarm('dma-2')]);
    await until(clock, () => web.requests.length >= 2);
    await store.journal.append([acknowledged('dma-1')]);
    await until(clock, () => sink.status().pending === 2);
    web.answer.status = 200;
    const before = web.requests.length;
    await clock.advance(6_000);
    await idle(clock, sink);
    expect(web.requests.slice(before).every(({ body }) => contentOf(body).includes('dma-2'))).toBe(true);
    expect(sink.status()).toMatchObject({ forwarded: 1, lastError: '' });
  });

  it('fills the template of an SMS gateway, takes the next channel when one refuses, and all for a safety alarm', async () => {
    const [sms, chat, store, clock] = [await service(), await service(), await newJournal(), new VirtualClock(startMs)];
    sms.answer.body = '{"code":"full"}';
    const entry = { id: 'sms', kind: 'http', url: `${sms.url}/to/{phone}`, headers: { 'x-key': 'secret' } };
    const sink = await running(store, clock, {
      people: [{ id: 'wang', name: '王"磊"', channels: ['sms', 'chat'], phone: '+86 138', language: 'en' }],
      channels: [
        { ...entry, body: '{"to":"{phone}","who":"{name}","text":"{text}"}', success: '"code":"ok"' },
        { id: 'chat', kind: 'wecom', url: chat.url },
      ],
    });
    await store.journal.append([alarm('dma-2')]);
    await until(clock, () => chat.requests.length === 1);
    await idle(clock, sink);
    expect(sms.requests[0]).toMatchObject({ path: '/to/%2B86%20138', headers: { 'x-key': 'secret' } });
    const { to, who, text } = JSON.parse(sms.requests[0]!.body);
    expect([to, who]).toEqual(['+86 138', '王"磊"']);
    expect(text).toMatch(/^\[High\] burst main in dma-2\nAsset: dma-2\n/);
    sms.answer.body = '{"code":"ok"}';
    await store.journal.append([alarm('gas-1', { safety: true, priority: 'critical' })]);
    await until(clock, () => chat.requests.length === 2 && sms.requests.length === 2);
    expect(contentOf(chat.requests[1]!.body)).toMatch(/^\*\*\[Safety · Critical\] /);
  });

  it('tells the first step and the consequence that the pack has for the alarm, after a restart too', async () => {
    const [web, store, clock] = [await service(), await newJournal(), new VirtualClock(startMs)];
    web.answer.status = 503;
    const [step, consequence] = [both('Guard the place', '现场警戒'), both('Cellars flood', '地下空间进水')];
    const guidance: SinkHost['guidance'] = (asset, kind) =>
      `${asset}/${kind}` === 'dma-2/burst' ? { consequence, steps: [step, both('Mend it', '抢修')] } : {};
    const channel = { id: 'chat', kind: 'http', url: web.url, body: '{"text":"{brief}"}' };
    const wanted = options(web.url, { channels: [channel] });
    const first = await running(store, clock, wanted, { guidance });
    await store.journal.append([alarm('dma-2')]);
    await until(clock, () => web.requests.length === 1);
    await first.stop();
    web.answer.status = 200;
    await running(store, clock, wanted);
    await until(clock, () => web.requests.length === 2);
    for (const { body } of web.requests) {
      expect(JSON.parse(body).text).toBe('[高] dma-2水管爆裂；先做：现场警戒；后果：地下空间进水；gw-1');
    }
  });

  it('holds what is beyond the rate and sends it in one message with counts; safety alarms at once', async () => {
    const [web, store, clock] = [await service(), await newJournal(), new VirtualClock(startMs)];
    const [wang] = options(web.url)['people'] as unknown[];
    const rate = { messages: 2, minutes: 10 };
    const sink = await running(store, clock, options(web.url, { people: [wang], rate, nextAfterMinutes: 60 }));
    for (let number = 1; number <= 9; number++) {
      await store.journal.append([alarm(`dma-${number}`)]);
      await idle(clock, sink);
    }
    await store.journal.append([alarm('gas-1', { safety: true, incident: 'i' })]);
    await until(clock, () => web.requests.length === 3);
    expect(contentOf(web.requests[2]!.body)).toContain('安全');
    await idle(clock, sink);
    await clock.advance(10 * minute);
    await until(clock, () => web.requests.length === 4);
    const text = contentOf(web.requests[3]!.body);
    expect(text).toMatch(/^\*\*\[高\] 7 条报警 · gw-1\*\*/);
    expect(text).toContain('另有 高 2');
  });

  it('sends mail with a login, in the language of the person, and names a login or an address that is refused', async () => {
    const [server, store, clock] = [
      await post({ user: 'gw', pass: 'right' }),
      await newJournal(),
      new VirtualClock(startMs),
    ];
    const mail = { id: 'mail', kind: 'mail', host: '127.0.0.1', port: server.port, encryption: 'none' };
    const wanted = (password: string, to: string) => ({
      people: [{ id: 'li', language: 'en', channels: ['mail'], mail: to }],
      channels: [{ ...mail, username: 'gw', password, sender: 'gateway@city.test' }],
    });
    await store.journal.append([alarm('dma-2')]);
    for (const [password, to, why] of [
      ['wrong', 'li@city.test', /^LL-PEOPLE-REFUSED tell li over mail .*535/],
      ['right', 'nobody@city.test', /^LL-PEOPLE-REFUSED tell li over mail .*550/],
    ] as const) {
      const refused = await running(store, clock, wanted(password, to));
      await until(clock, () => refused.status().state === 'waiting');
      expect(refused.status().lastError).toMatch(why);
      await refused.stop();
    }
    const sink = await running(store, clock, wanted('right', 'li@city.test'));
    await until(clock, () => server.mails.length === 1);
    await idle(clock, sink);
    const { from, to, data } = server.mails[0]!;
    expect([from, to]).toEqual(['gateway@city.test', 'li@city.test']);
    expect(data).toMatch(/^Subject: =\?UTF-8\?Q\?=5BHigh=5D_burst_main_in_dma-2_/m);
    expect(data).toMatch(/^Message-ID: <gw-1-.*@lifeline>/m);
    expect(data).toContain('Close the valve');
  });

  it.runIf(process.platform === 'linux')('names a service to which no connection comes about in time', async () => {
    const [far, clock] = [await deafAddress(), new VirtualClock(startMs)];
    cleanups.push(() => far.close());
    const { people, channels } = peopleOptions.parse(options(`http://127.0.0.1:${far.port}`));
    const message = { id: 'm-1', title: '', brief: '', text: '', code: '' };
    const sent = channelOf(channels[0]!, clock).send(people[0]!, message, new AbortController().signal);
    const refused = expect(sent).rejects.toMatchObject({ code: 'LL-PEOPLE-TIMEOUT' });
    await clock.advance(15_000);
    await refused;
  });

  it('names a header that no request can have, and goes on', async () => {
    const [web, store, clock] = [await service(), await newJournal(), new VirtualClock(startMs)];
    const channel = { id: 'chat', kind: 'http', url: web.url, headers: { key: 'a\nb' }, body: '{}' };
    const sink = await running(store, clock, options(web.url, { channels: [channel] }));
    await store.journal.append([alarm('dma-2')]);
    await until(clock, () => sink.status().state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-PEOPLE-UNREACHABLE tell wang over chat .*header/);
    expect(sink.status()).toMatchObject({ forwarded: 0, pending: 1 });
  });

  it('names a service that cannot be reached', async () => {
    const [store, clock] = [await newJournal(), new VirtualClock(startMs)];
    const sink = await running(store, clock, options('http://127.0.0.1:1'));
    await store.journal.append([alarm('dma-2')]);
    await until(clock, () => sink.status().state === 'waiting');
    expect(sink.status().lastError).toMatch(/^LL-PEOPLE-UNREACHABLE tell wang over chat \(127\.0\.0\.1:1\): .*; Check/);
    expect(sink.status()).toMatchObject({ forwarded: 0, pending: 1 });
  });
});
