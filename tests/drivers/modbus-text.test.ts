import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type TextType, textTypes, type WordOrder, wordOrders } from '../../drivers/api.ts';
import { encodeText, textReaderOf } from '../../drivers/modbus/text.ts';

const reading = (type: TextType, order: WordOrder, registers: readonly number[]) =>
  textReaderOf(type, order, registers.length)(Uint16Array.from(registers), 0);
const registersOf = (bytes: readonly number[]) =>
  Array.from(
    { length: Math.ceil(bytes.length / 2) },
    (_, index) => (bytes[2 * index]! << 8) | (bytes[2 * index + 1] ?? 0),
  );

const printable = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)) });
const hanzi = fc.string({ unit: fc.constantFrom(...'南岗区七号泵站一二三号出水总管压力表') });
const textsOf: Record<TextType, fc.Arbitrary<string>> = {
  'string-ascii': printable,
  'string-utf8': fc.tuple(printable, hanzi, fc.constantFrom('', '😀', 'é')).map((parts) => parts.join('')),
  'string-gbk': fc.tuple(printable, hanzi, fc.constantFrom('', '℃', '㎡')).map((parts) => parts.join('')),
};

describe('texts in registers', () => {
  test('come back in every encoding and order, at any offset, with room to spare', () => {
    for (const type of textTypes) {
      for (const order of wordOrders) {
        fc.assert(
          fc.property(
            textsOf[type],
            fc.integer({ min: 0, max: 3 }),
            fc.integer({ min: 0, max: 4 }),
            (text, offset, spare) => {
              const length = Math.max(1, Math.ceil(Buffer.byteLength(text) / 2) + spare);
              const registers = new Uint16Array(offset + length + 1).fill(0x5a5a);
              registers.set(encodeText(type, order, length, text), offset);
              expect(textReaderOf(type, order, length)(registers, offset)).toBe(text);
            },
          ),
          { numRuns: 40, seed: 5 },
        );
      }
    }
  });

  test.each([
    ['string-ascii', 'abcd', [0x5035, 0x3330, 0x2d31], 'P530-1'],
    ['string-ascii', 'badc', [0x3550, 0x3033, 0x312d], 'P530-1'],
    ['string-ascii', 'cdab', [0x5035, 0x3330, 0x2d31], 'P530-1'],
    ['string-gbk', 'abcd', [0xcbae, 0xb1c3, 0x3100], '水泵1'],
    ['string-utf8', 'abcd', [0xe6b0, 0xb4e6, 0xb3b5], '水泵'],
    ['string-ascii', 'abcd', [0x4142, 0x2020, 0x2000], 'AB'],
    ['string-ascii', 'abcd', [0x4142, 0xffff, 0xffff], 'AB'],
    ['string-ascii', 'abcd', [0x4100, 0x4243, 0x4445], 'A'],
    ['string-ascii', 'abcd', [0, 0], ''],
  ] as const)('of %s %s: %j is %j', (type, order, registers, text) => {
    expect(reading(type, order, registers)).toBe(text);
  });

  test('leave out the beginning of a character for which there was no room', () => {
    const utf8 = [...Buffer.from('水泵站')];
    expect(reading('string-utf8', 'abcd', registersOf(utf8.slice(0, 8)))).toBe('水泵');
    expect(reading('string-gbk', 'abcd', [0xcbae, 0x31b1])).toBe('水1');
  });

  test.each([
    ['a byte above 127 in ASCII', 'string-ascii', [0x41c3]],
    ['bytes that are no UTF-8', 'string-utf8', [0xc328, 0x4142, 0]],
    ['a pair that is no GBK', 'string-gbk', [0x41ff, 0x3142, 0]],
    ['numbers instead of letters', 'string-ascii', [0x0103, 0x4142]],
    ['a character cut off in the middle of the room there is', 'string-utf8', [0xe6b0, 0]],
  ] as const)('are none with %s', (_, type, registers) => {
    expect(reading(type, 'abcd', registers)).toBeUndefined();
  });

  test('are cut off where they are too long, with a question mark for what the encoding lacks', () => {
    expect(reading('string-ascii', 'abcd', [...encodeText('string-ascii', 'abcd', 2, 'pump-7')])).toBe('pump');
    expect(reading('string-ascii', 'abcd', [...encodeText('string-ascii', 'abcd', 2, 'a水')])).toBe('a?');
    expect(reading('string-gbk', 'abcd', [...encodeText('string-gbk', 'abcd', 2, '😀')])).toBe('?');
  });

  test('throw nothing on any bytes', () => {
    fc.assert(
      fc.property(fc.constantFrom(...textTypes), fc.uint8Array({ minLength: 2, maxLength: 40 }), (type, bytes) => {
        const text = reading(type, 'abcd', registersOf([...bytes]));
        expect(text === undefined || !/\p{Cc}/u.test(text.replace(/[\t\r\n]/g, ''))).toBe(true);
      }),
      { numRuns: 2000, seed: 6 },
    );
  });
});
