import type { PlcScan } from '../../../simulator/plc/scan.ts';
import type { Crossing } from './courses.ts';
import type { Planned } from './plan.ts';

interface Watched {
  readonly planned: Planned;
  readonly crossing: Crossing;
  readonly untilMs: number;
  readonly reads: readonly (() => number)[];
}

/** When values that PLCs tell first cross what the delay of a strike counts from. */
export class Crossings {
  private readonly atMs = new Map<string, number>();
  private open: readonly Watched[];

  constructor(scans: readonly PlcScan[], planned: readonly Planned[]) {
    this.open = planned.flatMap((one): Watched[] => {
      const { from } = one.strikes;
      if (!from) return [];
      const { target, startMs, durationS } = one.happening;
      const reads = scans.flatMap((scan) =>
        scan.plc.points.flatMap(({ asset, role }, index) =>
          asset === target && role === from.role ? [() => scan.engineering(index)] : [],
        ),
      );
      if (reads.length === 0) throw new RangeError(`no PLC of this city tells ${from.role} of ${target}`);
      return [{ planned: one, crossing: from, untilMs: startMs + 1000 * durationS, reads }];
    });
  }

  /** Takes the scans as they stand at `timeMs`. */
  take(timeMs: number): void {
    for (const { planned, crossing, reads } of this.open) {
      if (timeMs < planned.happening.startMs) continue;
      const { above = Number.POSITIVE_INFINITY, below = Number.NEGATIVE_INFINITY } = crossing;
      const isCrossed = reads.some((read) => read() > above || read() < below);
      if (isCrossed) this.atMs.set(planned.happening.id, timeMs);
    }
    this.open = this.open.filter(({ planned, untilMs }) => timeMs <= untilMs && !this.atMs.has(planned.happening.id));
  }

  /** When it happened; undefined when it never did. */
  of(happening: string): number | undefined {
    return this.atMs.get(happening);
  }
}
