import { describe, expect, it } from 'vitest';
import { someOf } from '../../edge/cli/arguments.ts';

describe('names on the command line', () => {
  const read = someOf(['water', 'heating', 'gas']);

  it('come once each, in the order in which they are known', () => {
    expect(read('gas, water,gas')).toEqual(['water', 'gas']);
  });

  it('that nobody knows are refused with the one that was meant', () => {
    expect(() => read('water,heatin')).toThrow('"heatin" is none of water, heating, gas; did you mean "heating"?');
    expect(() => read('')).toThrow('"" is none of water, heating, gas');
  });
});
