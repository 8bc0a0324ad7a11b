import { type Clock, delay } from '../../edge/core/clock.ts';

const everyMs = 5_000;
/** Share of the time at the start that does not count: what is learnt and compiled once. */
const settling = 1 / 3;

/** Growth of this process's memory, MB an hour: lines of least squares through what was seen. */
export interface MemoryGrowth {
  /** What the program holds, collected before each look; needs `--expose-gc`. */
  readonly heldMbPerH: number;
  /** What the system has given. */
  readonly residentMbPerH: number;
  readonly residentMb: number;
}

/** Watches this process for so long. */
export async function watchMemory(clock: Clock, forMs: number): Promise<MemoryGrowth> {
  const { gc } = globalThis;
  if (!gc) throw new Error('bench: memory is watched with --expose-gc');
  const held: (readonly [hours: number, megabytes: number])[] = [];
  const resident: typeof held = [];
  const [beganMs, endMs] = [clock.monotonicMs(), clock.monotonicMs() + forMs];
  while (clock.monotonicMs() < endMs) {
    await delay(clock, Math.min(everyMs, endMs - clock.monotonicMs()));
    await gc({ execution: 'async' });
    if (clock.monotonicMs() - beganMs < forMs * settling) continue;
    const { heapUsed, external, rss } = process.memoryUsage();
    const hours = clock.monotonicMs() / 3_600_000;
    held.push([hours, (heapUsed + external) / 1e6]);
    resident.push([hours, rss / 1e6]);
  }
  return {
    heldMbPerH: slopeOf(held),
    residentMbPerH: slopeOf(resident),
    residentMb: Math.round(process.memoryUsage.rss() / 1e6),
  };
}

/** Slope of the line of least squares through points (x, y); NaN for fewer than two. */
export function slopeOf(points: readonly (readonly [number, number])[]): number {
  const mean = (column: 0 | 1) => points.reduce((sum, point) => sum + point[column], 0) / points.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  let [covariance, variance] = [0, 0];
  for (const [x, y] of points) {
    covariance += (x - meanX) * (y - meanY);
    variance += (x - meanX) ** 2;
  }
  return covariance / variance;
}
