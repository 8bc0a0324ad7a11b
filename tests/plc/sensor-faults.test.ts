import { describe, expect, it } from 'vitest';
import { decodeValue, encodeValue } from '../../drivers/modbus/registers.ts';
import { seededRandom } from '../../edge/core/random.ts';
import type { Plc, PlcPoint } from '../../simulator/city/plant.ts';
import { DeviceHappenings } from '../../simulator/plc/device-happenings.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { equipped } from '../../simulator/plc/sight.ts';
import { plcOf, point } from './plc.ts';

const startMs = Date.UTC(2027, 0, 12);
const analogue = { noise: 0.001, low: 0, high: 100, type: 'float32' } as const;

/** A PLC with two temperatures, a level and a contact, whose truth the test sets. */
function setUp(protocol: Plc['protocol'] = 'modbus-tcp', over: Partial<PlcPoint> = {}) {
  const truth = { supply: 60, back: 40, level: 5, run: 1 };
  const plc = equipped({
    ...plcOf('s-1', 1, [
      point('supply', { ...analogue, unit: 'Cel', asset: 'sub-1', role: 'supply', read: () => truth.supply, ...over }),
      point('back', { ...analogue, unit: 'Cel', address: 2, read: () => truth.back }),
      point('level', { ...analogue, unit: 'm', address: 4, read: () => truth.level }),
      point('run', { type: 'bool', table: 'discrete', low: 0, high: 1, read: () => truth.run }),
    ]),
    protocol,
  });
  const devices = new DeviceHappenings([plc], seededRandom(1));
  const scan = createScan(plc, seededRandom(2));
  const start = (kind: string, name: string, magnitude: number, rampS = 0) =>
    devices.start({ id: 'h', kind, target: `s-1/${name}`, startMs, durationS: 3600, rampS, magnitude });
  const at = (elapsedS: number) => {
    devices.step(startMs + elapsedS * 1000);
    scan.scan();
    return plc.points.map((_, index) => scan.engineering(index));
  };
  return { truth, plc, devices, scan, start, at };
}

describe('a sensor fault', () => {
  it('stuck: holds the reading with its noise, whatever becomes of the truth, until it is mended', () => {
    const { truth, start, at } = setUp();
    start('sensor.stuck', 'supply', 1);
    const [held] = at(10);
    truth.supply = 20;
    expect(at(20)[0]).toBe(held);
    expect(at(3601)[0]).toBeCloseTo(20, 1);
  });

  it('stuck: also holds a contact', () => {
    const { truth, start, at } = setUp();
    start('sensor.stuck', 'run', 1);
    at(1);
    truth.run = 0;
    expect([at(10)[3], at(3601)[3]]).toEqual([1, 0]);
  });

  it('bias: grows over its ramp to its share of the range', () => {
    const { start, at } = setUp();
    start('sensor.bias', 'supply', 10, 100);
    expect(at(50)[0]).toBeCloseTo(65, 1);
    expect(at(200)[0]).toBeCloseTo(70, 1);
  });

  it('drift: goes on with time and ends at the limit of the instrument', () => {
    const { start, at } = setUp();
    start('sensor.drift', 'supply', -20);
    expect(at(1800)[0]).toBeCloseTo(50, 1);
    expect(at(3600)[0]).toBeCloseTo(40, 1);
  });

  it('noise: spreads the readings as much as it says, around the truth', () => {
    const { start, at } = setUp();
    start('sensor.noise', 'supply', 50);
    const readings = Array.from({ length: 400 }, (_, second) => at(second)[0]! - 60);
    const deviation = Math.sqrt(readings.reduce((sum, one) => sum + one * one, 0) / readings.length);
    expect(deviation / (50 * analogue.noise)).toBeGreaterThan(0.85);
    expect(deviation / (50 * analogue.noise)).toBeLessThan(1.15);
  });

  it('spikes: leaves most readings as they are and lets few jump', () => {
    const { start, at } = setUp();
    start('sensor.spikes', 'supply', 30);
    const jumps = Array.from({ length: 400 }, (_, second) => Math.abs(at(second)[0]! - 60)).filter((off) => off > 1);
    expect(jumps.length).toBeGreaterThan(5);
    expect(jumps.length).toBeLessThan(50);
    for (const off of jumps) expect(off).toBeCloseTo(30, 0);
  });

  it.each([
    ['sensor.times-ten', 'supply', 600],
    ['sensor.unit-change', 'supply', 140],
    ['sensor.unit-change', 'level', 16.4042],
  ])('%s of %s: gives %f', (kind, name, expected) => {
    const { plc, start, at } = setUp();
    start(kind, name, 1);
    expect(at(1)[plc.points.findIndex((one) => one.name === name)]).toBeCloseTo(expected, 0);
  });

  it('swapped wires: exchanges two sensors of one unit', () => {
    const { start, at } = setUp();
    expect(start('sensor.swapped-wires', 'back', 1).affected).toEqual(['s-1', 'sub-1']);
    expect(at(1).map((value) => Math.round(value))).toEqual([40, 60, 5, 1]);
    expect(at(3601).map((value) => Math.round(value))).toEqual([60, 40, 5, 1]);
  });

  it('word order: tells clients the same registers the other way round, and the program the truth', () => {
    const { plc, scan, start, at } = setUp();
    start('sensor.word-order', 'supply', 1);
    at(1);
    const shown = encodeValue('float32', 'cdab', scan.raw[0]!);
    expect(decodeValue('float32', 'abcd', shown, 0)).toBeCloseTo(60, 1);
    expect(plc.instruments[0]!.see(0)).toBeCloseTo(60, 1);
  });

  it('broken: the program sees the end of the range, clients the value that stands for it', () => {
    const asFloat = setUp();
    asFloat.start('sensor.broken', 'supply', 1);
    expect(asFloat.at(1)[0]).toBeNaN();
    expect(asFloat.plc.instruments[0]!.see(0)).toBe(100);
    const asInteger = setUp('modbus-tcp', { type: 'int16', scale: 0.1 });
    asInteger.start('sensor.broken', 'supply', 1);
    asInteger.at(1);
    expect(asInteger.scan.raw[0]).toBe(0x7fff);
    const overOpcua = setUp('opcua', { type: 'int16', scale: 0.1 });
    overOpcua.start('sensor.broken', 'supply', 1);
    overOpcua.at(1);
    expect(overOpcua.scan.raw[0]).toBeNaN();
  });

  it('frozen time: values go on, their source time stands still', () => {
    const { truth, scan, start, at } = setUp('opcua');
    start('sensor.frozen-time', 'supply', 1);
    const times = [10, 20, 3601].map((second) => {
      truth.supply = second / 100;
      expect(at(second)[0]).toBeCloseTo(second / 100, 1);
      return scan.sourceTime!(0, startMs + second * 1000) - startMs;
    });
    expect(times).toEqual([10_000, 10_000, 3_601_000]);
  });

  it('befalls only what it can befall, and its truth names the tag', () => {
    const { devices, start } = setUp();
    const targetsOf = (kind: string) => devices.happenings.find((one) => one.kind === kind)?.targets;
    expect(targetsOf('sensor.stuck')).toEqual(['s-1/supply', 's-1/back', 's-1/level', 's-1/run']);
    expect(targetsOf('sensor.swapped-wires')).toEqual(['s-1/supply', 's-1/back']);
    expect(targetsOf('sensor.frozen-time')).toEqual([]);
    expect(() => start('sensor.bias', 'run', 5)).toThrow('s-1/run');
    expect(start('sensor.bias', 'supply', 5)).toMatchObject({ asset: 'sub-1', tags: ['s-1/supply'] });
    expect(start('sensor.bias', 'back', 5)).toMatchObject({ asset: 's-1' });
  });
});
