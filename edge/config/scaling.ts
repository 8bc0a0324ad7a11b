import { both, type Text } from '../core/text.ts';
import type { PointRow } from './point-columns.ts';

/** How raw values of a point become engineering values, and what is plausible of them. */
export interface Scaling {
  /** Engineering = raw × scale + offset. */
  readonly scale: number;
  readonly offset: number;
  /** ±Infinity where unknown. */
  readonly low: number;
  readonly high: number;
}

type Cells = Pick<PointRow, 'scale' | 'offset' | 'low' | 'high' | 'rawLow' | 'rawHigh'>;

/**
 * The scaling of a row: by `scale` and `offset`, or by two pairs, as data sheets of transmitters give it: raw `rawLow` means
 * `low`, raw `rawHigh` means `high`, straight between them (4–20 mA as 5530–27648 is 0–10 bar). Either way `low` and `high`
 * are the plausible range: a broken loop reads below `rawLow`, which makes it uncertain `out-of-range` with its value kept,
 * since a safety limit must see it.
 */
export function scalingOf({ scale = 1, offset = 0, low, high, rawLow, rawHigh }: Cells): Scaling {
  if (rawLow === undefined || rawHigh === undefined || low === undefined || high === undefined) {
    return { scale, offset, low: low ?? Number.NEGATIVE_INFINITY, high: high ?? Number.POSITIVE_INFINITY };
  }
  const slope = (high - low) / (rawHigh - rawLow);
  const base = low - rawLow * slope;
  // both ends of the raw range are within it, whatever the last digit of the product
  const ends = [rawLow * slope + base, rawHigh * slope + base];
  return { scale: slope, offset: base, low: Math.min(low, ...ends), high: Math.max(high, ...ends) };
}

/** What contradicts itself in the scaling of a row: the column, and what is to be done. */
export function scalingProblem(cells: Cells): { readonly column: keyof Cells; readonly why: Text } | undefined {
  const { scale, offset, low, high, rawLow, rawHigh } = cells;
  if (low !== undefined && high !== undefined && low > high) {
    return { column: 'high', why: both(`high ${high} is below low ${low}`, `上限 ${high} 低于下限 ${low}`) };
  }
  if (rawLow === undefined && rawHigh === undefined) return undefined;
  if (rawLow === undefined)
    return {
      column: 'rawHigh',
      why: both('rawHigh needs rawLow, the raw value that means low', '原始上限需要与原始下限同时填写'),
    };
  if (rawHigh === undefined)
    return {
      column: 'rawLow',
      why: both('rawLow needs rawHigh, the raw value that means high', '原始下限需要与原始上限同时填写'),
    };
  if (rawLow === rawHigh)
    return {
      column: 'rawHigh',
      why: both(`rawLow and rawHigh are both ${rawLow}`, `原始下限和原始上限都是 ${rawLow}`),
    };
  if (low === undefined || high === undefined) {
    return {
      column: 'rawLow',
      why: both(
        'rawLow and rawHigh need low and high, the engineering values that they mean',
        '填写原始下限和原始上限时须填写对应的工程值下限和上限',
      ),
    };
  }
  if (low === high)
    return {
      column: 'high',
      why: both(
        `low and high are both ${low}, but rawLow and rawHigh differ`,
        `下限和上限都是 ${low}，而原始下限和原始上限不同`,
      ),
    };
  if (scale === undefined && offset === undefined) return undefined;
  const column = scale === undefined ? 'offset' : 'scale';
  return {
    column,
    why: both(
      `${column} contradicts rawLow and rawHigh, which give the scale already; leave one of them out`,
      `${column} 与原始下限、原始上限矛盾（后者已给出换算），请只保留其一`,
    ),
  };
}
