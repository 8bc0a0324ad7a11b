import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isTextType, isTimeType, type NumberType, type WordOrder } from '../../drivers/api.ts';
import { rankGuesses } from '../../drivers/modbus/guess.ts';
import { encodeValue } from '../../drivers/modbus/registers.ts';
import { encodeText } from '../../drivers/modbus/text.ts';
import { seededRandom } from '../../edge/core/random.ts';

const doubleOrders: readonly WordOrder[] = ['abcd', 'cdab', 'badc', 'dcba'];
const quadOrders: readonly WordOrder[] = ['abcdefgh', 'ghefcdab', 'badcfehg', 'hgfedcba'];
const readings = (type: NumberType, order: WordOrder, values: readonly number[]) =>
  values.map((value) => encodeValue(type, order, value));

describe('guessing type and order', () => {
  it('puts the true order of a measured float first, or second where two readings cannot tell', () => {
    const random = seededRandom(1);
    let first = 0;
    let second = 0;
    const rounds = 2000;
    for (let round = 0; round < rounds; round++) {
      const value = 50 + 850 * random.next();
      const order = doubleOrders[random.integer(0, 3)] as WordOrder;
      const noise = 1 + 0.005 * random.normal();
      const ranked = rankGuesses(readings('float32', order, [value, value * noise]), 'kPa');
      const rank = ranked.findIndex((guess) => guess.type === 'float32' && guess.order === order);
      if (rank === 0) first++;
      if (rank === 1) second++;
    }
    expect(first / rounds).toBeGreaterThan(0.95);
    expect((first + second) / rounds).toBeGreaterThan(0.99);
  });

  it('tells round floats that stand still from their swapped twins', () => {
    for (const order of doubleOrders) {
      const [best] = rankGuesses(readings('float32', order, [312.5, 312.5]), 'm3/h');
      expect(best).toMatchObject({ type: 'float32', order, values: [312.5], scale: 1 });
    }
  });

  it('finds wide floats in all four orders', () => {
    for (const order of quadOrders) {
      const [best] = rankGuesses(readings('float64', order, [9_402_376.25, 9_402_377.5]), 'kWh');
      expect(best).toMatchObject({ type: 'float64', order });
    }
  });

  it('finds scaled integers and says by how much', () => {
    const [best] = rankGuesses(readings('int16', 'abcd', [-72, -74]), 'Cel');
    expect(best).toMatchObject({ type: 'int16', order: 'abcd', values: [-74], before: [-72] });
    const [fast] = rankGuesses(readings('uint16', 'abcd', [4987, 4991]), 'Hz');
    expect(fast).toMatchObject({ order: 'abcd', scale: 0.01, values: [4991] });
  });

  it('finds counters', () => {
    for (const order of doubleOrders) {
      const [best] = rankGuesses(readings('uint32', order, [1_234_567, 1_234_569]), 'm3');
      expect(best).toMatchObject({ type: 'uint32', order, scale: 1 });
    }
  });

  it.each([
    ['bcd32', [87_654_321, 87_654_322], 'kWh'],
    ['mod10k48', [12_345_678, 12_345_683], 'kWh'],
    ['mod10k64', [12_345_678, 12_345_683], 'kWh'],
    ['exponent-uint24', [230.412, 230.398], 'V'],
    ['mantissa-exponent32', [230.4, 230.3], 'V'],
  ] as const)('counts %s among what looks right', (type, values, unit) => {
    const ranked = rankGuesses(readings(type, 'abcd', values), unit);
    const rank = ranked.findIndex((guess) => guess.type === type && guess.order.startsWith('abcd'));
    expect(ranked[rank]).toMatchObject({ values: values.slice(-1) });
    expect(ranked[rank]?.score).toBeGreaterThanOrEqual(0.45);
    expect(rank).toBeLessThan(4);
  });

  it('tells texts and clocks where no unit says that it is a quantity', () => {
    const serial = encodeText('string-ascii', 'abcd', 6, 'HRB-2026-7');
    const [plain, swapped] = rankGuesses([serial, serial], undefined);
    expect(plain).toMatchObject({
      type: 'string-ascii',
      order: 'abcd',
      values: ['HRB-2026-7'],
      before: ['HRB-2026-7'],
    });
    // which byte of a register comes first, only a reader can tell
    expect(swapped).toMatchObject({ type: 'string-ascii', order: 'badc' });
    const name = encodeText('string-utf8', 'abcd', 8, '七号泵站');
    expect(rankGuesses([name, name], undefined)[0]).toMatchObject({ type: 'string-utf8', values: ['七号泵站'] });
    expect(rankGuesses([serial, serial], 'kPa').every(({ type }) => !isTextType(type))).toBe(true);
    const time = Date.UTC(2026, 0, 15, 8, 5, 9);
    for (const type of ['time-bcd48', 'time-unix32'] as const) {
      const [first] = rankGuesses(readings(type, 'cdab', [time, time + 1000]), undefined);
      expect(first).toMatchObject({ type, order: 'cdab', values: [time + 1000] });
    }
    expect(rankGuesses(readings('time-unix32', 'abcd', [time, time - 5000]), undefined)).not.toContainEqual(
      expect.objectContaining({ type: 'time-unix32' }),
    );
  });

  it('seldom takes measured values for a text or a clock', () => {
    const random = seededRandom(4);
    let taken = 0;
    for (let round = 0; round < 2000; round++) {
      const value = 50 + 850 * random.next();
      const order = doubleOrders[random.integer(0, 3)] as WordOrder;
      const ranked = rankGuesses(readings('float32', order, [value, value * (1 + 0.005 * random.normal())]), undefined);
      if (isTextType(ranked[0]!.type) || isTimeType(ranked[0]!.type)) taken++;
    }
    expect(taken).toBeLessThan(20);
  });

  it('thinks little of what is not finite, denormal, out of range or jumps', () => {
    const scoreOf = (first: number, second: number, unit: string) =>
      rankGuesses(readings('float32', 'abcd', [first, second]), unit).find(
        ({ type, order }) => type === 'float32' && order === 'abcd',
      )?.score;
    expect(scoreOf(Number.NaN, Number.NaN, 'kPa')).toBe(0);
    expect(scoreOf(1e-40, 1e-40, 'kPa')).toBeLessThan(0.1);
    expect(scoreOf(1e12, 1e12, 'kPa')).toBeLessThan(0.1);
    expect(scoreOf(300, 20, 'kPa')).toBeLessThan(0.2);
    expect(scoreOf(300, 301, 'kPa')).toBe(1);
  });

  it('gives every type and order that the span has room for, the best first, each once', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(1, 2, 3, 4, 8, 16),
        fc.infiniteStream(fc.integer({ min: 0, max: 65_535 })),
        fc.option(fc.constantFrom('kPa', 'Cel', 'nonsense'), { nil: undefined }),
        (count, words, unit) => {
          const span = Uint16Array.from({ length: count }, () => words.next().value);
          const guesses = rankGuesses([span], unit).filter(({ type }) => !isTextType(type) && !isTimeType(type));
          const room = (width: number, types: number, orders: number) => (count % width === 0 ? types * orders : 0);
          const expected = room(1, 3, 2) + room(2, 7, 4) + room(3, 1, 4) + room(4, 4, 4);
          expect(guesses).toHaveLength(expected);
          expect(new Set(guesses.map(({ type, order }) => `${type}/${order}`)).size).toBe(expected);
          guesses.forEach(({ score }, index) => {
            expect(score).toBeGreaterThanOrEqual(0);
            expect(score).toBeLessThanOrEqual(guesses[index - 1]?.score ?? 1);
          });
        },
      ),
    );
  });
});
