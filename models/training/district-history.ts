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

/** Where a value stands in a history step, and the factor of its unit; NaN where it is none of its kind. */
interface Place {
  readonly place: number;
  readonly factor: number;
}

interface Places {
  readonly id: string;
  readonly inflow: Place;
  /** Left out where a district has no second meter. */
  readonly outflow: Place | undefined;
  readonly pressures: readonly Place[];
  /** How many scans the second meter's reading is late in this run: two PLCs are never polled at one moment. */
  readonly lateScans: number;
}

/** Where a district's values stand in a history step, and the factors of their units. */
function placesOf(step: HistoryStep, lateScans: number): Places[] {
  return districtsOf(step.assets).map((id) => {
    const find = (role: string, factorOf: (unit: string) => number | undefined): Place => {
      const place = step.points.findIndex((point) => point.asset === id && point.role === role);
      return { place, factor: factorOf(step.points[place]?.unit ?? '') ?? Number.NaN };
    };
    const outflow = find('outflow', toLitresPerSecond);
    return {
      ...{ id, lateScans, inflow: find('inflow', toLitresPerSecond) },
      outflow: outflow.place >= 0 ? outflow : undefined,
      pressures: pressureRoles.map((role) => find(role, toKilopascal)),
    };
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
      const read = ({ place, factor }: Place) => (step.values[place] ?? Number.NaN) * factor;
      for (const { id, inflow, outflow, pressures, lateScans: late } of places) {
        let outLs = 0;
        if (outflow) {
          held.push(read(outflow));
          outLs = held[Math.max(0, held.length - 1 - late)] ?? 0;
        }
        onScan({
          district: id,
          timeMs: step.timeMs,
          netLs: read(inflow) - outLs,
          pressuresKpa: pressures.map(read),
          settling: settlingScans(outflow !== undefined),
        });
      }
    },
  });
}
