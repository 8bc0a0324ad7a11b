import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import { deviceClock } from '../../simulator/plc/device-clock.ts';
import { MemoryOpcuaServer } from '../../simulator/plc/memory-opcua.ts';
import { createScan } from '../../simulator/plc/scan.ts';
import { plcOf, point } from './plc.ts';

describe('an OPC UA server in memory', () => {
  const truth = { level: 1, fan: 0, program: 'winter', powered: true };
  const plc = {
    ...plcOf('well', 1, [
      point('level', { read: () => truth.level, type: 'float64' }),
      point('fan', { read: () => truth.fan, type: 'bool' }),
      point('program', { text: () => truth.program, type: 'string-utf8' }),
    ]),
    protocol: 'opcua' as const,
    powered: () => truth.powered,
  };
  const scan = createScan(plc, seededRandom(1));
  const server = new MemoryOpcuaServer(scan, 10_000);
  const shown = deviceClock('well');
  const told: unknown[] = [];
  let lost = 0;
  const watch = (...nodes: readonly [name: string, periodMs: number][]) =>
    server.watch(
      nodes.map(([name, periodMs]) => ({ node: `ns=1;s=well.${name}`, periodMs })),
      (place, { value, dataType, statusCode, sourceTimeMs }) =>
        told.push([place, value, dataType, statusCode, sourceTimeMs]),
      () => lost++,
    );
  const publish = (timeMs: number) => {
    told.length = 0;
    scan.scan();
    server.publish(timeMs);
    return [...told];
  };

  it('tells of every node at once, in the data type of its point, by the clock of the PLC, and of one that it does not have', () => {
    watch(['level', 1000], ['fan', 2000], ['nothing', 1000], ['program', 1000]);
    expect(told).toEqual([
      [2, 0, 0, 0x8034_0000, 10_000],
      [0, 1, 11, 0, shown(10_000)],
      [1, false, 1, 0, shown(10_000)],
      [3, 'winter', 12, 0, shown(10_000)],
    ]);
  });

  it('tells of changes only, and no more than one in a period', () => {
    expect(publish(11_000)).toEqual([]);
    Object.assign(truth, { level: 2, fan: 1, program: 'summer' });
    expect(publish(11_500)).toEqual([]);
    expect(publish(12_000)).toEqual([
      [0, 2, 11, 0, shown(12_000)],
      [1, true, 1, 0, shown(12_000)],
      [3, 'summer', 12, 0, shown(12_000)],
    ]);
  });

  it('breaks with its clients when the supply is gone, and takes none until it is back', () => {
    truth.powered = false;
    expect(publish(13_000)).toEqual([]);
    expect([lost, watch(['level', 1000])]).toEqual([1, undefined]);
    truth.powered = true;
    expect(publish(14_000)).toEqual([]);
    expect(lost).toBe(1);
    expect(watch(['level', 1000])).toBeTypeOf('function');
    expect(told).toEqual([[0, 2, 11, 0, shown(14_000)]]);
  });
});
