import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../core/duration.ts';

/** Reads `60s`, `5min`, `2h` for commander. */
export function durationArgument(text: string): number {
  const ms = parseDuration(text);
  if (ms === undefined) throw new InvalidArgumentError('expected a duration such as 60s, 5min, 2h');
  return ms;
}

/** Reads a whole number within bounds for commander. */
export function wholeNumber(low: number, high: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < low || value > high) {
      throw new InvalidArgumentError(`expected a whole number ${low}–${high}`);
    }
    return value;
  };
}
