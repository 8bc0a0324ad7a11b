import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functions } from '../../edge/calculation/functions.ts';
import { parseExpression } from '../../edge/calculation/syntax.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { bind } from './fixture.ts';

/** Where and what the first mistake is. */
function mistake(text: string, units: readonly string[] = []) {
  const bound = bind(text, units);
  return 'error' in bound
    ? [bound.at, bound.error.code.replace('LL-CALC-', ''), bound.error.message, bound.fix?.en]
    : [];
}

describe('an expression that cannot be used', () => {
  it.each([
    ['', 0, 'SYNTAX'],
    ['[d/a] +', 7, 'SYNTAX'],
    ['([d/a]', 0, 'SYNTAX'],
    ['[d/a', 0, 'SYNTAX'],
    ['max([d/a] 2)', 10, 'SYNTAX'],
    ['max([d/a],)', 10, 'SYNTAX'],
    ['[d/a] 2', 6, 'SYNTAX'],
    ['[d/a];', 5, 'SYNTAX'],
    ['[d/a] ? 1 : 2', 0, 'SYNTAX'],
    ['[d/a] & 2', 8, 'SYNTAX'],
    ['[d/a] === 2', 10, 'SYNTAX'],
    ['[d/a].x', 6, 'SYNTAX'],
    ['[d/a]()', 6, 'SYNTAX'],
    ['[d/a] + 1e999', 8, 'SYNTAX'],
    ['`x`', 0, 'SYNTAX'],
    ['[d/a] + \u00adgood([d/a])', 8, 'SYNTAX'],
    ['rate([d/a], 5min)', 13, 'SYNTAX'],
    ['flow + 1', 0, 'NAME'],
    ['this', 0, 'NAME'],
    ['[d/a] + constructor(1)', 8, 'NAME'],
    ['[d/a] + __proto__(1)', 8, 'NAME'],
    ['[d/a] - [d/zzz]', 8, 'NAME'],
    ['1 + 2', 0, 'ARGUMENT'],
    ["[d/a] + 'x'", 8, 'ARGUMENT'],
    ['abs([d/a], 1)', 0, 'ARGUMENT'],
    ['bit([d/a], 32)', 11, 'ARGUMENT'],
    ['bit([d/a], [d/b])', 11, 'ARGUMENT'],
    ["rate([d/a], '0s')", 12, 'ARGUMENT'],
    ["total([d/a], 'y')", 13, 'ARGUMENT'],
    ['counter([d/a], 0)', 15, 'ARGUMENT'],
    ['counter([d/a], 1000, 100)', 21, 'ARGUMENT'],
    [`${'('.repeat(40)}1`, 32, 'LIMIT'],
    [`1${'+1'.repeat(150)}`, 100, 'LIMIT'],
    [`[d/a] + ${'1'.repeat(1000)}`, 1000, 'LIMIT'],
  ])('%s: says where', (text, at, code) => {
    expect(mistake(text).slice(0, 2)).toEqual([at, code]);
  });

  it('gets the name that was meant, and what to write instead', () => {
    expect(mistake('[d/x]')[3]).toMatch(/did you mean "d\/[abcd]"/);
    expect(mistake('ratte([d/a])')[3]).toBe('did you mean "rate"?');
    expect(mistake('[d/a] | 2')[3]).toBe('use or(a, b) on bits, || on conditions');
    expect(mistake('rate([d/a], 5min)')[3]).toContain("'5min'");
    expect(mistake("rate([d/a], '500ms')")[2]).toContain('1s to 1d');
    expect(bind("rate([d/a], '30s')", [], 60_000)).toMatchObject({ at: 12 });
  });

  it('may name a tag with a bracket, written twice', () => {
    expect(parseExpression('[db1[3]]/x] * 2')).toMatchObject({ left: { kind: 'tag', name: 'db1[3]/x', at: 0 } });
  });
});

describe('any text', () => {
  const settled = (text: string) => {
    const result = bind(text);
    if (!('error' in result)) return;
    expect(result.error).toBeInstanceOf(LifelineError);
    expect(result.at).toBeGreaterThanOrEqual(0);
    expect(result.at).toBeLessThanOrEqual(text.length);
  };

  it('is an expression or a located mistake, never anything else (20,000 random texts)', () => {
    fc.assert(fc.property(fc.string({ maxLength: 60, unit: 'binary' }), settled), { numRuns: 10_000 });
    const random = seededRandom(11);
    const words = [
      ...[
        '[d/a]',
        '[d/b]',
        '[',
        ']',
        '(',
        ')',
        ',',
        ';',
        '+',
        '-',
        '*',
        '/',
        '%',
        '==',
        '<',
        '&&',
        '||',
        '!',
        '?',
        ':',
      ],
      ...['1', '.5', '1e3', '1e', "'5min'", "'h'", '"', "'", '\\', '`', '{', '}', '.', ' ', '\n', 'x', '=>', '**', '~'],
      ...Object.keys(functions).map((name) => `${name}(`),
    ];
    for (let round = 0; round < 10_000; round++) {
      const length = random.integer(1, 24);
      settled(Array.from({ length }, () => words[random.integer(0, words.length - 1)]).join(''));
    }
  });

  it('nests only so deep', () => {
    for (const open of ['(', '-', '!', 'abs(', '((-', 'max(1,(']) settled(open.repeat(Math.floor(999 / open.length)));
  });
});
