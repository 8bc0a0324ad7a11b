import { type DistrictCalibration, profileAt } from '../../edge/detection/calibration.ts';
import { excessLossesKpa, lossRoles } from '../../edge/detection/district-features.ts';
import { newDistrictState, stepDistrict } from '../../edge/detection/district-physics.ts';
import { conformalLimit } from '../../edge/detection/limits/conformal.ts';
import { largest } from '../../edge/detection/order-statistics.ts';
import { type Course, fitCourses } from './courses.ts';
import { type HistoryScan, runDistricts } from './district-history.ts';
import { type NormalWindow, utcOffsetMinutes } from './plan.ts';
import { significant } from './significant.ts';

/** Nominal share of normal blocks that may pass a limit before its margin. */
export const alpha = 0.01;
/** Stated margins on the conformal limits. */
export const margins = {
  slow: 1.15,
  fast: 1.1,
  cusum: 1.15,
  balance: 1.05,
  slew: 1.15,
  jump: 1.5,
  drift: 1.5,
} as const;
/** A rise must add up at least this much (in largest normal rises × scans), whatever normal operation shows. */
const CUSUM_FLOOR = 0.3;
/** A jump must be at least this share of the largest normal rise, whatever normal operation shows. */
const JUMP_FLOOR = 0.5;
/** The slew is measured over as many scans. */
const SLEW_SCANS = 4;
const DRIFT_WINDOW_S = 120;

/** One district's second-by-second scans in one window. */
type Lived = readonly HistoryScan[];

/** Largest figures of one window of one district: one block each. */
interface Extremes {
  readonly rise: number;
  readonly cusum: number;
  readonly balance: number;
  readonly slew: number;
  readonly jump: number;
  readonly drift: number;
  readonly lossesKpa: readonly number[];
}

/**
 * Calibrates every district: course from `fitWeeks`, slow limit on `heldOutWeeks`, both in steps of `stepS`, the fast limits
 * on `windows`, after each of which `onWindow` is called.
 */
export async function calibrateDistricts(
  fitWeeks: readonly NormalWindow[],
  heldOutWeeks: readonly NormalWindow[],
  windows: readonly NormalWindow[],
  stepS: number,
  onWindow: () => void = () => undefined,
): Promise<Map<string, DistrictCalibration>> {
  const courses = await fitCourses(fitWeeks, heldOutWeeks, { alpha, margin: margins.slow, stepS });
  const lived = await live(windows, onWindow);
  return new Map(
    [...courses].map(([id, course]) => {
      const blocks = lived.get(id) ?? [];
      let known = roughly(course);
      // The limits depend on the baseline, which depends on the limits: three rounds from a rough start settle them.
      for (let round = 0; round < 3; round++) known = refine(known, blocks);
      return [id, known];
    }),
  );
}

async function live(windows: readonly NormalWindow[], onWindow: () => void): Promise<Map<string, Lived[]>> {
  const lived = new Map<string, Lived[]>();
  for (const window of windows) {
    const scans = new Map<string, HistoryScan[]>();
    await runDistricts(window, 1, (scan) => {
      const own = scans.get(scan.district) ?? [];
      own.push(scan);
      scans.set(scan.district, own);
    });
    for (const [id, own] of scans) lived.set(id, [...(lived.get(id) ?? []), own]);
    onWindow();
  }
  return lived;
}

/** A start for the rounds: the course, and limits of the right order. */
function roughly(course: Course): DistrictCalibration {
  const headLoss = Object.entries(course.headLoss).map(([role, line]) => [role, { ...line, largestKpa: 10 }] as const);
  const limits = { fastLs: 15, cusumLimit: 1, balanceLimit: 1, slewLsPerS: 2, jumpLs: 8, driftLsPerS: 0.01 };
  return { ...course, ...limits, headLoss: Object.fromEntries(headLoss) };
}

function refine(known: DistrictCalibration, lived: readonly Lived[]): DistrictCalibration {
  const blocks = lived.map((scans) => extremesOf(scans, known));
  const limit = (pick: (block: Extremes) => number, margin = 1) => margin * conformalLimit(blocks.map(pick), alpha);
  const fastLs = limit(({ rise }) => rise, margins.fast);
  const headLoss = lossRoles.map((role, index) => {
    const { offsetKpa = 0, kpaPerFlow = 0 } = known.headLoss[role] ?? {};
    const largestKpa = significant(limit(({ lossesKpa }) => lossesKpa[index] ?? 0));
    return [role, { offsetKpa, kpaPerFlow, largestKpa }] as const;
  });
  return {
    ...known,
    fastLs: significant(fastLs),
    cusumLimit: significant(
      Math.max(
        CUSUM_FLOOR,
        limit(({ cusum }) => cusum, margins.cusum),
      ),
    ),
    balanceLimit: significant(limit(({ balance }) => balance, margins.balance)),
    slewLsPerS: significant(limit(({ slew }) => slew, margins.slew)),
    jumpLs: significant(
      Math.max(
        JUMP_FLOOR * fastLs,
        limit(({ jump }) => jump, margins.jump),
      ),
    ),
    driftLsPerS: significant(margins.drift * largest(blocks.map(({ drift }) => drift))),
    headLoss: Object.fromEntries(headLoss),
  };
}

/** Takes a window through the very update that the gateway runs, with what is known so far as its calibration. */
function extremesOf(scans: Lived, known: DistrictCalibration): Extremes {
  const state = newDistrictState();
  const most = { rise: 0, cusum: 0, balance: 0, slew: 0, jump: 0 };
  const lossesKpa = lossRoles.map(() => 0);
  for (const scan of scans) {
    const reading = stepDistrict(state, { ...scan, dtS: 1 }, known, utcOffsetMinutes, scan.settling, false);
    const newest = state.trail[0]?.[0] ?? 0;
    const before = state.trail[SLEW_SCANS]?.[0] ?? newest;
    most.rise = Math.max(most.rise, reading.riseLs);
    most.cusum = Math.max(most.cusum, reading.cusum * known.cusumLimit);
    most.balance = Math.max(most.balance, reading.balance * known.balanceLimit);
    most.slew = Math.max(most.slew, (newest - before) / SLEW_SCANS);
    most.jump = Math.max(most.jump, reading.jump * known.jumpLs);
    for (const [index, loss] of excessLossesKpa(state, known.headLoss).entries()) {
      lossesKpa[index] = Math.max(lossesKpa[index] ?? 0, Math.abs(loss));
    }
  }
  return { ...most, lossesKpa, drift: steadyDrift(scans, known) };
}

/** Largest change of the two-minute mean residual per second, in the quieter six tenths of a window: flushes left out. */
function steadyDrift(scans: Lived, { profile }: DistrictCalibration): number {
  const residuals = scans.map(({ netLs, timeMs }) => netLs - profileAt(profile, timeMs, utcOffsetMinutes));
  const means: number[] = [];
  for (let from = 0; from + DRIFT_WINDOW_S <= residuals.length; from += DRIFT_WINDOW_S) {
    means.push(residuals.slice(from, from + DRIFT_WINDOW_S).reduce((sum, value) => sum + value, 0) / DRIFT_WINDOW_S);
  }
  const changes = means.slice(1).map((mean, index) => Math.abs(mean - (means[index] ?? mean)) / DRIFT_WINDOW_S);
  changes.sort((a, b) => a - b);
  return changes[Math.floor(changes.length * 0.6)] ?? 0;
}
