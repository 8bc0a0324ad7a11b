import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  copyBits,
  copyRegisters,
  encodeException,
  encodeIdentificationReply,
  encodeIdentificationRequest,
  encodeReadReply,
  encodeReadRequest,
  encodeWriteReply,
  encodeWriteRequest,
  judgeReply,
  maxWriteBits,
  maxWriteRegisters,
  parseIdentificationReply,
  parseRequest,
} from '../../drivers/modbus/pdu.ts';

const registers = fc.array(fc.integer({ min: 0, max: 0xffff }), { minLength: 1, maxLength: maxWriteRegisters });
const bits = fc.array(fc.integer({ min: 0, max: 1 }), { minLength: 1, maxLength: maxWriteBits });
const address = fc.integer({ min: 0, max: 65_535 - maxWriteBits });
const bytes = fc.uint8Array({ minLength: 1, maxLength: 253 });

describe('writes', () => {
  it('arrive at a server as they left, by codes 5, 6, 15 and 16', () => {
    const written = fc.oneof(
      fc.tuple(fc.constant('holding' as const), registers),
      fc.tuple(fc.constant('coil' as const), bits),
    );
    fc.assert(
      fc.property(written, address, fc.boolean(), ([table, values], from, force) => {
        const multiple = force || values.length > 1;
        const request = encodeWriteRequest(table, from, Uint16Array.from(values), multiple);
        expect(request[0]).toBe({ holding: [6, 16], coil: [5, 15] }[table][multiple ? 1 : 0]);
        expect(parseRequest(request)).toEqual({
          kind: 'write',
          table,
          address: from,
          values: Uint16Array.from(values),
        });
        expect(judgeReply(encodeWriteReply(request), request)).toBe('answer');
        expect(judgeReply(encodeException(request, 2), request)).toEqual({ exception: 2 });
      }),
    );
  });

  it('beyond the limits of the standard are a programmer’s error', () => {
    expect(() => encodeWriteRequest('holding', 0, new Uint16Array(maxWriteRegisters + 1))).toThrow(RangeError);
    expect(() => encodeWriteRequest('coil', 0, new Uint16Array(0))).toThrow(RangeError);
  });

  it('are confirmed only by an answer that echoes place and value', () => {
    const request = encodeWriteRequest('holding', 100, Uint16Array.of(7));
    for (let index = 0; index < request.length; index++) {
      const wrong = encodeWriteReply(request);
      wrong[index] = (wrong[index] as number) ^ 1;
      expect(judgeReply(wrong, request)).toBe('mismatch');
    }
    expect(judgeReply(Uint8Array.of(...request, 0), request)).toBe('mismatch');
  });
});

describe('reads', () => {
  it('come back as they were, bits and registers', () => {
    fc.assert(
      fc.property(bits, registers, (some, words) => {
        const bitReply = encodeReadReply('coil', Uint16Array.from(some));
        const bitTarget = new Uint16Array(some.length);
        copyBits(bitReply, some.length, bitTarget);
        expect([...bitTarget]).toEqual(some);
        expect(judgeReply(bitReply, encodeReadRequest('coil', 0, some.length))).toBe('answer');
        const wordReply = encodeReadReply('holding', Uint16Array.from(words));
        const wordTarget = new Uint16Array(words.length);
        copyRegisters(wordReply, wordTarget);
        expect([...wordTarget]).toEqual(words);
        expect(judgeReply(wordReply, encodeReadRequest('holding', 0, words.length))).toBe('answer');
        expect(judgeReply(wordReply, encodeReadRequest('holding', 0, words.length + 1))).toBe('mismatch');
      }),
    );
  });
});

describe('device identification', () => {
  it('comes back as it was, in parts too', () => {
    const text = fc.string({
      unit: fc.integer({ min: 32, max: 126 }).map((code) => String.fromCharCode(code)),
      maxLength: 20,
    });
    const next = fc.option(fc.integer({ min: 0, max: 255 }), { nil: undefined });
    const objects = fc.dictionary(fc.integer({ min: 0, max: 6 }).map(String), text);
    fc.assert(
      fc.property(objects, next, (found, following) => {
        const sent = {
          conformity: 0x82,
          next: following,
          objects: new Map(Object.entries(found).map(([id, value]) => [Number(id), value])),
        };
        const reply = encodeIdentificationReply(2, sent);
        expect(parseIdentificationReply(reply)).toEqual(sent);
        expect(judgeReply(reply, encodeIdentificationRequest(2))).toBe('answer');
        expect(judgeReply(reply.subarray(0, -1), encodeIdentificationRequest(2))).toBe('mismatch');
      }),
    );
  });
});

it('any bytes are judged, parsed or refused, never thrown at', () => {
  const request = fc.oneof(
    fc.constant(encodeReadRequest('holding', 0, 10)),
    fc.constant(encodeWriteRequest('coil', 3, Uint16Array.of(1))),
    fc.constant(encodeIdentificationRequest(1)),
  );
  fc.assert(
    fc.property(bytes, request, (noise, asked) => {
      parseRequest(noise);
      parseIdentificationReply(noise);
      judgeReply(noise, asked);
      judgeReply(Uint8Array.of(asked[0] as number, ...noise).subarray(0, 253), asked);
    }),
    { numRuns: 2000 },
  );
});
