import type { Priority } from '../../../../core/alarm.ts';

const shapes: Readonly<Record<Priority, string>> = {
  critical: 'M8 .8 15.2 8 8 15.2 .8 8Z',
  high: 'M8 1.2 15.4 14.6H.6Z',
  medium: 'M8 14.8.6 1.4h14.8Z',
  low: 'M8 1a7 7 0 1 1 0 14A7 7 0 0 1 8 1Z',
};
const figures: Readonly<Record<Priority, readonly [number: string, y: number]>> = {
  critical: ['1', 11.4],
  high: ['2', 13],
  medium: ['3', 9.6],
  low: ['4', 11.4],
};

/**
 * A priority as shape, number and colour together, so that none of them is needed alone. Filled while unacknowledged,
 * outlined once acknowledged, grey for a count of zero. Text beside it names the priority.
 */
export function PriorityMark(props: { priority: Priority; quiet?: boolean; settled?: boolean; size?: number }) {
  const { priority, quiet = false, settled = false, size = 16 } = props;
  const [number, y] = figures[priority];
  const tone = quiet ? 'quiet' : settled ? 'settled' : 'active';
  return (
    <svg class={`mark mark-${priority} mark-${tone}`} width={size} height={size} viewBox="0 0 16 16" aria-hidden="true">
      <path d={shapes[priority]} />
      <text x="8" y={y} text-anchor="middle">
        {number}
      </text>
    </svg>
  );
}
