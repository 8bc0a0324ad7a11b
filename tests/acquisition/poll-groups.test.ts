import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { DeviceDefinition, Driver, SessionEvents } from '../../drivers/api.ts';
import { modbusErrors } from '../../drivers/modbus/errors.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { PeriodMeter } from '../../edge/acquisition/period-meter.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { loadPacks } from '../../edge/config/packs.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { type Clock, delay } from '../../edge/core/clock.ts';
import type { GroupStatus } from '../../edge/core/status.ts';
import { asText } from '../../edge/core/text.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { SelfWatch } from '../../edge/gateway/self-watch.ts';
import { pointAt, testHost } from '../drivers/peer.ts';

const soundStore = {
  damagedRecords: 0,
  damagedChunks: 0,
  droppedSamples: 0,
  historyBehind: 0,
  removedEvents: 0,
  lostEvents: 0,
};

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** When each group of a device was read, and what the test lets its answers take. */
class Line {
  answersMs = 5;
  reachable = true;
  readonly starts = new Map<number, number[]>();
  events: SessionEvents | undefined;
}

const { packs } = await loadPacks('models');

/** Devices with a group per period, watched as a gateway watches its own. */
function run(clock: Clock, ids: readonly string[], periods: readonly number[]) {
  const lines = new Map(ids.map((id) => [id, new Line()]));
  const driver: Driver = {
    name: 'scripted',
    options: z.object({}),
    validate: () => undefined,
    async open(device, events) {
      const line = lines.get(device.id)!;
      if (!line.reachable) throw modbusErrors.create('CONNECT', asText('nothing listens there'));
      line.events = events;
      const group = (periodMs: number, tag: number) => ({
        ...{ periodMs, tags: Int32Array.of(tag), requests: 7 },
        async read() {
          line.starts.set(periodMs, [...(line.starts.get(periodMs) ?? []), clock.monotonicMs()]);
          await delay(clock, line.answersMs);
          const batch = createBatch(device.id, 1, clock.wallMs());
          batch.tags[0] = tag;
          return batch;
        },
      });
      return { polls: periods.map(group), close: async () => undefined };
    },
  };
  const points = periods.map((periodMs, tag) => pointAt(tag, tag, { periodMs }));
  const definition = (id: string): DeviceDefinition => ({ id, endpoint: 'tcp://10.0.0.7', options: {}, points });
  const acquisition = createAcquisition({
    ...{ devices: ids.map((id) => ({ driver: 'scripted', definition: definition(id) })), drivers: [driver] },
    ...{ host: testHost(clock), onBatch: () => undefined, onDeviceChange: () => undefined },
  });
  const register = new AlarmRegister({
    subject: (id) => ({ id, name: id, utility: 'gateway', grid: '', location: undefined }),
    alarm: (_subject, kind) => packs.get('gateway')!.assets['device']!.alarms[kind],
  });
  const story: string[] = [];
  const watch = new SelfWatch({
    ...{ gateway: 'gw', clock, devices: () => acquisition.status(), sinks: () => [] },
    store: () => ({ figures: soundStore, disk: undefined, waiting: 0 }),
    onFinding: (finding) => {
      const [change] = register.take(finding);
      if (change) story.push(`${change.event.type.slice('alarm.'.length)} ${change.alarm.id}`);
    },
  });
  open.push(
    () => acquisition.stop(),
    () => watch.stop(),
  );
  acquisition.start();
  watch.start();
  const group = (id: string, index = 0): GroupStatus => {
    return acquisition.status()[ids.indexOf(id)]!.groups[index]!;
  };
  return { acquisition, register, story, line: (id: string) => lines.get(id)!, group };
}

const distances = (starts: readonly number[]) => starts.slice(1).map((at, index) => at - starts[index]!);
const names = (count: number) => Array.from({ length: count }, (_, index) => `plc-${index}`);

describe('poll groups', () => {
  test('of a hundred devices are spread over the second, one from the other', async () => {
    const clock = new VirtualClock();
    const ids = names(100);
    const { line } = run(clock, ids, [1000]);
    await clock.advance(10_000);
    const phases = ids.map((id) => line(id).starts.get(1000)![0]!).sort((a, b) => a - b);
    const gaps = distances([...phases, phases[0]! + 1000]);
    expect(Math.min(...gaps)).toBeGreaterThan(1000 / 100 / 3);
    expect(Math.max(...gaps)).toBeLessThan((1000 / 100) * 2);
    expect(ids.every((id) => line(id).starts.get(1000)!.length === 10)).toBe(true);
  });

  test('of one device do not fire together', async () => {
    const clock = new VirtualClock();
    const periods = [1000, 2000, 5000, 10_000];
    const { line } = run(clock, ['plc'], periods);
    await clock.advance(60_000);
    const all = periods.flatMap((periodMs) => line('plc').starts.get(periodMs)!).sort((a, b) => a - b);
    expect(Math.min(...distances(all))).toBeGreaterThan(50);
  });

  test('keep to one grid over reconnects, and a long period does not make a device wait for its values', async () => {
    const clock = new VirtualClock();
    const { line, acquisition } = run(clock, names(3), [1000, 60_000]);
    await clock.advance(20_300);
    const plc = line('plc-1');
    const [[fast = 0], [slow = 0]] = [plc.starts.get(1000)!, plc.starts.get(60_000)!];
    plc.starts.clear();
    plc.events!.lost(modbusErrors.create('TIMEOUT', asText('no answer')));
    await clock.advance(10_000);
    const again = plc.starts.get(1000)!;
    expect(again.length).toBeGreaterThan(5);
    for (const at of again) expect((at - fast) % 1000).toBeCloseTo(0, 6);
    const back = acquisition.status()[1]!.since;
    expect(plc.starts.get(60_000)!).toHaveLength(1);
    expect(plc.starts.get(60_000)![0]! - back).toBeLessThanOrEqual(1000);
    await clock.advance(120_000);
    for (const at of plc.starts.get(60_000)!.slice(1)) expect((at - slow) % 60_000).toBeCloseTo(0, 6);
    expect(plc.starts.get(60_000)).toHaveLength(3);
  });

  test('say what they achieve, how late they start, and what a reading takes', async () => {
    const clock = new VirtualClock();
    const { line, group } = run(clock, ['plc'], [1000, 5000]);
    await clock.advance(2500);
    expect(group('plc').achievedMs).toBeNull();
    await clock.advance(17_500);
    const kept = { achievedMs: 1000, steadyMs: 1000, overruns: 0, p99LatenessMs: 0, points: 1, requests: 7 };
    expect(group('plc')).toEqual({ ...kept, periodMs: 1000, readings: 20 });
    line('plc').answersMs = 1500;
    await clock.advance(60_000);
    expect(group('plc')).toMatchObject({ achievedMs: 2000, readings: 49 });
    expect(group('plc').overruns).toBeGreaterThanOrEqual(29);
    expect(group('plc', 1)).toMatchObject({ achievedMs: 5000, overruns: 0 });
    line('plc').events!.lost(modbusErrors.create('TIMEOUT', asText('no answer')));
    expect(group('plc')).toMatchObject({ achievedMs: null, readings: 49 });
  });
});

describe('a group that cannot keep its period', () => {
  test('is an alarm after half a minute, which says by how much and what to do, and clears when it keeps it again', async () => {
    const clock = new VirtualClock();
    const { line, story, register } = run(clock, ['plc', 'other'], [1000, 5000]);
    await clock.advance(60_000);
    line('plc').answersMs = 2600;
    await clock.advance(30_000);
    expect(story).toEqual([]);
    await clock.advance(20_000);
    expect(story).toEqual(['raised plc/slow']);
    const alarm = register.get('plc/slow')!;
    expect(alarm.message.zh).toMatch(/^plc 采集跟不上：1 s 周期的测点实际每 2\.\d+ s 才读到一次$/);
    expect(alarm.message.en).toMatch(/^plc cannot keep up: points with a period of 1 s are read every 2\.\d+ s$/);
    expect(alarm).toMatchObject({ limit: 1, unit: 's', value: expect.closeTo(2.5, 0) });
    expect(alarm.response.en).toContain('Fewer points or a longer period; more requests in flight');
    expect(alarm.finding.decision).toMatchObject({ requests: '7' });
    line('plc').answersMs = 5;
    await clock.advance(20_000);
    expect(story).toEqual(['raised plc/slow', 'cleared plc/slow']);
    await clock.advance(600_000);
    expect(story).toHaveLength(2);
  });

  test('is an alarm too when a reading never ends', async () => {
    const clock = new VirtualClock();
    const { line, story } = run(clock, ['plc'], [1000]);
    await clock.advance(30_000);
    line('plc').answersMs = 1e9;
    await clock.advance(40_000);
    expect(story).toEqual(['raised plc/slow']);
  });

  test.each([1000, 10_000])('is not one that hiccuped once (period %i ms)', async (periodMs) => {
    const clock = new VirtualClock();
    const { line, story, group } = run(clock, ['plc'], [periodMs]);
    await clock.advance(20 * periodMs);
    line('plc').answersMs = 25_000;
    await clock.advance(periodMs);
    line('plc').answersMs = 5;
    await clock.advance(60 * periodMs);
    expect(group('plc').overruns).toBeGreaterThan(0);
    expect(story).toEqual([]);
  });

  test('is over, not slow, when its device goes away', async () => {
    const clock = new VirtualClock();
    const { line, story } = run(clock, ['plc'], [1000]);
    line('plc').answersMs = 1500;
    await clock.advance(60_000);
    expect(story).toEqual(['raised plc/slow']);
    line('plc').reachable = false;
    line('plc').events!.lost(modbusErrors.create('TIMEOUT', asText('no answer')));
    await clock.advance(600_000);
    expect(story).toEqual(['raised plc/slow', 'cleared plc/slow', 'raised plc/lost']);
  });
});

test('an achieved period is the mean distance of the last 16 starts, the open one included once it is longer', () => {
  const gaps = fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 40 });
  fc.assert(
    fc.property(gaps, fc.integer({ min: 0, max: 10_000 }), (closed, openMs) => {
      const meter = new PeriodMeter(1000);
      let now = 0;
      meter.start(now);
      for (const gap of closed) {
        now += gap;
        meter.start(now);
      }
      const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
      const last = closed.slice(-16);
      const overdue = openMs > 1000 && openMs > (last.length === 0 ? 0 : sum(last) / last.length);
      const all = [...closed, ...(overdue ? [openMs] : [])].slice(-16);
      const longest = Math.max(0, ...(overdue ? all.slice(0, -1) : all));
      const { achievedMs, steadyMs } = meter.figures(now + openMs);
      if (all.length < 3) expect([achievedMs, steadyMs]).toEqual([null, null]);
      else {
        expect(achievedMs).toBeCloseTo(sum(all) / all.length, 6);
        expect(steadyMs).toBeCloseTo((sum(all) - longest) / (all.length - 1), 6);
      }
    }),
    { seed: 4, numRuns: 500 },
  );
});
