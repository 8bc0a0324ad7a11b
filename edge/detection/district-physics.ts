import { type DistrictCalibration, type Profile, profileAt } from './calibration.ts';

/** Time constant at which the slow baseline follows the residual, within its capped drift. */
const BASELINE_TIME_S = 60;
/** While the rise is above this share of the largest normal one, the baseline learns … */
const SUSPECT_SHARE = 0.35;
/** … only this share of its drift: a slow fault must not be swallowed. */
const SUSPECT_DRIFT = 0.1;
/** A fall is no burst: the baseline follows it this many times faster, so that the end of a flush does not deafen it. */
const FALL_DRIFT = 10;
/** After a jump past its limit the hand-opened course goes on at this share of its speed. */
const SUSPECT_SLEW = 0.25;
/** After a gap as long as this the past says nothing about the present. */
const FORGET_AFTER_S = 120;
/** Cap of the CUSUM as a multiple of its limit, so that it comes down in seconds. */
const CUSUM_CAP = 3;
/** Length of the memory of the last scans. */
const TRAIL_SCANS = 5;

/** What two meters on two PLCs can be apart in time, in scans; a lone meter has only its own polling. */
export const settlingScans = (hasOutflow: boolean): number => (hasOutflow ? 3 : 2);

/** One scan of a district. Flows in L/s, pressures in kPa in the order of `pressureRoles`. */
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
  /** Net inflow followed no faster than normal operation ever changes it, L/s; null before the first scan. */
  followedLs: number | null;
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
  /** The three pieces of evidence, each over its limit: departure from the highest profile of any day … */
  readonly balance: number;
  /** … CUSUM of what rises above the largest normal rise … */
  readonly cusum: number;
  /** … and how far the flow has jumped ahead of the fastest normal change. */
  readonly jump: number;
}

export const newDistrictState = (): DistrictState => ({
  baselineLs: null,
  baselinesKpa: [],
  followedLs: null,
  recentLs: [],
  trail: [],
  cusum: 0,
});

/** The two normal errors of a balance, day-to-day demand and flushing, added as independent ones, L/s. */
export const balanceScale = (slowLs: number, fastLs: number): number => Math.hypot(slowLs, fastLs);

/**
 * Takes one scan into a district's state, in place.
 *
 * The net inflow is taken as the least of the last scans, so that two meters read at different moments make no rise.
 * Its residual against the profile splits into a slow baseline (one-step prediction of autocorrelated demand, capped
 * drift) and an innovation. The CUSUM (Page 1954) of the innovation has as its allowance the largest normal rise, so
 * that flushing a hydrant never adds up; the jump measures suddenness, for a main breaks in a second and a hydrant is
 * opened by hand; the absolute balance finds what was there before we came.
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
  const { profile, slow, fastLs, cusumLimit, balanceLimit } = calibration;
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
    balance: (netLs - highestLs) / (balanceLimit * balanceScale(slowLs, fastLs)),
    cusum: state.cusum / cusumLimit,
    jump: follow(state, netLs, scan.dtS, calibration),
  };
  if (!holdBaseline) learn(state, riseLs, slowLs, scan, calibration);
  state.trail = [[netLs, ...scan.pressuresKpa], ...state.trail].slice(0, TRAIL_SCANS);
  return reading;
}

/** Moves the followed flow on; returns how far the flow is ahead of it, over the limit. */
function follow(state: DistrictState, netLs: number, dtS: number, { slewLsPerS, jumpLs }: DistrictCalibration): number {
  const before = state.followedLs ?? netLs;
  const ahead = netLs - before;
  const reachLs = slewLsPerS * dtS * (ahead > jumpLs ? SUSPECT_SLEW : 1);
  state.followedLs = before + clamp(ahead, reachLs);
  return (netLs - state.followedLs) / jumpLs;
}

/** Lets the baselines follow; the flow's never leaves the slow departures known as normal. */
function learn(
  state: DistrictState,
  riseLs: number,
  slowLs: number,
  { dtS, pressuresKpa }: DistrictScan,
  { driftLsPerS, fastLs }: DistrictCalibration,
): void {
  const suspect = riseLs > SUSPECT_SHARE * fastLs;
  const driftLs = driftLsPerS * dtS * (suspect ? SUSPECT_DRIFT : riseLs < 0 ? FALL_DRIFT : 1);
  const share = Math.min(1, dtS / BASELINE_TIME_S);
  state.baselineLs = clamp((state.baselineLs ?? 0) + clamp(riseLs * share, driftLs), slowLs);
  if (state.baselinesKpa.length !== pressuresKpa.length) state.baselinesKpa = [...pressuresKpa];
  if (suspect) return;
  state.baselinesKpa = state.baselinesKpa.map((base, index) => base + ((pressuresKpa[index] ?? base) - base) * share);
}

const clamp = (value: number, bound: number): number => Math.min(bound, Math.max(-bound, value));
