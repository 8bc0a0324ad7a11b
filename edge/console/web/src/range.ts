import { constantText } from './format.ts';
import { t } from './language.ts';
import type { Point } from './model.ts';

/** An instrument's range with the band of it that is normal, and the limits. */
export interface Range {
  readonly low: number;
  readonly high: number;
  readonly from: number;
  readonly to: number;
  readonly bounds: readonly number[];
}

const numbers = (figures: readonly (number | null | undefined)[]): readonly number[] =>
  figures.filter((figure) => typeof figure === 'number');

/** The range of a point; undefined for a state, and where no instrument has ends. */
export function rangeOf({ definition: { low, high, states }, limits }: Point): Range | undefined {
  if (low === null || high === null || high <= low || states) return undefined;
  const floors = numbers(limits.map(({ below }) => below));
  const ceilings = numbers(limits.map(({ above }) => above));
  return {
    low,
    high,
    from: Math.max(low, ...floors),
    to: Math.min(high, ...ceilings),
    bounds: [...ceilings, ...floors],
  };
}

/** Where a value stands in a range: 0 at its low end, 1 at its high one. */
export const shareOf = ({ low, high }: Range, value: number): number =>
  Math.max(0, Math.min(1, (value - low) / (high - low)));

/** A range in words: `0–1, limit 0.2`. */
export const rangeText = ({ low, high, bounds }: Range): string =>
  [`${constantText(low)}–${constantText(high)}`, ...bounds.map((limit) => `${t('limit')} ${constantText(limit)}`)].join(
    ', ',
  );
