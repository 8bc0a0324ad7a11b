import { constantText } from '../format.ts';
import { t } from '../language.ts';
import type { Point } from '../model.ts';
import { type Range, rangeOf, rangeText, shareOf } from '../range.ts';
import { passedLimit, type Reading } from '../reading.ts';

const widthPx = 132;

/** Where a value stands in its instrument's range: the normal band between the limits, a tick for each limit, a pointer. */
export function RangeBar({ point, reading }: { point: Point; reading: Reading }) {
  const range = rangeOf(point);
  if (!range) return <span class="range-none">—</span>;
  const passed = passedLimit(point, reading) !== undefined;
  const label = rangeText(range);
  return (
    <span class="range">
      <span class="range-end">{constantText(range.low)}</span>
      <svg
        class={`range-bar${passed ? ' range-passed' : ''}`}
        width={widthPx + 8}
        height="20"
        role="img"
        aria-label={label}
      >
        <title>{label}</title>
        <g transform="translate(4 0)">
          <Band range={range} value={reading.value} widthPx={widthPx} y={8} thickPx={6} />
        </g>
      </svg>
      <span class="range-end">{constantText(range.high)}</span>
      {passed && <span class="range-word">{t('beyond')}</span>}
    </span>
  );
}

interface BandProps {
  readonly range: Range;
  readonly value: number;
  readonly widthPx: number;
  /** Top of the bar; the pointer needs 5 px above it. */
  readonly y: number;
  readonly thickPx: number;
}

/** The bar itself, to be drawn into a picture. */
export function Band({ range, value, widthPx: width, y, thickPx }: BandProps) {
  const x = (at: number) => shareOf(range, at) * width;
  const normal = Math.max(0, x(range.to) - x(range.from));
  return (
    <>
      <rect class="range-field" x="0" y={y} width={width} height={thickPx} />
      <rect class="range-normal" x={x(range.from)} y={y} width={normal} height={thickPx} />
      {range.bounds.map((limit) => (
        <path key={limit} class="range-limit" d={`M${x(limit)} ${y - 2}v${thickPx + 4}`} />
      ))}
      {Number.isFinite(value) && <path class="range-pointer" d={`M${x(value)} ${y + 2}l-4-7h8Z`} />}
    </>
  );
}
