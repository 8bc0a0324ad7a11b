import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../edge/core/random.ts';
import type { Series } from '../../edge/store/api.ts';
import { decodeChunk, encodeTimes, encodeValues } from '../../edge/store/chunk.ts';
import { packResiduals, unpackResiduals } from '../../edge/store/residuals.ts';
import type { Scaling } from '../../edge/store/whole.ts';

const plain = { scale: 1, offset: 0 };

function seriesOf(values: readonly number[], times = values.map((_, row) => 1_700_000_000_000 + row * 1000)): Series {
  return { times: Float64Array.from(times), values: Float64Array.from(values), quality: new Uint8Array(values.length) };
}

const encode = (series: Series, scaling: Scaling, owner: number) => ({
  times: { bytes: encodeTimes(series.times, owner + 1), owner: owner + 1 },
  values: { bytes: encodeValues(series, scaling, owner), owner },
});

function roundTrip(series: Series, scaling: Scaling): Series | undefined {
  const { times, values } = encode(series, scaling, 7);
  return decodeChunk(times, values);
}

function expectSame(actual: Series | undefined, expected: Series): void {
  expect(actual).toBeDefined();
  for (const column of ['times', 'values', 'quality'] as const) {
    expect(actual?.[column].length).toBe(expected[column].length);
    expected[column].forEach((value, row) => {
      if (!Object.is(actual?.[column][row], value))
        throw new Error(`${column}[${row}]: ${actual?.[column][row]} for ${value}`);
    });
  }
}

const samples = (value: fc.Arbitrary<number>) =>
  fc
    .array(fc.tuple(value, fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer({ min: 0, max: 255 })), {
      maxLength: 200,
    })
    .map((rows) => ({
      times: Float64Array.from(rows, ([, time]) => time),
      values: Float64Array.from(rows, ([number]) => number),
      quality: Uint8Array.from(rows, ([, , quality]) => quality),
    }));
const special = fc.constantFrom(
  Number.NaN,
  -0,
  0,
  Infinity,
  -Infinity,
  5e-324,
  -2.2e-308,
  Number.MAX_VALUE,
  2 ** 53 + 2,
);

describe('a chunk', () => {
  it('gives back every float exactly: NaN, −0, infinities, denormals included', () => {
    fc.assert(
      fc.property(samples(fc.oneof(special, fc.double())), (series) => {
        expectSame(roundTrip(series, plain), series);
      }),
      { numRuns: 500 },
    );
  });

  it('gives back decimals, float32 decimals and scaled counts exactly, with gaps of NaN', () => {
    const count = fc.integer({ min: -40_000, max: 40_000 });
    const scale = fc.constantFrom(0.1, 0.01, 0.025, -0.1, 1 / 3, 1e-7);
    const offset = fc.constantFrom(0, -50, 0.3, 273.15);
    fc.assert(
      fc.property(
        fc.array(fc.option(count, { nil: undefined, freq: 8 }), { maxLength: 200 }),
        scale,
        offset,
        (counts, k, d) => {
          for (const value of [(n: number) => n / 100, (n: number) => Math.fround(n / 100), (n: number) => n * k + d]) {
            const series = seriesOf(counts.map((n) => (n === undefined ? Number.NaN : value(n))));
            expectSame(roundTrip(series, { scale: k, offset: d }), series);
          }
        },
      ),
    );
  });

  it('gives back what a converter has counted and a PLC has scaled to a float, through zero and with gaps, exactly', () => {
    const span = fc.constantFrom(1.6, 10, 50, 500, 1 / 3, 1e6);
    const low = fc.constantFrom(0, -50, 4, 0.1, -1 / 7);
    const full = fc.constantFrom(4_095, 27_648, 32_767, 65_535);
    const counts = fc.array(fc.option(fc.integer({ min: 0, max: 400 }), { nil: undefined, freq: 20 }), {
      minLength: 20,
      maxLength: 300,
    });
    fc.assert(
      fc.property(
        counts,
        fc.integer({ min: 0, max: 3_600 }),
        span,
        low,
        full,
        fc.boolean(),
        (given, from, wide, least, top, short) => {
          const value = (n: number) => ((n + from) / top) * wide + least;
          const series = seriesOf(
            given.map((n) => (n === undefined ? Number.NaN : short ? Math.fround(value(n)) : value(n))),
          );
          expectSame(roundTrip(series, plain), series);
        },
      ),
    );
  });

  it('takes no more for such floats than for the counts themselves and a little', () => {
    const random = seededRandom(1);
    const counts = Array.from({ length: 972 }, () => Math.round(9_000 + 20 * random.normal()));
    const bytesOf = (values: readonly number[]) => encodeValues(seriesOf(values), plain, 1).length;
    const least = bytesOf(counts);
    for (const scaled of [(n: number) => (n / 27_648) * 50 - 10, (n: number) => Math.fround((n / 27_648) * 1.6)]) {
      expect(bytesOf(counts.map(scaled))).toBeLessThan(least + 120);
    }
  });

  it('tells a counter that runs evenly, a state that stands and a course that is flat in a few bytes', () => {
    const bytesOf = (value: (row: number) => number) =>
      encodeValues(seriesOf(Array.from({ length: 1024 }, (_, row) => value(row))), plain, 1).length;
    expect(bytesOf((row) => 4_000_000_000 + 7 * row)).toBeLessThan(50);
    expect(bytesOf(() => 1)).toBeLessThan(50);
    expect(bytesOf((row) => (row < 500 ? 12.5 : 13))).toBeLessThan(50);
  });

  it('packs whole numbers of any size, and runs of zeros, and gives them back', () => {
    const size = fc.integer({ min: 0, max: 50 }).chain((bits) => fc.integer({ min: -(2 ** bits), max: 2 ** bits }));
    const run = fc.integer({ min: 0, max: 3_000 }).map((length) => new Array<number>(length).fill(0));
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.array(size, { maxLength: 50 }), run), { maxLength: 8 }), (parts) => {
        const numbers = Float64Array.from(parts.flat());
        const back = new Float64Array(numbers.length);
        unpackResiduals(packResiduals(numbers).slice(), back);
        expect(back).toEqual(numbers);
      }),
    );
    expect(() => unpackResiduals(new Uint8Array([255]), new Float64Array(50))).toThrow(RangeError);
  });

  it('reads chunks in the forms that are written no more', () => {
    const times = { owner: 8, bytes: Buffer.from('QcDqTCi1L/0gM60AAHgoAgAA0A+AoKv++WICAgMBACVdHQ==', 'base64') };
    const [scaled, as32] = [(n: number) => n * 0.025 - 50, Math.fround];
    const written: [string, (n: number) => number][] = [
      ['I4mJqSi1L/0gQaUBAJQCBJqZPwBJwAEUAgAAAgYKDg8LGgMABBkMEA0JBQECBgAACAoODwAewAoDANGUDgi+wBA=', scaled],
      ['+P3Gxii1L/0gMl0BAEQCAgIBFAIAAAIGCg4PCxoDAAQZDBANCQUBAgYAAAgKDg8AHsAKAQCRPJ0=', (n) => n / 100],
      ['EOpWZyi1L/0gMl0BAEQCAwIBFAIAAAIGCg4PCxoDAAQZDBANCQUBAgYAAAgKDg8AHsAKAQCRPJ0=', (n) => as32(n / 100)],
      [
        'OKj7WCi1L/0gpYUDACJGFx+wJceAkEdzABtBE3tq3Nm18wVjvLVWfhrQ4pSICi0FAYPg/39+3v/+frJGhCPuWhfpnOLxI6as0V0FCqX6oVnbJKTKMDeGolA2C2Bk4w9qKXUTht38dJiRXUuiCAYAIABQcBxnBPIQyBiSJx4=',
        (n) => as32(Math.sqrt(n + 2)),
      ],
      [
        'N+ua0ii1L/1gRQDVBgCijC8ukKUaA0iiV2KeRTxO7XTXN5iRxduLIIBLiya8w0qKbFCBCXsWWhBVeGbKYxuTAgYD5/8/fQJ/8OCn5laEJ6TLktbbVOvcsbW5NV3Q0rPUBzDDYOuVFCLxBIIqPYuZApxs7KQ+T70TjB0YZxwwnGx9EqCaKB1gk+QWNVTaGm9sEqqJm9yUR5uvFgRZ+lHMxeOPhak82oLACKmyB3Tf11VIlGXFFTmLkKr7BMZ8r+OQ48Kbx6vguKNwjfmG3MEDCgAgAFBwHGcE8hDIWCBjgYwFMhbIGJInHg==',
        (n) => Math.sqrt(n + 2),
      ],
    ];
    for (const [text, value] of written) {
      const values = Array.from({ length: 40 }, (_, row) =>
        row === 20 || row === 21 ? Number.NaN : value((row * row) % 17),
      );
      const at = values.map((_, row) => 1_700_000_000_000 + row * 1000 + (row % 3));
      const quality = Uint8Array.from(values, (_, row) => (row < 30 ? 0 : 192));
      const read = decodeChunk(times, { owner: 7, bytes: Buffer.from(text, 'base64') });
      expectSame(read, { ...seriesOf(values, at), quality });
    }
  });

  it('takes less than a tenth of the raw bytes for a quantised plant signal', () => {
    const values = Array.from(
      { length: 1024 },
      (_, row) => Math.round(400 + 50 * Math.sin(row / 90) + (row % 3)) * 0.01,
    );
    const { times, values: packed } = encode(seriesOf(values), { scale: 0.01, offset: 0 }, 1);
    expect(times.bytes.length + packed.bytes.length).toBeLessThan((1024 * 17) / 10);
  });

  it('refuses itself after any single bit flip in times or values, and under another owner', () => {
    const { times, values } = encode(seriesOf(Array.from({ length: 50 }, (_, row) => row / 10)), plain, 3);
    const flip = (bytes: Uint8Array, bit: number) =>
      bytes.map((byte, at) => (at === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte));
    for (let bit = 0; bit < values.bytes.length * 8; bit++) {
      expect(decodeChunk(times, { ...values, bytes: flip(values.bytes, bit) })).toBeUndefined();
    }
    for (let bit = 0; bit < times.bytes.length * 8; bit++) {
      expect(decodeChunk({ ...times, bytes: flip(times.bytes, bit) }, values)).toBeUndefined();
    }
    expect(decodeChunk(times, { ...values, owner: 4 })).toBeUndefined();
    expect(decodeChunk({ ...times, owner: 3 }, values)).toBeUndefined();
  });
});
