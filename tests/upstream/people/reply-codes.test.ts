import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../edge/core/random.ts';
import { codeIn, isFrom, ReplyCodes } from '../../../edge/upstream/people/reply-codes.ts';

const alarms = [{ alarm: 'dma-2/burst', raisedAt: 1 }];

describe('codes of messages', () => {
  it('are six digits, each given to one message, good until their time and until they are used', () => {
    const codes = new ReplyCodes(seededRandom(1));
    const given = Array.from({ length: 500 }, () => codes.give({ person: 'wang', alarms, untilMs: 100 }, 0));
    expect(given.every((code) => /^\d{6}$/.test(code))).toBe(true);
    expect(new Set(given).size).toBe(500);
    const [first = '', second = ''] = given;
    expect(codes.get(first, 99)).toEqual({ code: first, person: 'wang', alarms, untilMs: 100 });
    expect(codes.get(first, 100)).toBeUndefined();
    codes.spend(first);
    expect(codes.get(first, 99)).toBeUndefined();
    const after = new ReplyCodes(seededRandom(2));
    after.restore(codes.all());
    expect([after.get(first, 99), after.get(second, 99)?.person]).toEqual([undefined, 'wang']);
  });

  it('are kept up to a thousand, and not beyond their time', () => {
    const codes = new ReplyCodes(seededRandom(1));
    for (let nowMs = 0; nowMs < 3_000; nowMs++) codes.give({ person: 'wang', alarms, untilMs: 10_000 }, nowMs);
    expect(codes.all()).toHaveLength(1_000);
    codes.give({ person: 'li', alarms, untilMs: 20_000 }, 10_000);
    expect(codes.all().map(({ person }) => person)).toEqual(['li']);
  });

  it.each([
    ['483920', '483920'],
    ['收到483920。', '483920'],
    ['ok 483920 13800000000', '483920'],
    ['13800000000', undefined],
    ['48392', undefined],
    ['', undefined],
  ])('are found in what somebody wrote: %s', (text, code) => {
    expect(codeIn(text)).toBe(code);
  });

  it.each([
    ['13800000000', true],
    ['+86 138-0000-0000', true],
    ['008613800000000', true],
    ['13800000001', false],
    ['3800000000', false],
    ['999999913800000000', false],
    ['Wang@city.example', true],
    ['1wang@city.example', false],
    ['', false],
  ])('come from the person by number or address: %s', (sender, is) => {
    expect(isFrom(sender, ['138 0000 0000', '', 'wang@city.example'])).toBe(is);
  });
});
