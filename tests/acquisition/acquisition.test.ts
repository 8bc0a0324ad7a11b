import { afterEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { DeviceDefinition, Driver, DriverHost, SessionEvents } from '../../drivers/api.ts';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { modbusErrors } from '../../drivers/modbus/errors.ts';
import { type Acquisition, createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { type Clock, delay, realClock } from '../../edge/core/clock.ts';
import { Quality, qualityName } from '../../edge/core/quality.ts';
import type { DeviceStatus } from '../../edge/core/status.ts';
import { asText } from '../../edge/core/text.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { Peer, pointAt, testHost } from '../drivers/peer.ts';

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

/** A driver of a device whose ways the test sets; it implements the interface, the supervisor under test is real. */
class ScriptedDevice {
  answersMs = 5;
  connects: 'yes' | 'no' | 'foreign' | 'never' = 'yes';
  closesMs = 0;
  opens = 0;
  closes = 0;
  closed = 0;
  reads: number[] = [];
  events: SessionEvents | undefined;
  /** Said while the session is being set up. */
  early: ((events: SessionEvents, device: DeviceDefinition) => void) | undefined;
  polled = true;

  async open(device: DeviceDefinition, events: SessionEvents, host: DriverHost, signal: AbortSignal) {
    this.opens++;
    this.early?.(events, device);
    if (this.connects === 'never') {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      await delay(host.clock, this.closesMs);
      throw modbusErrors.create('CONNECT', asText('given up'));
    }
    if (this.connects === 'foreign') throw new TypeError('cannot read properties of undefined');
    if (this.connects === 'no')
      throw modbusErrors.create('CONNECT', asText(`connect to ${device.id}: nothing listens there`));
    this.events = events;
    const tags = Int32Array.from(device.points, (point) => point.tag);
    const read = async (): Promise<SampleBatch> => {
      this.reads.push(host.clock.monotonicMs());
      await delay(host.clock, this.answersMs);
      const batch = createBatch(device.id, tags.length, host.clock.wallMs());
      batch.tags.set(tags);
      return batch;
    };
    const close = async () => {
      this.closes++;
      if (this.closesMs > 0) await delay(host.clock, this.closesMs);
      this.closed++;
    };
    return { polls: this.polled ? [{ periodMs: 1000, tags, read }] : [], close };
  }
}

function scripted(devices: Readonly<Record<string, ScriptedDevice>>): Driver {
  return {
    name: 'scripted',
    options: z.object({}),
    validate: () => undefined,
    open: (device, events, host, signal) => devices[device.id]!.open(device, events, host, signal),
  };
}

function run(devices: readonly DeviceDefinition[], driver: Driver, clock: Clock) {
  const batches: SampleBatch[] = [];
  const changes: DeviceStatus[] = [];
  let heard = () => {};
  const acquisition: Acquisition = createAcquisition({
    devices: devices.map((definition) => ({ driver: driver.name, definition })),
    drivers: [driver],
    host: testHost(clock),
    onBatch: (batch) => {
      batches.push(batch);
      heard();
    },
    onDeviceChange: (status) => {
      changes.push(status);
      heard();
    },
  });
  open.push(() => acquisition.stop());
  acquisition.start();
  const until = async (holds: () => boolean) => {
    while (!holds()) {
      await new Promise<void>((resolve) => {
        heard = resolve;
      });
    }
  };
  return { acquisition, batches, changes, until };
}

const device = (id: string, tags: number[], endpoint = 'tcp://127.0.0.1:1'): DeviceDefinition => ({
  id,
  endpoint,
  options: {},
  points: tags.map((tag) => pointAt(tag, tag)),
});
const qualities = (batch: SampleBatch) => [...new Set([...batch.quality].map(qualityName))];

describe('acquisition', () => {
  test('polls every device on time although one is a hundred times slower than its period', async () => {
    const clock = new VirtualClock();
    const slow = new ScriptedDevice();
    const fast = new ScriptedDevice();
    slow.answersMs = 100_000;
    const { acquisition } = run([device('slow', [0]), device('fast', [1])], scripted({ slow, fast }), clock);
    await clock.advance(60_000);
    const gaps = fast.reads.slice(1).map((at, index) => at - fast.reads[index]!);
    expect(new Set(gaps.map((gap) => Math.round(gap * 1000)))).toEqual(new Set([1_000_000]));
    expect(fast.reads).toHaveLength(60);
    const [slowStatus, fastStatus] = acquisition.status();
    expect(fastStatus!.polls).toMatchObject({ due: 60, late: 0 });
    expect(slow.reads).toHaveLength(1);
    expect(slowStatus!.polls).toMatchObject({ due: 60, late: 59 });
  });

  test('tries a device that is missing at start for ever, with growing pauses, and leaves the others alone', async () => {
    const clock = new VirtualClock();
    const away = new ScriptedDevice();
    const here = new ScriptedDevice();
    away.connects = 'no';
    const devices = [device('away', [0, 1]), device('here', [2])];
    const { acquisition, batches } = run(devices, scripted({ away, here }), clock);
    await clock.advance(3_600_000);
    expect(away.opens).toBeGreaterThan(3600 / 31);
    expect(away.opens).toBeLessThan(3600 / 8);
    expect(here.reads).toHaveLength(3600);
    expect(batches.filter((batch) => batch.device === 'away').map(qualities)).toEqual([['comm']]);
    expect(acquisition.status()[0]).toMatchObject({
      lastError: 'LL-MODBUS-CONNECT connect to away: nothing listens there',
      nextStep: expect.stringContaining('address and port'),
      reconnects: 0,
    });
    away.connects = 'yes';
    await clock.advance(32_000);
    expect(acquisition.status()[0]).toMatchObject({ state: 'online', badSamples: 0 });
    expect(away.reads.length).toBeGreaterThan(0);
  });

  test('goes on with other devices: what stays is polled on the same schedule, what goes is silent before what comes', async () => {
    const clock = new VirtualClock();
    const [stays, goes, comes] = [new ScriptedDevice(), new ScriptedDevice(), new ScriptedDevice()];
    const driver = scripted({ stays, goes, comes, moved: goes });
    const { acquisition, batches } = run([device('stays', [0]), device('goes', [1])], driver, clock);
    await clock.advance(10_300);
    const before = stays.reads.length;
    const told: string[][] = [];
    const replaced = acquisition.replace(
      [
        { driver: 'scripted', definition: device('comes', [1]) },
        { driver: 'scripted', definition: device('stays', [0]) },
      ],
      () => told.push(batches.splice(0).map((batch) => batch.device)),
    );
    await clock.advance(0);
    expect(await replaced).toEqual({ added: ['comes'], changed: [], removed: ['goes'] });
    expect(told).toHaveLength(1);
    const last = goes.reads.length;
    await clock.advance(10_000);
    expect(stays.reads).toHaveLength(before + 10);
    expect(new Set(stays.reads.slice(1).map((at, index) => Math.round(at - stays.reads[index]!)))).toEqual(
      new Set([1000]),
    );
    expect(stays.opens).toBe(1);
    expect(goes.reads).toHaveLength(last);
    expect(new Set(batches.map((batch) => batch.device))).toEqual(new Set(['comes', 'stays']));
    expect(acquisition.status().map(({ id, state }) => [id, state])).toEqual([
      ['comes', 'online'],
      ['stays', 'online'],
    ]);
  });

  test('marks all tags once when the link goes, closes the session once and opens a new one', async () => {
    const clock = new VirtualClock();
    const plc = new ScriptedDevice();
    const { acquisition, batches, changes } = run([device('plc', [0, 1, 2])], scripted({ plc }), clock);
    await clock.advance(20_000);
    const before = batches.length;
    const { events } = plc;
    events!.lost(modbusErrors.create('TIMEOUT', asText('no answer')));
    events!.lost(modbusErrors.create('TIMEOUT', asText('no answer')));
    events!.batch(createBatch('plc', 3, 0));
    expect(batches.slice(before).map((batch) => [...batch.tags, ...qualities(batch)])).toEqual([[0, 1, 2, 'comm']]);
    expect(plc.closes).toBe(1);
    await clock.advance(5000);
    expect(changes.map((status) => status.state)).toEqual([
      'connecting',
      'online',
      'backing-off',
      'connecting',
      'online',
    ]);
    expect(acquisition.status()[0]).toMatchObject({ reconnects: 1 });
    await acquisition.stop();
    await acquisition.stop();
    expect(plc.closes).toBe(2);
    const reads = plc.reads.length;
    await clock.advance(10_000);
    expect(plc.reads).toHaveLength(reads);
  });

  test('makes tags stale by one batch while a poll hangs, and good again when it goes on', async () => {
    const clock = new VirtualClock();
    const plc = new ScriptedDevice();
    const { batches } = run([device('plc', [0, 1])], scripted({ plc }), clock);
    await clock.advance(3000);
    plc.answersMs = 20_000;
    await clock.advance(19_000);
    expect(batches.slice(-1).map(qualities)).toEqual([['stale']]);
    expect(batches.filter((batch) => qualities(batch)[0] === 'stale')).toHaveLength(1);
    expect(batches.at(-1)!.values[0]).toBeNaN();
    plc.answersMs = 5;
    await clock.advance(5000);
    expect(qualities(batches.at(-1)!)).toEqual(['good']);
  });

  test('survives a driver that fails in a way it does not know, and says which', async () => {
    const clock = new VirtualClock();
    const odd = new ScriptedDevice();
    odd.connects = 'foreign';
    const { acquisition } = run([device('odd', [0])], scripted({ odd }), clock);
    await clock.advance(10_000);
    expect(odd.opens).toBeGreaterThan(1);
    expect(acquisition.status()[0]!.lastError).toContain('LL-ACQUISITION-DRIVER driver scripted of odd');
  });

  test('survives a driver that throws before it promises anything, and polls the others', async () => {
    const clock = new VirtualClock();
    const here = new ScriptedDevice();
    const driver: Driver = {
      ...scripted({ here }),
      open(device, events, host, signal) {
        if (device.id === 'odd') throw new TypeError('no stack');
        return here.open(device, events, host, signal);
      },
    };
    const { acquisition } = run([device('odd', [0]), device('here', [1])], driver, clock);
    await clock.advance(10_000);
    expect(acquisition.status()[0]).toMatchObject({ lastError: expect.stringContaining('no stack') });
    expect(here.reads).toHaveLength(10);
  });

  test('stops only when every session is closed, those lost before and attempts under way included', async () => {
    const clock = new VirtualClock();
    const [lossy, trying] = [new ScriptedDevice(), new ScriptedDevice()];
    trying.connects = 'never';
    const devices = [device('lossy', [0]), device('trying', [1])];
    const { acquisition } = run(devices, scripted({ lossy, trying }), clock);
    await clock.advance(1000);
    for (const plc of [lossy, trying]) plc.closesMs = 8000;
    lossy.events!.lost(modbusErrors.create('TIMEOUT', asText('no answer')));
    await clock.advance(2000);
    lossy.closesMs = 0;
    expect(acquisition.status()[0]!.state).toBe('online');
    let stopped = false;
    const stopping = acquisition.stop().then(() => {
      stopped = true;
    });
    await clock.advance(5900);
    expect([stopped, lossy.closes, lossy.closed]).toEqual([false, 2, 1]);
    await clock.advance(200);
    expect([stopped, lossy.closed]).toEqual([false, 2]);
    await clock.advance(2000);
    expect(stopped).toBe(true);
    await stopping;
  });

  test('leaves values their quality that came while a session was being set up and do not change', async () => {
    const clock = new VirtualClock();
    const plc = new ScriptedDevice();
    plc.polled = false;
    plc.early = (events, { id, points }) => {
      const batch = createBatch(id, points.length - 1, clock.wallMs());
      batch.tags.set([0, 1]);
      batch.quality.set([Quality.good, Quality.config]);
      events.batch(batch);
    };
    const { batches } = run([device('plc', [0, 1, 2])], scripted({ plc }), clock);
    await clock.advance(60_000);
    expect(batches.map((batch) => [...batch.tags, ...qualities(batch)])).toEqual([
      [0, 1, 'good', 'config'],
      [2, 'stale'],
    ]);
  });

  test('takes values back that came while an attempt to connect failed in the end', async () => {
    const clock = new VirtualClock();
    const plc = new ScriptedDevice();
    plc.connects = 'no';
    const { batches } = run([device('plc', [0, 1])], scripted({ plc }), clock);
    await clock.advance(3000);
    expect(batches.map(qualities)).toEqual([['comm']]);
    plc.early = (events, { id }) => events.batch(createBatch(id, 2, clock.wallMs()));
    const before = plc.opens;
    while (plc.opens === before) await clock.advance(1000);
    expect(batches.slice(1, 3).map(qualities)).toEqual([['good'], ['comm']]);
  });

  test('refuses a driver that nobody handed in', () => {
    const create = () => run([], scripted({}), new VirtualClock());
    expect(create).not.toThrow();
    expect(() =>
      createAcquisition({
        devices: [{ driver: 's7', definition: device('plc', []) }],
        drivers: [modbusDriver],
        host: testHost(),
        onBatch: () => undefined,
        onDeviceChange: () => undefined,
      }),
    ).toThrow('driver "s7" of plc is none of: modbus');
  });

  test('reads a real PLC that was absent at start, goes away and comes back', async () => {
    const first = await new Peer().listen();
    const { port, endpoint } = first;
    await first.close();
    const absent = run([device('plc', [3], endpoint)], modbusDriver, realClock());
    const status = () => absent.acquisition.status()[0]!;
    await absent.until(() => status().state === 'backing-off');
    expect(status().lastError).toContain('nothing listens there');
    const second = await new Peer().listen(port);
    open.push(() => second.close());
    await absent.until(() => absent.batches.at(-1)?.values[0] === 3);
    await second.close();
    await absent.until(() => status().state === 'backing-off');
    expect(qualities(absent.batches.at(-1)!)).toEqual(['comm']);
    const third = await new Peer().listen(port);
    open.push(() => third.close());
    await absent.until(() => absent.batches.at(-1)?.values[0] === 3);
    // the trouble that is over stays known, with its time
    expect(status()).toMatchObject({ state: 'online', reconnects: 1, lastError: expect.stringMatching(/^LL-/) });
    expect(status().troubledAt).toBeGreaterThan(Date.now() - 60_000);
    expect(status().troubledAt).toBeLessThanOrEqual(Date.now());
  });
});
