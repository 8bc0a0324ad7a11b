import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Series } from '../../edge/store/api.ts';
import { decodeChunk, encodeTimes, encodeValues } from '../../edge/store/chunk.ts';
import type { Scaling } from '../../edge/store/column.ts';

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
