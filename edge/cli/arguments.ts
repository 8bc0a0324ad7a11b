import { InvalidArgumentError } from 'commander';
import { parseDuration } from '../core/duration.ts';
import { suggest } from '../core/suggest.ts';

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

/** Reads names joined by commas for commander, each one of `known`; gives them once each, in the order of `known`. */
export function someOf(known: readonly string[]): (text: string) => readonly string[] {
  return (text) => {
    const names = new Set(text.split(',').map((name) => name.trim()));
    for (const name of names) {
      if (known.includes(name)) continue;
      const meant = suggest(name, known);
      throw new InvalidArgumentError(
        `"${name}" is none of ${known.join(', ')}${meant ? `; did you mean "${meant}"?` : ''}`,
      );
    }
    return known.filter((name) => names.has(name));
  };
}
