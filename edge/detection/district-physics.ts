import { type DistrictCalibration, type Profile, profileAt } from './calibration.ts';

/** Time constant at which the slow baseline follows the residual, within its capped drift. */
const BASELINE_TIME_S = 60;
/** While the rise is above this share of the largest normal one, the baseline learns … */
const SUSPECT_SHARE = 0.35;
/** … only this share of its drift: a slow fault must not be swallowed. */
const SUSPECT_DRIFT = 0.1;
/** After a gap as long as this the past says nothing about the present. */
const FORGET_AFTER_S = 120;
/** Cap of the CUSUM as a multiple of its limit, so that it comes down in seconds. */
const CUSUM_CAP = 3;
/** Length of the memory of the last scans: differences go back up to ten seconds. */
const TRAIL_SCANS = 11;

/** What two meters on two PLCs can be apart in time, in scans; a lone meter has only its own polling. */
export const settlingScans = (hasOutflow: boolean): number => (hasOutflow ? 3 : 2);

/** One scan of a district. Flows in L/s, pressures in kPa in the order of the calibration's roles. */
export interface DistrictScan {
  readonly timeMs: number;
  /** Since the scan before, s. */
  readonly dtS: number;
  /** Inflow minus outflow. */
  readonly netLs: number;
  readonly pressuresKpa: readonly number[];
}

/** What is remembered of a district: plain data. */
export interface DistrictState {
  /** Slow departure of the net inflow from its profile, L/s; null before the first scan. */
  baselineLs: number | null;
  /** Slow course of each pressure, kPa. */
  baselinesKpa: number[];
  /** Newest first: the raw net inflows that the settled one is the least of. */
  recentLs: number[];
  /** Newest first: [settled net inflow, pressures …] of the last scans. */
  trail: number[][];
  /** CUSUM of rises, in units of the largest normal rise × scans. */
  cusum: number;
}

/** What a scan means. */
export interface DistrictReading {
  readonly netLs: number;
  /** What the profile and the slow baseline lead to expect, L/s. */
  readonly expectedLs: number;
  /** Rise above the slow baseline, L/s. */
  readonly riseLs: number;
  /** Departure from the highest profile of any day, over its largest normal value; 1 is the limit. */
  readonly balance: number;
  /** CUSUM over its limit; 1 is the limit. */
  readonly cusum: number;
}

export const newDistrictState = (): DistrictState => ({
  baselineLs: null,
  baselinesKpa: [],
  recentLs: [],
  trail: [],
  cusum: 0,
});

/**
 * Takes one scan into a district's state, in place.
 *
 * The net inflow is taken as the least of the last scans, so that two meters read at different moments make no rise.
 * Its residual against the profile splits into a slow baseline (one-step prediction of autocorrelated demand, capped
 * drift) and an innovation; the CUSUM (Page 1954) of the innovation has as its allowance the largest normal rise, so
 * that flushing a hydrant never adds up, and the absolute balance finds what was there before we came.
 * @param holdBaseline true while a burst stands: nothing is learnt from it
 */
export function stepDistrict(
  state: DistrictState,
  scan: DistrictScan,
  calibration: DistrictCalibration,
  utcOffsetMinutes: number,
  settling: number,
  holdBaseline: boolean,
): DistrictReading {
  if (scan.dtS > FORGET_AFTER_S) Object.assign(state, newDistrictState());
  const { profile, slow, fastLs, cusumLimit } = calibration;
  const at = (of: Profile, course?: keyof Profile) => profileAt(of, scan.timeMs, utcOffsetMinutes, course);
  state.recentLs = [scan.netLs, ...state.recentLs].slice(0, settling);
  const netLs = Math.min(...state.recentLs);
  const profileLs = at(profile);
  const slowLs = at(slow);
  const residualLs = netLs - profileLs;
  state.baselineLs ??= clamp(residualLs, slowLs);
  const riseLs = residualLs - state.baselineLs;
  state.cusum = Math.min(
    CUSUM_CAP * cusumLimit,
    Math.max(0, state.cusum + (riseLs / fastLs - 1) * Math.min(2, scan.dtS)),
  );
  const highestLs = Math.max(at(profile, 'working'), at(profile, 'free'));
  const reading = {
    netLs,
    expectedLs: profileLs + state.baselineLs,
    riseLs,
    balance: (netLs - highestLs) / (slowLs + fastLs),
    cusum: state.cusum / cusumLimit,
  };
  if (!holdBaseline) learn(state, riseLs, slowLs, scan, calibration);
  state.trail = [[netLs, ...scan.pressuresKpa], ...state.trail].slice(0, TRAIL_SCANS);
  return reading;
}

/** Lets the baselines follow; the flow's never leaves the slow departures known as normal. */
function learn(
  state: DistrictState,
  riseLs: number,
  slowLs: number,
  { dtS, pressuresKpa }: DistrictScan,
  { driftLsPerS, fastLs }: DistrictCalibration,
): void {
  const suspect = Math.abs(riseLs) > SUSPECT_SHARE * fastLs;
  const driftLs = driftLsPerS * dtS * (suspect ? SUSPECT_DRIFT : 1);
  const share = Math.min(1, dtS / BASELINE_TIME_S);
  state.baselineLs = clamp((state.baselineLs ?? 0) + clamp(riseLs * share, driftLs), slowLs);
  if (state.baselinesKpa.length !== pressuresKpa.length) state.baselinesKpa = [...pressuresKpa];
  if (suspect) return;
  state.baselinesKpa = state.baselinesKpa.map((base, index) => base + ((pressuresKpa[index] ?? base) - base) * share);
}

const clamp = (value: number, bound: number): number => Math.min(bound, Math.max(-bound, value));
