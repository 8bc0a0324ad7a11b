import opcua from 'node-opcua';
import { afterAll, describe, expect, test } from 'vitest';
import { encodeNumber, encodeText } from '../../drivers/opcua/conversion.ts';
import { findTarget, plainOf, shows, valueFor, writeTarget } from '../../drivers/opcua/node-write.ts';
import { readLocated } from '../../drivers/opcua/reading.ts';
import { killAll, lifeline } from '../gateway/processes.ts';
import { addEnumerations } from './opcua-enumerations.ts';
import { freePort, serverOn, sessionOn } from './opcua-server.ts';

afterAll(killAll);

const { DataType } = opcua;

describe('values for OPC UA data types', () => {
  test.each([
    ['SByte', -128, 127],
    ['Byte', 0, 255],
    ['Int16', -32_768, 32_767],
    ['UInt16', 0, 65_535],
    ['Int32', -(2 ** 31), 2 ** 31 - 1],
    ['UInt32', 0, 2 ** 32 - 1],
  ] as const)('%s takes %d to %d and no number beyond', (name, low, high) => {
    const encode = (raw: number) => encodeNumber(opcua, DataType[name], raw);
    expect([encode(low), encode(high)]).toEqual([low, high]);
    for (const raw of [low - 1, high + 1]) expect(() => encode(raw)).toThrow(`does not fit ${name} (${low}…${high})`);
    expect(() => encode(0.5)).toThrow('no whole number');
    expect(() => encode(Number.NaN)).toThrow(RangeError);
  });

  test('64 bits are exact, a Float is rounded and bounded, and what has no number says so', () => {
    const text = (type: keyof typeof DataType, written: string) =>
      encodeText(opcua, DataType[type], written, undefined);
    expect(text('UInt64', '18446744073709551615')).toEqual([0xffff_ffff, 0xffff_ffff]);
    expect(text('Int64', '-9223372036854775808')).toEqual([0x8000_0000, 0]);
    expect(() => text('Int64', '9223372036854775808')).toThrow('does not fit Int64');
    expect(text('Float', '0.1')).toBe(Math.fround(0.1));
    expect(() => text('Float', '1e39')).toThrow('does not fit Float');
    expect(() => text('Double', 'Infinity')).toThrow('does not fit Double');
    expect(text('DateTime', '2026-11-25T08:00:00Z')).toEqual(new Date(Date.UTC(2026, 10, 25, 8)));
    expect(() => text('DateTime', '5')).toThrow('2026-11-25T08:00:00Z');
    for (const [written, value] of [
      ['TRUE', true],
      ['0', false],
    ] as const)
      expect(text('Boolean', written)).toBe(value);
    for (const written of ['2', 'on', '']) expect(() => text('Boolean', written)).toThrow(RangeError);
    expect(() => text('Int16', '')).toThrow('"" is no Int16');
    expect(() => text('Guid', '1')).toThrow('Guid takes no number');
  });
});

describe('a node to be written', () => {
  test('takes a value of its type, elements of arrays and nodes that are only named so', async () => {
    const { endpoint, variable, add } = await serverOn(await freePort());
    add('odd[2]', 'Double', 7);
    const { session, limits } = await sessionOn(endpoint);
    for (const [name, text, held] of [
      ['pair[1]', '6.5', Float64Array.of(1, 6.5)],
      ['odd[2]', '8', 8],
      ['text', 'valve 3', 'valve 3'],
      ['run', 'false', false],
      ['energy', '-9007199254740993', [0xffdf_ffff, 0xffff_ffff]],
    ] as const) {
      const target = await findTarget(opcua, session, `nsu=urn:test:plc;s=${name}`, limits);
      const value = valueFor(opcua, target, text);
      expect(await writeTarget(opcua, session, target, value)).toBe(true);
      expect(variable(name === 'pair[1]' ? 'pair' : name).readValue().value.value).toEqual(held);
      const [reading] = await readLocated(opcua, session, [target], 1);
      expect(shows(reading!, plainOf(opcua, target, value))).toBe(true);
      expect(shows(target.before, plainOf(opcua, target, value))).toBe(false);
    }
  });

  test.each([
    ['ns=1;s=pair', 'name one element of it, such as ns=1;s=pair[0]'],
    ['ns=1;s=nowhere', 'BadNodeIdUnknown'],
    ['nsu=urn:x;s=small', 'no such namespace'],
    ['i=85', 'BadAttributeIdInvalid'],
  ])('is not %s: %s', async (name, why) => {
    const { endpoint } = await serverOn(await freePort());
    const { session, limits } = await sessionOn(endpoint);
    const refused = { code: 'LL-OPCUA-NODE', message: expect.stringContaining(why) };
    await expect(findTarget(opcua, session, name, limits)).rejects.toMatchObject(refused);
  });
});

describe('lifeline write opcua', () => {
  const write = (endpoint: string, ...args: string[]) => lifeline('write', 'opcua', endpoint, ...args).ended;

  test('shows what is there and what will be, converts to the type of the node, writes, reads back', async () => {
    const { endpoint, variable, server } = await serverOn(await freePort());
    addEnumerations(server);
    const small = await write(endpoint, 'ns=1;s=small', '--yes', '--json', '--', '-300');
    expect(small.code).toBe(0);
    const fields = { node: 'ns=1;s=small', type: 'Int16', before: -7, value: -300, readBack: -300, ok: true };
    expect(JSON.parse(small.stdout)).toEqual(fields);
    expect(small.stderr).toContain(`ns=1;s=small of ${endpoint}: -7 → -300 (Int16)`);
    expect(variable('small').readValue().value.value).toBe(-300);
    const mode = await write(endpoint, 'ns=1;s=mode', 'AUTO', '--yes');
    expect(mode).toMatchObject({ code: 0, stderr: expect.stringContaining('0 (OFF) → 2 (AUTO) (Int32)') });
  }, 60_000);

  test('refuses without a terminal, what does not fit and what the server refuses; exits with 4 when nothing answers', async () => {
    const { endpoint, variable, add } = await serverOn(await freePort());
    add('fixed', 'Double', 1, 1);
    expect(await write(endpoint, 'ns=1;s=small', '5')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('--yes'),
    });
    for (const [node, value, why] of [
      ['ns=1;s=small', '40000', /LL-OPCUA-WRITE.*40000 does not fit Int16 \(-32768…32767\)/],
      ['ns=1;s=fixed', '5', /LL-OPCUA-WRITE.*BadNotWritable/],
    ] as const) {
      const { code, stderr, stdout } = await write(endpoint, node, value, '--yes');
      expect([code, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(why);
    }
    expect(variable('small').readValue().value.value).toBe(-7);
    const nobody = `opc.tcp://127.0.0.1:${await freePort()}`;
    expect(await write(nobody, 'ns=1;s=small', '5', '--yes')).toMatchObject({ code: 4 });
  }, 60_000);

  test('exits with 1 when the server takes a value and shows another', async () => {
    const { endpoint, variable } = await serverOn(await freePort());
    const small = variable('small');
    small.on('value_changed', (data) => {
      if (data.value.value !== -7) small.setValueFromSource({ dataType: DataType.Int16, value: -7 });
    });
    const { code, stderr } = await write(endpoint, 'ns=1;s=small', '5', '--yes');
    expect(code).toBe(1);
    expect(stderr).toContain('the device took it, but it reads back as -7; look at the plant');
  }, 30_000);
});
