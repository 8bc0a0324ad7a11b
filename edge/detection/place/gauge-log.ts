import type { Asset } from '../../core/asset.ts';
import type { TagTable } from '../../core/tag.ts';
import { median } from '../order-statistics.ts';
import { toKilopascal, toLitresPerSecond, toNormalLitresPerSecond } from '../units.ts';
import type { MatrixSensor } from './matrix.ts';
import type { Shown } from './observation.ts';

/** A leak is claimed within a minute or so: before is the minute ahead of that, after the last scans of all. */
const beforeFromS = 130;
const beforeToS = 70;
/** Fewer scans than this say nothing of before. */
const leastBefore = 10;

/** A gauge as a tag with the factor from its unit to kPa or L/s. */
export interface BoundGauge {
  readonly tag: number;
  readonly factor: number;
  /** Standard deviation of one reading, kPa or L/s; NaN where it is not known. */
  readonly noise: number;
}

/** Factor from a gauge's unit to kPa or L/s, of gas at normal conditions; undefined where it is no unit of the quantity. */
export function gaugeFactor(quantity: MatrixSensor['quantity'], unit: string): number | undefined {
  return quantity === 'pressure' ? toKilopascal(unit) : (toLitresPerSecond(unit) ?? toNormalLitresPerSecond(unit));
}

/**
 * The tag of a sensor; undefined where no tag fills its role, or none in a unit of its quantity.
 * @param noiseOf standard deviation of one reading of a tag in its own unit
 */
export function bindGauge(
  { asset: id, role, quantity }: MatrixSensor,
  assets: readonly Asset[],
  tags: TagTable,
  noiseOf: (tag: string) => number,
): BoundGauge | undefined {
  const tag = assets.find((asset) => asset.id === id)?.roles[role];
  if (tag === undefined) return undefined;
  const { name, unit } = tags.at(tag);
  const factor = gaugeFactor(quantity, unit);
  return factor === undefined ? undefined : { tag, factor, noise: noiseOf(name) * factor };
}

/** What gauges showed in the last two minutes, scan by scan. */
export class GaugeLog {
  private readonly gauges: readonly BoundGauge[];
  private readonly afterScans: number;
  private scans: { readonly atMs: number; readonly values: Float64Array }[] = [];

  /** @param afterScans so many of the last scans, together, are what the gauges show now */
  constructor(gauges: readonly BoundGauge[], afterScans: number) {
    this.gauges = gauges;
    this.afterScans = afterScans;
  }

  /** @param read value of a tag in its own unit; NaN where it cannot be used */
  take(monotonicMs: number, read: (tag: number) => number): void {
    const oldest = this.scans.length > 0 && monotonicMs - (this.scans[0]?.atMs ?? 0) > 1000 * beforeFromS;
    const values = (oldest ? this.scans.shift()?.values : undefined) ?? new Float64Array(this.gauges.length);
    for (const [index, { tag, factor }] of this.gauges.entries()) values[index] = read(tag) * factor;
    this.scans.push({ atMs: monotonicMs, values });
  }

  /** What the gauges showed before, as of the newest scan; undefined while too little is remembered. */
  before(): Float64Array | undefined {
    const nowMs = this.scans.at(-1)?.atMs ?? 0;
    const scans = this.scans.filter(({ atMs }) => nowMs - atMs >= 1000 * beforeToS);
    return scans.length < leastBefore ? undefined : this.over(scans, median);
  }

  /** What they show as of the newest scan, beside what they showed before. */
  shown(before: Float64Array): Shown {
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    return {
      before,
      after: this.over(this.scans.slice(-this.afterScans), mean),
      noise: Float64Array.from(this.gauges, ({ noise }) => noise),
    };
  }

  private over(scans: GaugeLog['scans'], take: (values: number[]) => number): Float64Array {
    return Float64Array.from(this.gauges, (_, gauge) => {
      const known = scans.map(({ values }) => values[gauge] as number).filter(Number.isFinite);
      return known.length > 0 ? take(known) : Number.NaN;
    });
  }
}
