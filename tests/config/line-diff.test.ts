import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../edge/config/line-diff.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', '', '  a'), { maxLength: 12 });
const textOf = (all: readonly string[]) => all.map((line) => `${line}\n`).join('');

/** Length of the longest common subsequence, by the table that everybody knows. */
function commonLength(a: readonly string[], b: readonly string[]): number {
  const rows = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = 1; i <= a.length; i++)
    for (let j = 1; j <= b.length; j++)
      rows[i]![j] = a[i - 1] === b[j - 1] ? rows[i - 1]![j - 1]! + 1 : Math.max(rows[i - 1]![j]!, rows[i]![j - 1]!);
  return rows[a.length]![b.length]!;
}

describe('the difference of two texts', () => {
  it('takes away and adds as few lines as can be, and leads from one to the other', () => {
    fc.assert(
      fc.property(lines, lines, (a, b) => {
        const diff = lineDiff(textOf(a), textOf(b));
        const gone = diff.filter(({ sign }) => sign === '-').map(({ text }) => text);
        const come = diff.filter(({ sign }) => sign === '+').map(({ text }) => text);
        const common = commonLength(a, b);
        expect([gone.length, come.length]).toEqual([a.length - common, b.length - common]);
        if (diff.some(({ text }) => text === '…')) return;
        const side = (left: string) => diff.filter(({ sign }) => sign !== left).map(({ text }) => text);
        if (diff.length > 0) expect([side('+'), side('-')]).toEqual([a, b]);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is nothing between texts that are the same, and shows three lines around a change', () => {
    const text = textOf(Array.from({ length: 40 }, (_, index) => `line ${index}`));
    expect(lineDiff(text, text)).toEqual([]);
    const diff = lineDiff(text, text.replace('line 20\n', 'line twenty\n'));
    expect(diff.map(({ sign, text: line }) => `${sign}${line}`)).toEqual([
      ...[' …', ' line 17', ' line 18', ' line 19', '-line 20', '+line twenty'],
      ...[' line 21', ' line 22', ' line 23', ' …'],
    ]);
  });

  it('does not look for the shortest way between texts that have little in common', () => {
    const [a, b] = [0, 1].map((of) => textOf(Array.from({ length: 20_000 }, (_, index) => `${of} ${index}`)));
    expect(lineDiff(a!, b!)).toHaveLength(40_000);
  });
});
