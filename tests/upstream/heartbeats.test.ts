import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { asText } from '../../edge/core/text.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { CloudEvent } from '../../edge/upstream/cloudevents.ts';
import { Heartbeats } from '../../edge/upstream/heartbeats.ts';
import { type Home, heartbeatMessage } from '../../edge/upstream/mqtt-json/messages.ts';
import { natsErrors } from '../../edge/upstream/nats/errors.ts';

const startMs = Date.UTC(2026, 0, 15, 8);
const event: Event = {
  ...{ stream: 'events', epoch: 'k3v9', sequence: 42, type: 'alarm.raised', time: startMs - 50_000, subject: 'dma-2' },
  ...{ utility: 'water', data: {} },
};

function scene(heartbeatS = 60) {
  const clock = new VirtualClock(startMs);
  const forwarder = { newest: undefined as Event | undefined, pending: 0 };
  const beats = new Heartbeats({
    ...{ sink: 'city', gateway: 'hrb-07', clock, log: silentLog, heartbeatS, forwarder },
    alarms: () => ({ active: 3, unacknowledged: 1, safety: 0 }),
  });
  const sent: CloudEvent[] = [];
  const take = async (beat: CloudEvent) => void sent.push(beat);
  const times = () => sent.map(({ time }) => (Date.parse(time) - startMs) / 1000);
  return { clock, forwarder, beats, sent, take, times };
}

it('says what the golden files say, over MQTT too', async () => {
  const { clock, forwarder, beats, sent, take } = scene();
  const ended = new AbortController();
  const run = beats.run(take, ended.signal);
  await clock.advance(60_000);
  forwarder.newest = event;
  forwarder.pending = 2;
  await clock.advance(60_000);
  ended.abort();
  await run;
  const golden = JSON.parse(readFileSync(new URL('golden/heartbeats.json', import.meta.url), 'utf8'));
  expect(JSON.stringify(sent)).toBe(JSON.stringify(golden.heartbeats));
  const home: Home = { prefix: 'lifeline', gateway: 'hrb-07' };
  const { payload, ...message } = heartbeatMessage(home, sent[2]!);
  expect({ ...message, payload: JSON.parse(String(payload)) }).toEqual({
    ...golden.mqtt,
    payload: golden.heartbeats[2],
  });
});

it('sends one at once and then one in each interval, however often the connection comes', async () => {
  const { clock, beats, take, times } = scene();
  for (const lastsMs of [10_000, 10_000, 130_000]) {
    const ended = new AbortController();
    const run = beats.run(take, ended.signal);
    await clock.advance(lastsMs);
    ended.abort();
    await run;
  }
  expect(times()).toEqual([0, 60, 120]);
  await clock.advance(300_000);
  const ended = new AbortController();
  void beats.run(take, ended.signal);
  await clock.advance(0);
  ended.abort();
  expect(times(), 'overdue after an outage').toEqual([0, 60, 120, 450]);
});

it('sends none where none are wanted, and misses none then', async () => {
  const { clock, beats, sent, take } = scene(0);
  await beats.run(take, new AbortController().signal);
  await clock.advance(86_400_000);
  expect([sent, beats.overdueMs]).toEqual([[], 0]);
});

it('tells why they are not taken, and is overdue once three were not, until one is', async () => {
  const { clock, beats, take } = scene();
  const ended = new AbortController();
  let refuses = true;
  const run = beats.run(async (beat) => {
    if (refuses) throw natsErrors.create('UNAUTHORISED', asText('publish on lifeline.hrb-07.heartbeat'));
    await take(beat);
  }, ended.signal);
  await clock.advance(179_999);
  expect([beats.trouble?.code, beats.overdueMs]).toEqual(['LL-NATS-UNAUTHORISED', 0]);
  await clock.advance(1);
  expect(beats.overdueMs).toBe(180_000);
  refuses = false;
  await clock.advance(60_000);
  expect([beats.trouble, beats.overdueMs]).toEqual([undefined, 0]);
  ended.abort();
  await run;
});

it('a far end that never answers ends with its connection alone', async () => {
  const { clock, beats, sent, take } = scene();
  const ended = new AbortController();
  const run = beats.run(() => new Promise(() => undefined), ended.signal);
  await clock.advance(300_000);
  expect(beats.overdueMs).toBe(300_000);
  ended.abort();
  await run;
  const next = new AbortController();
  void beats.run(take, next.signal);
  await clock.advance(0);
  next.abort();
  expect(sent.map(({ data }) => data['sequence'])).toEqual([2]);
});
