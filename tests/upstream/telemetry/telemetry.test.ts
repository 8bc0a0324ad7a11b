import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../edge/core/random.ts';
import { defaultRetention } from '../../../edge/store/retention.ts';
import { compare, plant, type Received, startMs } from './fixture.ts';

describe('telemetry over a road that comes and goes', () => {
  it('sends what a short outage kept back as historical, once, in order of each tag, and live at once again', async () => {
    const { clock, store, newTelemetry, polls, sent, far } = await plant();
    const telemetry = await newTelemetry();
    far.connect(telemetry);
    await polls(telemetry, 30);
    await clock.advance(2_000); // what was sent is confirmed
    far.cut();
    await polls(telemetry, 300);
    expect(telemetry.figures().backlogMs).toBeGreaterThan(299_000);
    far.connect(telemetry);
    await polls(telemetry, 60);
    await clock.advance(5_000);
    expect(compare(sent, far.received)).toEqual({ lost: 0, repeated: 0, wrong: 0 });
    expect(far.received.filter(({ historical }) => historical).length).toBe(4 * 300);
    expect(isOrderedByTag(far.received.filter(({ historical }) => historical))).toBe(true);
    expect(isOrderedByTag(far.received.filter(({ historical }) => !historical))).toBe(true);
    expect(liveLagMs(far.received)).toBeLessThan(1_000);
    expect(telemetry.figures()).toMatchObject({ sent: 4 * 90, backfilled: 4 * 300, dropped: 0, backlogMs: 0 });
    await telemetry.stop();
    await store.close();
  });

  it('repeats a value that stands still once a heartbeat, as it stands, and owes no repetition', async () => {
    const { store, newTelemetry, polls, far } = await plant({
      deadband: 10,
      heartbeatS: 10,
      value: (tag, second) => tag * 100 + second / 1_000,
    });
    const telemetry = await newTelemetry();
    far.connect(telemetry);
    await polls(telemetry, 60);
    const ofOne = () => far.received.filter(({ tag }) => tag === 'ps-1/flow');
    const times = ofOne().map(({ timeMs }) => (timeMs - startMs) / 1_000);
    expect(times.length).toBeGreaterThanOrEqual(5);
    expect(times.length).toBeLessThanOrEqual(7);
    for (const [index, time] of times.entries())
      if (index > 0) expect(time - times[index - 1]!).toBeLessThanOrEqual(11);
    expect(ofOne().at(-1)?.value).toBeCloseTo(times.at(-1)! / 1_000, 9);
    far.cut();
    await polls(telemetry, 60);
    expect(telemetry.figures().backlogMs).toBe(0);
    await telemetry.stop();
    await store.close();
  });

  it.each([1, 2, 3, 4, 5, 6])('loses nothing though the road flaps during the replay (seed %i)', async (seed) => {
    const random = seededRandom(seed);
    const { clock, store, newTelemetry, polls, sent, far } = await plant();
    const telemetry = await newTelemetry();
    for (let turn = 0; turn < 25; turn++) {
      if (far.up) far.cut();
      else far.connect(telemetry);
      await polls(telemetry, random.integer(0, 40));
      await clock.advance(random.integer(0, 900));
    }
    if (!far.up) far.connect(telemetry);
    await polls(telemetry, 30);
    await clock.advance(5_000);
    expect(compare(sent, far.received)).toMatchObject({ lost: 0, wrong: 0 });
    for (const [, onOne] of Map.groupBy(far.received, ({ connection }) => connection)) {
      expect(isOrderedByTag(onOne.filter(({ historical }) => historical))).toBe(true);
      expect(compare([], onOne).repeated).toBe(0);
    }
    expect(liveLagMs(far.received)).toBeLessThan(1_000);
    expect(telemetry.figures()).toMatchObject({ dropped: 0, backlogMs: 0 });
    await telemetry.stop();
    await store.close();
  });

  it('goes on behind what was confirmed after a stop in mid-outage', async () => {
    const { clock, store, newTelemetry, polls, sent, far } = await plant();
    const first = await newTelemetry();
    far.connect(first);
    await polls(first, 20);
    await clock.advance(2_000);
    far.cut();
    await polls(first, 100);
    await first.stop();
    const second = await newTelemetry();
    far.connect(second);
    await polls(second, 20);
    await clock.advance(5_000);
    expect(compare(sent, far.received)).toEqual({ lost: 0, repeated: 0, wrong: 0 });
    await second.stop();
    await store.close();
  });

  it('after a crash sends again at most what was not saved, and loses nothing', async () => {
    const { clock, store, newTelemetry, polls, sent, far } = await plant();
    const first = await newTelemetry();
    far.connect(first);
    await polls(first, 100);
    far.cut();
    await polls(first, 40);
    far.connect(first);
    await clock.advance(30); // in mid-replay
    far.cut();
    const second = await newTelemetry();
    await polls(second, 10);
    far.connect(second);
    await polls(second, 20);
    await clock.advance(5_000);
    const { lost, wrong, repeated } = compare(sent, far.received);
    expect({ lost, wrong }).toEqual({ lost: 0, wrong: 0 });
    expect(repeated).toBeLessThanOrEqual(4 * 71); // the replay again, and what was sent since the last save
    await second.stop();
    await store.close();
  });

  it('owes up to now what a device that fell silent had sent before a crash', async () => {
    const { clock, store, newTelemetry, polls, sent, far } = await plant();
    const first = await newTelemetry();
    far.connect(first);
    await polls(first, 65);
    far.cut();
    await polls(first, 3);
    const second = await newTelemetry();
    far.connect(second);
    await clock.advance(70_000);
    expect(compare(sent, far.received)).toMatchObject({ lost: 0, wrong: 0 });
    await second.stop();
    await store.close();
  });

  it('thins what it sends later with the same deadband, and counts it', async () => {
    const value = (tag: number, second: number) => tag + Math.sin(second / 40) * 10;
    const { clock, store, newTelemetry, polls, sent, far } = await plant({ deadband: 2, value });
    const telemetry = await newTelemetry();
    far.connect(telemetry);
    await polls(telemetry, 60);
    await clock.advance(2_000);
    far.cut();
    await polls(telemetry, 1_200);
    far.connect(telemetry);
    await clock.advance(10_000);
    const historical = far.received.filter((sample) => sample.historical);
    const missed = sent.filter(({ timeMs }) => timeMs >= startMs + 62_000).length;
    expect(historical.length).toBeLessThanOrEqual(missed + 2 * 4);
    expect(historical.length).toBeGreaterThan(missed * 0.9);
    expect(telemetry.figures().thinned).toBeGreaterThan(3_000);
    await telemetry.stop();
    await store.close();
  });

  it('fills the road of a distant far end all the same', async () => {
    const { clock, store, newTelemetry, polls, sent, far } = await plant({ latencyMs: 400 });
    const telemetry = await newTelemetry();
    await polls(telemetry, 3_000);
    far.connect(telemetry);
    await clock.advance(30_000); // 12,000 values; a wire of 200 values for each round trip would take 48 s
    expect(compare(sent, far.received)).toEqual({ lost: 0, repeated: 0, wrong: 0 });
    await telemetry.stop();
    await store.close();
  });

  it('gives up what is older than the buffer holds, and tells it', async () => {
    const { clock, store, newTelemetry, polls, sent, far } = await plant({ buffer: { hours: 0.05, mb: 1 } });
    const telemetry = await newTelemetry();
    await polls(telemetry, 400);
    far.connect(telemetry);
    await clock.advance(10_000);
    const { dropped, backlogMs } = telemetry.figures();
    expect(backlogMs).toBe(0);
    expect(dropped).toBeGreaterThan(4 * 215);
    expect(dropped).toBeLessThan(4 * 225);
    expect(Math.abs(compare(sent, far.received).lost - dropped)).toBeLessThan(10);
    const [gap] = (await store.journal.read(0, 10)).filter(({ type }) => type === 'gateway.data-gap');
    expect(gap?.data).toMatchObject({ sink: 'city', reason: 'buffer', devices: ['ps-1', 'ps-2'], deviceCount: 2 });
    await telemetry.stop();
    await store.close();
  });

  it('keeps what it owes when its buffer is changed, and gives up no more than the new size asks for', async () => {
    const { clock, store, newTelemetry, polls, sent, far } = await plant();
    const first = await newTelemetry({ hours: 1, mb: 0.004 });
    await polls(first, 500);
    await first.stop();
    const larger = await newTelemetry({ hours: 168, mb: 1_000 });
    await polls(larger, 500);
    expect(larger.figures()).toMatchObject({ dropped: 0 });
    expect(larger.figures().backlogMs).toBeGreaterThan(999_000);
    await larger.stop();
    const smaller = await newTelemetry({ hours: 168, mb: 0.001 });
    await polls(smaller, 10);
    await smaller.stop();
    const last = await newTelemetry({ hours: 168, mb: 1_000 });
    far.connect(last);
    await clock.advance(10_000);
    const { dropped } = smaller.figures();
    expect(far.received.length).toBeGreaterThan(900);
    expect(far.received.length).toBeLessThanOrEqual(1_050);
    expect(Math.abs(dropped + far.received.length - sent.length)).toBeLessThan(10);
    expect(last.figures()).toMatchObject({ dropped: 0, backlogMs: 0 });
    await last.stop();
    await store.close();
  });

  it('keeps as much as the buffer has room for, the newest', async () => {
    const { clock, store, newTelemetry, polls, sent, far } = await plant({ buffer: { hours: 168, mb: 0.001 } });
    const telemetry = await newTelemetry();
    await polls(telemetry, 500);
    far.connect(telemetry);
    await clock.advance(10_000);
    expect(far.received.length).toBeGreaterThan(900);
    expect(far.received.length).toBeLessThanOrEqual(1_010);
    expect(Math.max(...far.received.map(({ timeMs }) => timeMs))).toBe(sent.at(-1)?.timeMs);
    expect(Math.abs(telemetry.figures().dropped + far.received.length - sent.length)).toBeLessThan(10);
    await telemetry.stop();
    await store.close();
  });

  it('does not ask for ever for what history has let go of, and tells it', async () => {
    const hourMs = 3_600_000;
    const kept = { measurement: hourMs };
    const { clock, store, newTelemetry, polls, sent, far } = await plant({
      ...{ periodMs: 20_000, retention: { ...defaultRetention, raw: kept, minute: kept, hour: kept } },
    });
    const telemetry = await newTelemetry();
    await polls(telemetry, 180 * 8);
    far.connect(telemetry);
    await clock.advance(30_000);
    const { dropped, backlogMs } = telemetry.figures();
    expect(backlogMs).toBe(0);
    const { lost, wrong } = compare(sent, far.received);
    expect(wrong).toBe(0);
    expect(dropped).toBeGreaterThan(0);
    expect(Math.abs(lost - dropped)).toBeLessThan(4 * 35);
    const [gap] = (await store.journal.read(0, 10)).filter(({ type }) => type === 'gateway.data-gap');
    expect(gap?.data).toMatchObject({ sink: 'city', reason: 'retention' });
    await telemetry.stop();
    await store.close();
  });
});

const liveLagMs = (received: readonly Received[]): number =>
  Math.max(...received.filter(({ historical }) => !historical).map(({ atMs, timeMs }) => atMs - timeMs));

function isOrderedByTag(received: readonly Received[]): boolean {
  const newest = new Map<string, number>();
  return received.every(({ tag, timeMs }) => {
    const before = newest.get(tag) ?? 0;
    newest.set(tag, timeMs);
    return timeMs > before;
  });
}
