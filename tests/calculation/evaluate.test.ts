import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import { bench, names } from './fixture.ts';

interface Sample {
  readonly value: number;
  readonly quality: number;
}

/** An expression as text, with what it must give for the samples of the tags. */
interface Case {
  readonly text: string;
  value(tags: readonly Sample[]): Sample;
}

const settle = (value: number, quality: number): Sample => {
  if (quality >= Quality.bad) return { value: Number.NaN, quality };
  return Number.isFinite(value) ? { value, quality } : { value: Number.NaN, quality: Quality.config };
};
const worst = (...samples: readonly Sample[]) => Math.max(...samples.map(({ quality }) => quality));
const truth = (value: boolean) => (value ? 1 : 0);
const word = (value: number) =>
  Number.isInteger(value) && value >= -(2 ** 31) && value < 2 ** 32 ? BigInt.asUintN(32, BigInt(value)) : undefined;

const binary: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
  '%': (a, b) => a % b,
  '==': (a, b) => truth(a === b),
  '!=': (a, b) => truth(a !== b),
  '<': (a, b) => truth(a < b),
  '<=': (a, b) => truth(!(a > b)),
  '>': (a, b) => truth(b < a),
  '>=': (a, b) => truth(!(a < b)),
};
const bitwise: Readonly<Record<string, (a: bigint, b: bigint) => bigint>> = {
  and: (a, b) => a & b,
  or: (a, b) => a | b,
  xor: (a, b) => a ^ b,
};
const folds: Readonly<Record<string, (values: readonly number[]) => number>> = {
  min: (values) => [...values].sort((a, b) => a - b)[0] as number,
  max: (values) => [...values].sort((a, b) => b - a)[0] as number,
  sum: (values) => values.reduce((a, b) => a + b, 0),
  avg: (values) => values.reduce((a, b) => a + b, 0) / values.length,
};

/** A random expression and, beside it, an evaluator written another way: objects and BigInt instead of registers. */
function grow(random: Random, depth: number): Case {
  const pick = <T>(list: readonly T[]): T => list[random.integer(0, list.length - 1)] as T;
  const part = () => grow(random, depth - 1);
  const kind = depth === 0 ? random.integer(0, 1) : random.integer(0, 9);
  if (kind === 0) {
    const number = random.integer(0, 20);
    return { text: String(number), value: () => ({ value: number, quality: 0 }) };
  }
  if (kind === 1) {
    const tag = random.integer(0, names.length - 1);
    return { text: `[${names[tag]}]`, value: (tags) => tags[tag] as Sample };
  }
  if (kind <= 4) return growBinary(pick(Object.keys(binary)), part(), part());
  const [a, b] = [part(), part()];
  if (kind === 5) {
    const or = random.integer(0, 1) === 1;
    return {
      text: `(${a.text} ${or ? '||' : '&&'} ${b.text})`,
      value(tags) {
        const left = a.value(tags);
        const right = b.value(tags);
        const decided = (left.value !== 0) === or;
        return decided ? settle(truth(or), left.quality) : settle(truth(right.value !== 0), worst(left, right));
      },
    };
  }
  if (kind === 6) return growIf(part(), a, b);
  if (kind === 7) {
    const name = pick(Object.keys(folds));
    const parts = Array.from({ length: random.integer(1, 4) }, part);
    return {
      text: `${name}(${parts.map(({ text }) => text).join(', ')})`,
      value(tags) {
        const samples = parts.map((each) => each.value(tags));
        return settle(
          (folds[name] as (v: readonly number[]) => number)(samples.map((s) => s.value)),
          worst(...samples),
        );
      },
    };
  }
  if (kind === 8) {
    const name = pick(Object.keys(bitwise));
    return {
      text: `${name}(${a.text}, ${b.text})`,
      value(tags) {
        const [left, right] = [a.value(tags), b.value(tags)];
        const [x, y] = [word(left.value), word(right.value)];
        const result = x === undefined || y === undefined ? Number.NaN : Number(bitwise[name]!(x, y));
        return settle(result, worst(left, right));
      },
    };
  }
  return growUnary(pick(['-', '!', 'abs', 'sqrt', 'good', 'bit']), a, random.integer(0, 31));
}

function growBinary(operator: string, a: Case, b: Case): Case {
  return {
    text: `(${a.text} ${operator} ${b.text})`,
    value(tags) {
      const [left, right] = [a.value(tags), b.value(tags)];
      return settle(
        (binary[operator] as (a: number, b: number) => number)(left.value, right.value),
        worst(left, right),
      );
    },
  };
}

function growIf(condition: Case, a: Case, b: Case): Case {
  return {
    text: `if(${condition.text}, ${a.text}, ${b.text})`,
    value(tags) {
      const test = condition.value(tags);
      const taken = (test.value !== 0 ? a : b).value(tags);
      return settle(taken.value, worst(test, taken));
    },
  };
}

function growUnary(name: string, a: Case, bit: number): Case {
  const symbol = name === '-' || name === '!';
  return {
    text: symbol ? `${name}${a.text}` : name === 'bit' ? `bit(${a.text}, ${bit})` : `${name}(${a.text})`,
    value(tags) {
      const { value, quality } = a.value(tags);
      if (name === 'good') return { value: truth(quality < Quality.uncertain), quality: 0 };
      const bits = word(value);
      const results: Readonly<Record<string, number>> = {
        '-': -value,
        '!': truth(value === 0),
        abs: value < 0 ? -value : value,
        sqrt: value ** 0.5,
        bit: bits === undefined ? Number.NaN : Number((bits >> BigInt(bit)) & 1n),
      };
      return settle(results[name] as number, quality);
    },
  };
}

describe('evaluation', () => {
  it('gives value and quality of an independent evaluator, for 3,000 random expressions', () => {
    const seed = Number(process.env['SEED'] ?? 1);
    const random = seededRandom(seed, 'calculated points');
    const codes = [0, 0, 0, 0, Quality.uncertain, Quality.outOfRange, Quality.stale, Quality.comm];
    let compared = 0;
    for (let round = 0; round < 3_000; round++) {
      const wanted = grow(random, random.integer(1, 4));
      if (!wanted.text.includes('[') || wanted.text.length > 900) continue;
      const { at } = bench(wanted.text);
      for (let turn = 0; turn < 4; turn++) {
        const quality = names.map(() => codes[random.integer(0, codes.length - 1)] as number);
        const values = names.map(() => (random.integer(0, 1) ? random.integer(-5, 40) : random.normal() * 10));
        const tags = values.map((value, tag) => settle(value, quality[tag] as number));
        const expected = wanted.value(tags);
        const given = at(turn, values, quality);
        const message = `seed ${seed}: ${wanted.text} of ${values.join(', ')}`;
        expect(given.quality, message).toBe(expected.quality);
        expect(
          Math.abs(given.value - expected.value) <= 1e-9 * Math.max(1, Math.abs(expected.value)) ||
            (Number.isNaN(given.value) && Number.isNaN(expected.value)),
          `${message}: ${given.value} instead of ${expected.value}`,
        ).toBe(true);
        compared++;
      }
    }
    expect(compared).toBeGreaterThan(5_000);
  });

  it.each([
    ['1 + 2 * [d/a] - 4 / 2', 3, 5],
    ['-[d/a] * 2', 3, -6],
    ['![d/a] == 1', 0, 1],
    ['[d/a] - 1 - 1', 3, 1],
    ['[d/a] > 2 && [d/a] < 4 || 0', 3, 1],
    ['2 * ([d/a] + 1) % 5', 3, 3],
    ['bit([d/a], 15)', -32768, 1],
    ['shl([d/a], 16)', 0x8001, 0x80010000],
    ['shr([d/a], 4)', 0x1f0, 0x1f],
    ['and(shr([d/a], 4), 15)', 0x1f0, 15],
  ])('%s of %s is %s', (text, a, expected) => {
    expect(bench(text).at(0, [a])).toEqual({ value: expected, quality: Quality.good });
  });

  it.each([
    ['[d/a] / [d/b]', 0],
    ['[d/a] % [d/b]', 0],
    ['sqrt([d/b] - 1)', 0],
    ['bit([d/a] / 2, 1)', 1],
    ['shl([d/a], 32)', 1],
  ])('%s has no value for these inputs: bad by its configuration', (text, b) => {
    expect(bench(text).at(0, [3, b])).toEqual({ value: Number.NaN, quality: Quality.config });
  });

  it('stands in with another transmitter while the first is not good', () => {
    const { at } = bench('if(good([d/a]), [d/a], [d/b])');
    expect(at(0, [1, 2], [Quality.good, Quality.comm])).toEqual({ value: 1, quality: Quality.good });
    expect(at(1, [1, 2], [Quality.comm, Quality.good])).toEqual({ value: 2, quality: Quality.good });
  });
});
