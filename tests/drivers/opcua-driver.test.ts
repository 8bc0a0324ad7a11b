import opcua from 'node-opcua';
import { describe, expect, test } from 'vitest';
import { opcuaDriver } from '../../drivers/opcua/driver.ts';
import { numberOf, qualityOfStatus } from '../../drivers/opcua/value.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import { qualityName } from '../../edge/core/quality.ts';
import { device, freePort, node, serverOn, variables, watch } from './opcua-server.ts';
import { pointAt } from './peer.ts';

describe('OPC UA driver', () => {
  test('reports every type with source time and quality, one batch per publish', async () => {
    const server = await serverOn(await freePort());
    const names = Object.keys(variables);
    const seen = await watch(
      device(
        server.endpoint,
        names.map((name, tag) => node(tag, name)),
      ),
    );
    expect(seen.session.polls).toEqual([]);
    await seen.until(() => seen.newest.size === names.length);
    const good = (value: number) => ({ value, quality: 'good', time: 5000 });
    expect([...seen.newest.entries()].sort(([a], [b]) => a - b).map(([, sample]) => sample)).toEqual([
      good(21.5),
      good(1.25),
      good(1),
      good(-7),
      good(4_000_000_000),
      good(-2),
      good(4_294_967_301),
      { value: Number.NaN, quality: 'config', time: 5000 },
      { value: Number.NaN, quality: 'config', time: 5000 },
    ]);
    expect(seen.batches).toHaveLength(1);
    const { Double } = opcua.DataType;
    const temp = server.variable('temp');
    temp.setValueFromSource(
      { dataType: Double, value: 22 },
      opcua.StatusCodes.UncertainSubstituteValue,
      new Date(6000),
    );
    await seen.until(() => seen.newest.get(0)!.time === 6000);
    expect(seen.newest.get(0)).toEqual({ value: 22, quality: 'substituted', time: 6000 });
    temp.setValueFromSource({ dataType: Double, value: 23 }, opcua.StatusCodes.BadSensorFailure, new Date(7000));
    await seen.until(() => seen.newest.get(0)!.time === 7000);
    expect(seen.newest.get(0)).toEqual({ value: Number.NaN, quality: 'device', time: 7000 });
    temp.setValueFromSource({ dataType: opcua.DataType.Null }, opcua.StatusCodes.BadNotConnected, new Date(8000));
    await seen.until(() => seen.newest.get(0)!.time === 8000);
    expect(seen.newest.get(0)).toEqual({ value: Number.NaN, quality: 'not-connected', time: 8000 });
  });

  test('marks only the nodes that do not exist, and finds namespaces by their uri', async () => {
    const server = await serverOn(await freePort());
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (_fields, message) => warnings.push(message) };
    const points = [
      node(0, 'temp'),
      node(1, 'tmep'),
      { ...node(2, ''), node: 'nsu=urn:test:plc;s=level' },
      { ...node(3, ''), node: 'nsu=urn:nobody;s=level' },
    ];
    const seen = await watch(device(server.endpoint, points), log);
    await seen.until(() => seen.newest.size === 4);
    expect([0, 1, 2, 3].map((tag) => seen.newest.get(tag)!.quality)).toEqual(['good', 'config', 'good', 'config']);
    expect(seen.newest.get(2)!.value).toBe(1.25);
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toContain('does not offer 2 points');
    expect(warnings[0]).toContain('d/p1 at ns=1;s=tmep (BadNodeIdUnknown)');
  });

  test.each([
    ['tcp://10.0.0.1:4840', 'ns=1;s=a', {}, 'LL-OPCUA-ENDPOINT'],
    ['opc.tcp://10.0.0.1:4840', '', {}, 'LL-OPCUA-POINT'],
    ['opc.tcp://10.0.0.1:4840', 'ns=1;i=abc', {}, 'LL-OPCUA-POINT'],
    ['opc.tcp://plc:4840/ua', 'i=85', { security: { policy: 'None', mode: 'Sign' } }, 'LL-OPCUA-OPTIONS'],
    ['opc.tcp://plc', 'ns=3;s="DB"."P1"', { password: 'x' }, 'LL-OPCUA-OPTIONS'],
    ['opc.tcp://plc', 'i=85', { user: 'a', password: 'x', passwordFile: 'y' }, 'LL-OPCUA-OPTIONS'],
    ['opc.tcp://plc', 'i=85', { userCertificate: 'a.pem' }, 'LL-OPCUA-OPTIONS'],
  ])('refuses %s %s %o before touching the network', (endpoint, nodeId, options, code) => {
    const definition = device(endpoint, [pointAt(0, 0, { node: nodeId })], options);
    expect(() => opcuaDriver.validate(definition)).toThrow(expect.objectContaining({ code }));
  });
});

describe('OPC UA values', () => {
  test('map every standard status code by severity, and the known ones by reason', () => {
    for (const status of Object.values(opcua.StatusCodes) as { value: number; name: string }[]) {
      if (typeof status?.value !== 'number') continue;
      const name = qualityName(qualityOfStatus(status.value));
      if (status.value >>> 30 === 0) expect(name).toBe('good');
      if (status.value >>> 30 === 1) expect(['uncertain', 'substituted', 'out-of-range']).toContain(name);
      if (status.value >>> 31 === 1) expect(['good', 'uncertain']).not.toContain(name);
    }
    expect(qualityName(qualityOfStatus(opcua.StatusCodes.BadSensorFailure.value))).toBe('device');
    expect(qualityName(qualityOfStatus(opcua.StatusCodes.BadNodeIdUnknown.value | 0x400))).toBe('config');
    // the limit bits tell at which end of its range a failed sensor is (Part 4, 7.39.1)
    const failed = opcua.StatusCodes.BadSensorFailure.value;
    const ends = [0x500, 0x600, 0x700].map((bits) => qualityName(qualityOfStatus((failed | bits) >>> 0)));
    expect(ends).toEqual(['under-range', 'over-range', 'device']);
    expect(qualityName(qualityOfStatus((opcua.StatusCodes.BadNoCommunication.value | 0x600) >>> 0))).toBe('comm');
  });

  test('are numbers, truth values, times and 64-bit pairs, and nothing else', () => {
    expect(numberOf([0, 7], false)).toBe(7);
    expect(numberOf([0xffff_ffff, 0xffff_ffff], true)).toBe(-1);
    expect(numberOf(new Date(12), false)).toBe(12);
    for (const other of ['5', null, undefined, {}, [1, 2, 3], ['a', 'b']]) expect(numberOf(other, false)).toBeNaN();
  });
});
