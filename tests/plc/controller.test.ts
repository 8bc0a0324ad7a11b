import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { encodeMbap } from '../../drivers/modbus/frame.ts';
import { encodeReadRequest, encodeWriteRequest } from '../../drivers/modbus/pdu.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { AttackHappenings, victimOf } from '../../simulator/plc/attacks.ts';
import { Controller } from '../../simulator/plc/controller.ts';
import { countedNetwork } from '../../simulator/plc/counted-lines.ts';
import { deviceClock } from '../../simulator/plc/device-clock.ts';
import { selfTelling } from '../../simulator/plc/diagnostics.ts';
import { ForeignClient } from '../../simulator/plc/foreign-client.ts';
import { memoryLine } from '../../simulator/plc/memory-line.ts';
import { faceModbus } from '../../simulator/plc/modbus-server.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from './plc.ts';

const startMs = Date.UTC(2026, 0, 12);
/** Where the PLC has what its clients write. */
const places = { setting: 0, pump: 1, watchdog: 9000, timeout: 9001 } as const;

/** A PLC with a setting and a switch, a client on its line; `step` moves it on by seconds and shows the next scan. */
function station(over: { readonly scanMs?: number } = {}) {
  const process = { setting: 40, pump: 0, level: 3, powered: true };
  const setting = point('setting', {
    read: () => process.setting,
    write: (value) => {
      process.setting = value;
    },
  });
  const pump = point('pump', {
    ...{ address: 1, low: 0, high: 1, states: { '0': '停', '1': '启' } },
    read: () => process.pump,
    write: (value) => {
      process.pump = value;
    },
  });
  const level = point('level', { table: 'input', read: () => process.level });
  const controller = new Controller('ps-1');
  const telling = selfTelling({
    ...plcOf('ps-1', 1, [setting, pump, level]),
    ...over,
    controller,
    powered: () => process.powered,
  });
  const { plc, self } = telling;
  const scan = createScan(plc, seededRandom(1));
  const face = faceModbus(scan);
  const [client, server] = memoryLine();
  client.on('error', () => undefined);
  client.resume();
  let nowMs = startMs;
  const step = (seconds: number) => {
    nowMs += seconds * 1000;
    controller.step({ timeMs: nowMs });
    self.step(seconds);
    scan.scan();
    face.publish(nowMs);
  };
  step(1);
  face.admit(server, '10.0.0.2');
  return {
    ...{ plc, self, telling, process, scan, client, step },
    told: (name: string) => scan.engineering(plc.points.findIndex((one) => one.name === name)),
    async write(place: keyof typeof places, value: number) {
      client.write(encodeMbap(1, 1, encodeWriteRequest('holding', places[place], Uint16Array.of(value))));
      await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

describe('the clock of a PLC', () => {
  it('goes fast or slow by at most a minute a month, and is set right once an hour', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.integer({ min: startMs, max: startMs + 1e10 }), (id, timeMs) => {
        const clock = deviceClock(id);
        expect(Math.abs(clock(timeMs) - timeMs)).toBeLessThanOrEqual((3600_000 * 60) / (30 * 86_400) + 1);
        expect(clock(timeMs + 3_600_000) - clock(timeMs)).toBe(3_600_000);
      }),
    );
  });

  it('is another for every PLC', () => {
    const errors = Array.from({ length: 40 }, (_, index) => deviceClock(`plc-${index}`)(startMs) - startMs);
    expect(new Set(errors).size).toBeGreaterThan(20);
    expect(Math.min(...errors)).toBeLessThan(0);
    expect(Math.max(...errors)).toBeGreaterThan(0);
  });

  it('is told as a point, beside how long the PLC has been running', () => {
    const { step, told } = station();
    step(600);
    expect(told('plc-clock')).toBe(deviceClock('ps-1')(startMs + 601_000));
    expect(told('plc-uptime')).toBe(600);
  });
});

describe('a PLC in local mode', () => {
  it('drops what clients write, whose value stays what it was, and says why', async () => {
    const { self, process, write, step, told } = station();
    self.controller.local = true;
    await write('setting', 55);
    expect(told('setting')).toBe(40);
    step(1);
    expect([process.setting, told('setting'), told('plc-mode'), told('plc-writes')]).toEqual([40, 40, 1, 1]);
    self.controller.local = false;
    await write('setting', 55);
    step(1);
    expect([process.setting, told('setting'), told('plc-mode')]).toEqual([55, 55, 0]);
  });

  it('drops what intruders write, by either protocol', () => {
    for (const protocol of ['modbus-tcp', 'opcua'] as const) {
      const { plc, self, process } = station();
      const intruder = new ForeignClient(
        countedNetwork.linesTo({ plc: { ...plc, protocol }, self }, '10.66.1.1', () => startMs),
      );
      intruder.hold(1);
      self.controller.local = true;
      intruder.write(plc.points[0]!, 70);
      expect(process.setting).toBe(40);
      self.controller.local = false;
      intruder.write(plc.points[0]!, 70);
      expect(process.setting).toBe(70);
    }
  });

  it('is there while somebody works at its panel, and obeys again when he has gone', () => {
    const { telling, told, step } = station();
    const asset = { id: 'plc-ps-1', type: 'plc.controller', name: { zh: '', en: '' }, grid: '' };
    const assets = [{ ...asset, location: [0, 0] as const, upstreamOf: [] }];
    const happenings = new AttackHappenings(victimOf(telling), assets, seededRandom(1));
    const begun = { id: 'h1', kind: 'maintenance.local-control', target: 'ps-1', magnitude: 1 };
    expect(happenings.start({ ...begun, startMs, durationS: 600 }).decoy).toBe(true);
    step(1);
    expect(told('plc-mode')).toBe(1);
    happenings.step(startMs + 601_000, 1);
    step(1);
    expect(told('plc-mode')).toBe(0);
  });
});

describe('the watchdog of a PLC', () => {
  it('does nothing as long as no gateway has written its count', async () => {
    const { write, step, process, told } = station();
    await write('setting', 55);
    step(5000);
    expect([process.setting, told('plc-mode'), told('plc-watchdog-left')]).toEqual([55, 0, 60]);
  });

  it('goes back to the settings of before the gateway came when its count stands still, but leaves switches', async () => {
    const { write, step, process, told } = station();
    await write('watchdog', 1);
    await write('setting', 55);
    await write('pump', 1);
    for (let beat = 2; beat < 10; beat++) {
      step(30);
      await write('watchdog', beat);
    }
    step(59);
    expect([process.setting, told('plc-mode'), told('plc-watchdog-left')]).toEqual([55, 0, 1]);
    await write('watchdog', 9);
    step(1);
    expect([process.setting, process.pump, told('plc-mode')]).toEqual([40, 1, 2]);
  });

  it('lets nobody write until the count moves again', async () => {
    const { write, step, process, told } = station();
    await write('watchdog', 1);
    await write('timeout', 10);
    step(10);
    await write('setting', 55);
    step(1);
    expect([process.setting, told('plc-mode')]).toEqual([40, 2]);
    await write('watchdog', 2);
    await write('setting', 55);
    step(1);
    expect([process.setting, told('plc-mode')]).toEqual([55, 0]);
  });

  it('is only there where there is a setting to go back to', () => {
    const names = selfTelling(plcOf('meter', 1, [point('level', {})])).plc.points.map(({ name }) => name);
    expect(names).toContain('plc-mode');
    expect(names.filter((name) => name.startsWith('plc-watchdog'))).toEqual([]);
  });
});

describe('the scans of a PLC', () => {
  it('are the only moments at which the values of a slow PLC change', () => {
    const { process, step, told } = station({ scanMs: 5000 });
    step(4);
    const heard: number[] = [];
    for (let second = 0; second < 10; second++) {
      process.level = second;
      step(1);
      heard.push(told('level'));
    }
    expect(heard).toEqual([3, 3, 3, 3, 4, 4, 4, 4, 4, 9]);
    expect(told('plc-scan-time')).toBe(5000);
  });

  it('take longer the more its clients ask, at most twice as long', async () => {
    const { client, step, told } = station();
    step(1);
    const alone = told('plc-scan-time');
    const ask = async (requests: number) => {
      for (let request = 0; request < requests; request++) {
        client.write(encodeMbap(request, 1, encodeReadRequest('holding', 0, 1)));
        if (request % 100 === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      await new Promise((resolve) => setImmediate(resolve));
      step(1);
      return told('plc-scan-time');
    };
    const some = await ask(100);
    expect(some / alone).toBeCloseTo(1 / (1 - 0.08), 2);
    expect((await ask(2000)) / alone).toBeCloseTo(2, 2);
    expect(await ask(0)).toBeCloseTo(alone, 3);
  });
});

it('a PLC that lost its supply begins to count anew and says so', () => {
  const { process, step, told } = station();
  step(100);
  process.powered = false;
  step(50);
  process.powered = true;
  step(1);
  step(20);
  expect([told('plc-uptime'), told('plc-restarts'), told('plc-mode')]).toEqual([20, 1, 0]);
});
