import { seededRandom } from '../../edge/core/random.ts';
import { pressureRoles } from '../../edge/detection/district-features.ts';
import { settlingScans } from '../../edge/detection/district-physics.ts';
import { toKilopascal, toLitresPerSecond } from '../../edge/detection/units.ts';
import type { Truth } from '../../simulator/city/plant.ts';
import { type HistoryStep, runHistory } from '../../simulator/exam/history.ts';
import { districtsOf, type NormalWindow } from './plan.ts';

/** One scan of one district as the gateway would see it. */
export interface HistoryScan {
  readonly district: string;
  readonly timeMs: number;
  readonly netLs: number;
  readonly pressuresKpa: readonly number[];
  readonly settling: number;
}

interface Places {
  readonly id: string;
  readonly inflow: number;
  readonly outflow: number;
  readonly pressures: readonly number[];
  /** How many scans the second meter's reading is late in this run: two PLCs are never polled at one moment. */
  readonly lateScans: number;
}

/** Where a district's values stand in a history step, and the factors of their units. */
function placesOf(step: HistoryStep, lateScans: number): Places[] {
  return districtsOf(step.assets).map((id) => {
    const place = (role: string) => step.points.findIndex((point) => point.asset === id && point.role === role);
    return { id, inflow: place('inflow'), outflow: place('outflow'), pressures: pressureRoles.map(place), lateScans };
  });
}

/**
 * Runs the water utility without the wire and hands every district's scan to `onScan`, the readings of a second meter up
 * to two scans late, by seed.
 */
export async function runDistricts(
  window: NormalWindow,
  stepS: number,
  onScan: (scan: HistoryScan) => void,
): Promise<readonly Truth[]> {
  const lateScans = seededRandom(window.seed, 'skew').integer(0, 2);
  let places: Places[] | undefined;
  const held: number[] = [];
  return runHistory({
    ...window,
    ...{ stepS, utilities: ['water'] },
    onStep(step) {
      places ??= placesOf(step, stepS === 1 ? lateScans : 0);
      const read = (place: number, factorOf: (unit: string) => number | undefined) =>
        (step.values[place] ?? Number.NaN) * (factorOf(step.points[place]?.unit ?? '') ?? Number.NaN);
      for (const { id, inflow, outflow, pressures, lateScans: late } of places) {
        let outLs = 0;
        if (outflow >= 0) {
          held.push(read(outflow, toLitresPerSecond));
          outLs = held[Math.max(0, held.length - 1 - late)] ?? 0;
        }
        onScan({
          district: id,
          timeMs: step.timeMs,
          netLs: read(inflow, toLitresPerSecond) - outLs,
          pressuresKpa: pressures.map((place) => read(place, toKilopascal)),
          settling: settlingScans(outflow >= 0),
        });
      }
    },
  });
}
