import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type PointType, pointTypes, wordOrders } from '../../drivers/api.ts';
import { encodeMbap, type MbapFrame, MbapReader } from '../../drivers/modbus/frame.ts';
import {
  encodeException,
  encodeReadReply,
  encodeReadRequest,
  encodeWriteReply,
  judgeReadReply,
  parseRequest,
} from '../../drivers/modbus/pdu.ts';
import { decoderOf, decodeValue, encodeValue, registersOf } from '../../drivers/modbus/registers.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { seededRandom } from '../../edge/core/random.ts';

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const bytes = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(' ', ''), 'hex'));

const valuesOf: Record<PointType, fc.Arbitrary<number>> = {
  bool: fc.constantFrom(0, 1),
  int16: fc.integer({ min: -32768, max: 32767 }),
  uint16: fc.integer({ min: 0, max: 65535 }),
  int32: fc.integer({ min: -2147483648, max: 2147483647 }),
  uint32: fc.integer({ min: 0, max: 4294967295 }),
  int64: fc.maxSafeInteger(),
  uint64: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  float32: fc.float(),
  float64: fc.double(),
};

describe('registers', () => {
  test.each([
    ['float32', 'abcd', [0x42f6, 0xe979]],
    ['float32', 'badc', [0xf642, 0x79e9]],
    ['float32', 'cdab', [0xe979, 0x42f6]],
    ['float32', 'dcba', [0x79e9, 0xf642]],
  ] as const)('reads 123.456 as %s %s', (type, order, registers) => {
    expect(decodeValue(type, order, Uint16Array.from(registers), 0)).toBeCloseTo(123.456, 4);
    expect([...encodeValue(type, order, 123.456)]).toEqual([...registers]);
  });

  test('reads the 64-bit orders as they are named, by four or by eight letters', () => {
    const value = 0x0102030405060708n;
    const wire: Record<string, string> = {
      abcdefgh: '0102030405060708',
      badcfehg: '0201040306050807',
      ghefcdab: '0708050603040102',
      hgfedcba: '0807060504030201',
    };
    const short: Record<string, 'abcd' | 'badc' | 'cdab' | 'dcba'> = {
      abcdefgh: 'abcd',
      badcfehg: 'badc',
      ghefcdab: 'cdab',
      hgfedcba: 'dcba',
    };
    for (const order of ['abcdefgh', 'badcfehg', 'ghefcdab', 'hgfedcba'] as const) {
      const registers = Uint16Array.from(wire[order]!.match(/.{4}/g)!, (word) => Number.parseInt(word, 16));
      expect(decodeValue('int64', order, registers, 0)).toBe(Number(value));
      expect(decodeValue('uint64', short[order]!, registers, 0)).toBe(Number(value));
    }
  });

  test('gives back every value of every type in every order, at any offset', () => {
    for (const type of pointTypes) {
      for (const order of wordOrders) {
        fc.assert(
          fc.property(valuesOf[type], fc.integer({ min: 0, max: 5 }), (value, offset) => {
            const encoded = encodeValue(type, order, value);
            expect(encoded).toHaveLength(registersOf(type));
            const registers = new Uint16Array(offset + encoded.length + 1).fill(0xaaaa);
            registers.set(encoded, offset);
            expect(decodeValue(type, order, registers, offset)).toBe(value);
          }),
          { numRuns: 60, seed: 7 },
        );
      }
    }
  });

  test('saturates integers that do not fit and rounds fractions', () => {
    const through = (type: PointType, value: number) => decodeValue(type, 'abcd', encodeValue(type, 'abcd', value), 0);
    expect(through('int16', 40000)).toBe(32767);
    expect(through('int16', -40000)).toBe(-32768);
    expect(through('uint16', -1)).toBe(0);
    expect(through('uint32', 1e12)).toBe(4294967295);
    expect(through('int64', -1e30)).toBe(-(2 ** 63));
    expect(through('uint64', 1e30)).toBe(2 ** 64);
    expect(through('int32', 2.6)).toBe(3);
    expect(through('uint16', Number.NaN)).toBe(0);
  });

  test('takes one bit of a register, counting from the least significant bit of the value', () => {
    const decoder = decoderOf('bool', 'abcd', 10);
    expect(decoder(Uint16Array.of(0, 0x0400), 1)).toBe(1);
    expect(decoder(Uint16Array.of(0xffff, 0xfbff), 1)).toBe(0);
    expect(decoderOf('bool', 'badc', 10)(Uint16Array.of(0x0004), 0)).toBe(1);
  });
});

describe('frames', () => {
  test('encodes the read example of the specification byte by byte', () => {
    expect(hex(encodeMbap(0x1501, 0xff, encodeReadRequest('holding', 4, 1)))).toBe('150100000006ff0300040001');
  });

  test('finds the same frames however the stream is cut', () => {
    const frame = fc.record({
      transaction: fc.integer({ min: 0, max: 65535 }),
      unit: fc.integer({ min: 0, max: 255 }),
      pdu: fc.uint8Array({ minLength: 1, maxLength: 253 }),
    });
    fc.assert(
      fc.property(fc.array(frame, { maxLength: 6 }), fc.array(fc.integer({ min: 1, max: 300 })), (frames, cuts) => {
        const stream = Buffer.concat(frames.map((f) => encodeMbap(f.transaction, f.unit, f.pdu)));
        const reader = new MbapReader();
        const found: MbapFrame[] = [];
        let at = 0;
        for (const cut of [...cuts, stream.length]) {
          found.push(...reader.push(stream.subarray(at, at + cut)));
          at += cut;
        }
        expect(found.map((f) => ({ ...f, pdu: hex(f.pdu) }))).toEqual(frames.map((f) => ({ ...f, pdu: hex(f.pdu) })));
      }),
      { seed: 11 },
    );
  });

  test.each([
    ['a protocol id that is not 0', '0001 0001 0006 01'],
    ['length 0', '0001 0000 0000 01'],
    ['length 1, which leaves no function code', '0001 0000 0001 01'],
    ['a length of more than 254', '0001 0000 00ff 01'],
    ['a length that would ask for 64 kB', '0001 0000 ffff 01'],
  ])('refuses %s, whole or byte by byte', (_, text) => {
    const framing = expect.objectContaining({ code: 'LL-MODBUS-FRAMING' });
    expect(() => new MbapReader().push(bytes(text))).toThrow(framing);
    const reader = new MbapReader();
    expect(() => {
      for (const byte of bytes(text)) reader.push(Uint8Array.of(byte));
    }).toThrow(framing);
  });

  test('throws nothing but its own coded error on 100,000 random chunks', () => {
    const random = seededRandom(5);
    let reader = new MbapReader();
    for (let round = 0; round < 100_000; round++) {
      const chunk = Uint8Array.from({ length: random.integer(0, 24) }, () => random.integer(0, 255));
      // half of the chunks begin like a frame, so that the reader gets past the header
      if (chunk.length > 5 && round % 2 === 0) chunk.set([chunk[0]!, chunk[1]!, 0, 0, 0, random.integer(0, 12)]);
      try {
        for (const frame of reader.push(chunk)) expect(frame.pdu.length).toBeGreaterThan(0);
      } catch (error) {
        expect(error).toBeInstanceOf(LifelineError);
        reader = new MbapReader();
      }
    }
  });
});

describe('protocol data units', () => {
  test('reads the request examples of the specification', () => {
    expect(parseRequest(bytes('03 006b 0003'))).toEqual({ kind: 'read', table: 'holding', address: 0x6b, count: 3 });
    expect(parseRequest(bytes('01 0013 0013'))).toEqual({ kind: 'read', table: 'coil', address: 0x13, count: 19 });
    expect(parseRequest(bytes('05 00ac ff00'))).toMatchObject({ table: 'coil', address: 0xac });
    expect(parseRequest(bytes('10 0001 0002 04 000a 0102'))).toEqual({
      kind: 'write',
      table: 'holding',
      address: 1,
      values: Uint16Array.of(0x000a, 0x0102),
    });
    expect(parseRequest(bytes('0f 0013 000a 02 cd01'))).toEqual({
      kind: 'write',
      table: 'coil',
      address: 0x13,
      values: Uint16Array.of(1, 0, 1, 1, 0, 0, 1, 1, 1, 0),
    });
  });

  test('answers as the specification shows', () => {
    expect(hex(encodeReadReply('holding', Uint16Array.of(0x022b, 0, 0x64)))).toBe('0306022b00000064');
    expect(hex(encodeReadReply('discrete', Uint16Array.of(0, 0, 1, 1, 0, 1, 0, 1, 1)))).toBe('0202ac01');
    expect(hex(encodeWriteReply(bytes('10 0001 0002 04 000a 0102')))).toBe('1000010002');
    expect(hex(encodeException(bytes('01 04a1 0001'), 2))).toBe('8102');
  });

  test.each([
    ['an unknown function', '2b 0e 01 00', 1],
    ['more than 125 registers', '03 0000 007e', 3],
    ['more than 2000 bits', '01 0000 07d1', 3],
    ['nothing', '04 0000 0000', 3],
    ['registers past 65535', '03 ffff 0002', 2],
    ['a write whose byte count lies', '10 0001 0002 05 000a 0102', 3],
    ['a coil value between on and off', '05 0001 1234', 3],
    ['a read cut short', '03 00', 3],
  ])('refuses %s with the right exception', (_, pdu, exception) => {
    expect(parseRequest(bytes(pdu))).toEqual({ kind: 'refused', exception });
  });

  test('accepts only an answer whose function, byte count and length fit the request', () => {
    const reply = encodeReadReply('holding', Uint16Array.of(1, 2));
    expect(judgeReadReply(reply, 'holding', 2)).toBe('values');
    expect(judgeReadReply(reply, 'holding', 3)).toBe('mismatch');
    expect(judgeReadReply(reply, 'input', 2)).toBe('mismatch');
    expect(judgeReadReply(reply.subarray(0, 5), 'holding', 2)).toBe('mismatch');
    expect(judgeReadReply(bytes('83 02'), 'holding', 2)).toEqual({ exception: 2 });
    expect(judgeReadReply(bytes('84 02'), 'holding', 2)).toBe('mismatch');
    expect(judgeReadReply(bytes('83 02 00'), 'holding', 2)).toBe('mismatch');
  });
});
