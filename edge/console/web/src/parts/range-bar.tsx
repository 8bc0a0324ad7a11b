import { constantText } from '../format.ts';
import { t } from '../language.ts';
import type { Point } from '../model.ts';
import { passedLimit, type Reading } from '../reading.ts';

const width = 132;

/** Where a value stands in its instrument's range: the normal band between the limits, a tick for each limit, a pointer. */
export function RangeBar({ point, reading }: { point: Point; reading: Reading }) {
  const { low, high } = point.definition;
  if (low === null || high === null || high <= low || point.definition.states) return <span class="range-none">—</span>;
  const x = (value: number) => Math.max(0, Math.min(1, (value - low) / (high - low))) * width;
  const bounds = point.limits
    .flatMap(({ above, below }) => [above, below])
    .filter((limit): limit is number => typeof limit === 'number');
  const floors = point.limits.flatMap(({ below }) => (typeof below === 'number' ? [below] : []));
  const ceilings = point.limits.flatMap(({ above }) => (typeof above === 'number' ? [above] : []));
  const from = floors.length > 0 ? Math.max(...floors) : low;
  const to = ceilings.length > 0 ? Math.min(...ceilings) : high;
  const passed = passedLimit(point, reading) !== undefined;
  const label = [
    `${constantText(low)}–${constantText(high)}`,
    ...bounds.map((limit) => `${t('limit')} ${constantText(limit)}`),
  ].join(', ');
  return (
    <span class="range">
      <span class="range-end">{constantText(low)}</span>
      <svg
        class={`range-bar${passed ? ' range-passed' : ''}`}
        width={width + 8}
        height="20"
        role="img"
        aria-label={label}
      >
        <title>{label}</title>
        <g transform="translate(4 0)">
          <rect class="range-field" x="0" y="8" width={width} height="6" />
          <rect class="range-normal" x={x(from)} y="8" width={Math.max(0, x(to) - x(from))} height="6" />
          {bounds.map((limit) => (
            <path key={limit} class="range-limit" d={`M${x(limit)} 5v12`} />
          ))}
          {Number.isFinite(reading.value) && <path class="range-pointer" d={`M${x(reading.value)} 10l-4-7h8Z`} />}
        </g>
      </svg>
      <span class="range-end">{constantText(high)}</span>
      {passed && <span class="range-word">{t('beyond')}</span>}
    </span>
  );
}
