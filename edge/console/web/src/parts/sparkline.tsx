interface SparklineProps {
  readonly times: readonly number[];
  readonly values: readonly (number | null)[];
  readonly width?: number;
  readonly height?: number;
  /** Smallest span of values drawn at full height: keeps noise from looking like news. */
  readonly leastSpan?: number;
}

/** A course without axes: the newest value has a dot, gaps stay gaps. Decorative; the number stands beside it. */
export function Sparkline({ times, values, width = 64, height = 22, leastSpan = 0 }: SparklineProps) {
  const finite = values.filter((value): value is number => typeof value === 'number' && Number.isFinite(value));
  const first = times[0];
  const last = times.at(-1);
  if (finite.length < 2 || first === undefined || last === undefined || last <= first) {
    return <svg class="sparkline" width={width} height={height} aria-hidden="true" />;
  }
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const span = Math.max(high - low, leastSpan, 1e-9);
  const base = (low + high) / 2 - span / 2;
  const x = (time: number) => 2 + ((time - first) / (last - first)) * (width - 5);
  const y = (value: number) => height - 3 - ((value - base) / span) * (height - 6);
  let pen = 'M';
  let path = '';
  let end: readonly [number, number] | undefined;
  for (const [at, value] of values.entries()) {
    if (typeof value !== 'number' || !Number.isFinite(value)) {
      pen = 'M';
      end = undefined;
      continue;
    }
    end = [x(times[at] ?? first), y(value)];
    path += `${pen}${end[0].toFixed(1)} ${end[1].toFixed(1)}`;
    pen = 'L';
  }
  return (
    <svg class="sparkline" width={width} height={height} viewBox={`0 0 ${width} ${height}`} aria-hidden="true">
      <path d={path} />
      {end && <circle cx={end[0]} cy={end[1]} r="1.8" />}
    </svg>
  );
}
