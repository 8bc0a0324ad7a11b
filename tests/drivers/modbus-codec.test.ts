import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type NumberType, numberTypes, wordOrders } from '../../drivers/api.ts';
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

/** Every mantissa × 10^exponent that a meter would show. */
const decades = (lowest: number, highest: number) =>
  fc
    .tuple(fc.integer({ min: lowest, max: highest }), fc.integer({ min: -9, max: 6 }))
    .map(([mantissa, exponent]) => (exponent < 0 ? mantissa / 10 ** -exponent : mantissa * 10 ** exponent));

const valuesOf: Record<NumberType, fc.Arbitrary<number>> = {
  bool: fc.constantFrom(0, 1),
  int16: fc.integer({ min: -32768, max: 32767 }),
  uint16: fc.integer({ min: 0, max: 65535 }),
  int32: fc.integer({ min: -2147483648, max: 2147483647 }),
  uint32: fc.integer({ min: 0, max: 4294967295 }),
  int64: fc.maxSafeInteger(),
  uint64: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  float32: fc.float(),
  float64: fc.double(),
  bcd16: fc.integer({ min: 0, max: 9999 }),
  bcd32: fc.integer({ min: 0, max: 99_999_999 }),
  mod10k48: fc.integer({ min: -999_999_999_999, max: 999_999_999_999 }),
  mod10k64: fc.maxSafeInteger(),
  'exponent-uint24': decades(0, 0xff_ffff),
  'exponent-int24': decades(-0x80_0000, 0x7f_ffff),
  'mantissa-exponent32': decades(-0x7fff, 0x7fff),
  'time-unix32': fc.integer({ min: 0, max: 0xffff_ffff }).map((second) => second * 1000),
  'time-bcd48': fc
    .integer({ min: Date.UTC(2000, 0, 1) / 1000, max: Date.UTC(2100, 0, 1) / 1000 - 1 })
    .map((second) => second * 1000),
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
    for (const type of numberTypes) {
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
    const through = (type: NumberType, value: number) => decodeValue(type, 'abcd', encodeValue(type, 'abcd', value), 0);
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

describe('registers of meters', () => {
  const read = (type: NumberType, ...registers: number[]) =>
    decodeValue(
      type,
      'abcd',
      Uint16Array.from(registers, (register) => register & 0xffff),
      0,
    );

  // the examples of the manuals: FA212766 of Schneider Electric; T5 and T6 of Monarch's 7M
  test.each([
    ['bcd16', [0x1234], 1234],
    ['bcd32', [0x1234, 0x5678], 12_345_678],
    ['mod10k64', [4567, 123, 0, 0], 1_234_567],
    ['mod10k48', [-4567, -123, 0], -1_234_567],
    ['exponent-uint24', [0xfd01, 0xe240], 123.456],
    ['exponent-int24', [0xfdfe, 0x1dc0], -123.456],
    ['mantissa-exponent32', [1234, -1], 123.4],
    ['mantissa-exponent32', [-12_340, 1], -123_400],
    ['time-unix32', [0x6966, 0x3d2d], Date.UTC(2026, 0, 13, 12, 40, 13)],
    ['time-bcd48', [0x2602, 0x2823, 0x5959], Date.UTC(2026, 1, 28, 23, 59, 59)],
  ] as const)('of %s: %j is %d', (type, registers, value) => {
    expect(read(type, ...registers)).toBe(value);
    expect([...encodeValue(type, 'abcd', value)]).toEqual([...registers].map((register) => register & 0xffff));
  });

  test.each([
    ['a digit above 9', 'bcd16', [0x12a4]],
    ['a digit above 9', 'bcd32', [0x1234, 0xf678]],
    ['what a broken meter fills with ones', 'bcd32', [0xffff, 0xffff]],
    ['a group of five digits', 'mod10k64', [0, 10_000, 0, 0]],
    ['an exponent that nothing measured has', 'exponent-int24', [0x7f00, 1]],
    ['a scale factor that is not implemented', 'mantissa-exponent32', [12, 0x8000]],
    ['a point that is not implemented', 'mantissa-exponent32', [0x8000, 0]],
    ['a thirteenth month', 'time-bcd48', [0x2613, 0x0100, 0]],
    ['the 29th of February of a common year', 'time-bcd48', [0x2602, 0x2900, 0]],
    ['a clock that was never set', 'time-bcd48', [0, 0, 0]],
    ['an hour in no clock', 'time-bcd48', [0x2601, 0x0124, 0]],
    ['a digit above 9', 'time-bcd48', [0x2601, 0x010a, 0]],
  ] as const)('are no number with %s in %s', (_, type, registers) => {
    expect(read(type, ...registers)).toBeNaN();
  });

  test('are never a number with any digit above 9, and always one without', () => {
    const nibbles = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 8, maxLength: 8 });
    fc.assert(
      fc.property(nibbles, (digits) => {
        const word = (from: number) => digits.slice(from, from + 4).reduce((all, digit) => all * 16 + digit, 0);
        const value = read('bcd32', word(0), word(4));
        expect(value).toBe(digits.every((digit) => digit <= 9) ? Number(digits.join('')) : Number.NaN);
      }),
      { seed: 9 },
    );
  });

  test('saturate where a type cannot hold the value', () => {
    const through = (type: NumberType, value: number) => decodeValue(type, 'abcd', encodeValue(type, 'abcd', value), 0);
    expect(through('bcd16', 10_000)).toBe(9999);
    expect(through('bcd32', -1)).toBe(0);
    expect(through('mod10k48', 1e15)).toBe(999_999_999_999);
    expect(through('exponent-uint24', -5)).toBe(0);
    expect(through('exponent-uint24', Number.NaN)).toBe(0);
    expect(through('exponent-int24', 1.23456789)).toBe(1.234568);
    expect(through('mantissa-exponent32', 1e12)).toBe(1e12);
    expect(through('time-unix32', -1)).toBe(0);
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
