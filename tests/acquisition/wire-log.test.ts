import { afterEach, describe, expect, test } from 'vitest';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { WireLog } from '../../edge/acquisition/wire-log.ts';
import type { WireFrame } from '../../edge/core/diagnostics.ts';
import { DurationHistogram } from '../../edge/core/duration-histogram.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { Peer, pointAt, testHost } from '../drivers/peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close();
});

describe('the wire of a device', () => {
  test('is counted since start and over the last minute', async () => {
    const clock = new VirtualClock();
    const wire = new WireLog(clock);
    const second = async () => {
      wire.sent(12);
      wire.answered(31, 7, false);
      await clock.advance(1000);
    };
    wire.failed('timeout');
    wire.failed('stray');
    wire.answered(9, 3, true);
    for (let seconds = 0; seconds < 50; seconds++) await second();
    const total = { sentBytes: 600, receivedBytes: 1559, requests: 50, timeouts: 1, exceptions: 1, strays: 1 };
    expect(wire.figures()).toMatchObject({ total, lastMinute: total });
    for (let seconds = 0; seconds < 50; seconds++) await second();
    const { lastMinute } = wire.figures();
    expect(lastMinute).toMatchObject({ timeouts: 0, exceptions: 0, strays: 0 });
    expect(lastMinute.requests).toBeGreaterThanOrEqual(55);
    expect(lastMinute.requests).toBeLessThanOrEqual(60);
    await clock.advance(61_000);
    expect(wire.figures().lastMinute).toMatchObject({ sentBytes: 0, receivedBytes: 0, requests: 0 });
    expect(wire.figures().total.requests).toBe(100);
  });

  test('wants frames only while somebody reads them', () => {
    const wire = new WireLog(new VirtualClock());
    const frame: WireFrame = {
      at: 1,
      direction: 'sent',
      bytes: new Uint8Array(1),
      describe: () => ({ zh: '', en: '' }),
    };
    const seen: WireFrame[] = [];
    const reader = (one: WireFrame) => void seen.push(one);
    const [first, second] = [wire.trace(reader), wire.trace(reader)];
    wire.frame(frame);
    first();
    wire.frame(frame);
    expect([seen.length, wire.wantsFrames]).toEqual([3, true]);
    second();
    expect(wire.wantsFrames).toBe(false);
  });

  test('has round trips by doubling, whose counts and percentiles are those of all durations', () => {
    const histogram = new DurationHistogram();
    expect(histogram.bars()).toEqual([]);
    for (const durationMs of [0.01, 3, 3.9, 4, 4.1, 900, 1e9]) histogram.add(durationMs);
    const filled = histogram.bars().filter(({ count }) => count > 0);
    expect(filled).toEqual([
      { upToMs: 0.0625, count: 1 },
      { upToMs: 4, count: 3 },
      { upToMs: 8, count: 1 },
      { upToMs: 1024, count: 1 },
      { upToMs: 0.0625 * 2 ** 24, count: 1 },
    ]);
    const other = new DurationHistogram();
    for (let times = 0; times < 93; times++) other.add(4);
    histogram.include(other);
    expect([histogram.count, histogram.quantile(0.5)]).toEqual([100, 4]);
  });

  test('is seen through attempts that fail and sessions that end', async () => {
    const peer = await new Peer().listen();
    open.push(() => peer.close());
    peer.behaviour = (_frame, socket) => socket.destroy();
    const clock = testHost().clock;
    const definition = { id: 'plc', endpoint: peer.endpoint, options: {}, points: [pointAt(3, 7)] };
    let heard = () => {};
    const acquisition = createAcquisition({
      devices: [{ driver: 'modbus', definition }],
      drivers: [modbusDriver],
      host: testHost(clock),
      onBatch: () => undefined,
      onDeviceChange: () => heard(),
    });
    open.push(() => acquisition.stop());
    const frames: WireFrame[] = [];
    const stop = acquisition.trace('plc', (frame) => {
      frames.push(frame);
      heard();
    });
    const until = async (holds: () => boolean) => {
      while (!holds()) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    };
    acquisition.start();
    await until(() => frames.length > 0);
    expect(frames[0]!.describe().en).toBe('unit 1 · 03 read holding 40008');
    expect(acquisition.diagnostics('plc')).toMatchObject({ requests: [], wire: { total: { requests: 1 } } });
    peer.behaviour = (_frame, socket, answer) => socket.write(answer());
    await until(() => frames.some(({ direction }) => direction === 'received'));
    await until(() => acquisition.status()[0]!.state === 'online');
    expect(acquisition.diagnostics('plc')!.requests).toMatchObject([
      { tags: [3], place: { en: 'unit 1, holding 40008' } },
    ]);
    stop();
    const seen = frames.length;
    const { sentBytes } = acquisition.diagnostics('plc')!.wire.total;
    await acquisition.session('plc')!.polls[0]!.read();
    expect(frames).toHaveLength(seen);
    expect(acquisition.diagnostics('plc')!.wire.total.sentBytes).toBeGreaterThan(sentBytes);
    expect(acquisition.diagnostics('other')).toBeUndefined();
    expect(() => acquisition.trace('other', () => undefined)()).not.toThrow();
  });
});
