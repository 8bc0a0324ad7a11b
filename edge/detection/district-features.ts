import type { DistrictCalibration } from './calibration.ts';
import { profileAt } from './calibration.ts';
import { balanceScale, type DistrictReading, type DistrictScan, type DistrictState } from './district-physics.ts';

/** Pressure roles that the model looks at, in the order of `DistrictScan.pressuresKpa`; the first is behind the meter. */
export const pressureRoles = ['pressure', 'pressure-critical', 'pressure-2', 'pressure-3'] as const;
/** The roles to which pressure is lost on the way from the meter. */
export const lossRoles = pressureRoles.slice(1);

/** One input of the district model as its manifest lists it. */
export interface FeatureSpec {
  readonly name: string;
  readonly role: string;
  readonly unit: string;
  /** Describes the operating condition: the model has no verdict outside what it was trained on. */
  readonly context: boolean;
}

const flow = (name: string, unit: string): FeatureSpec => ({ name, role: 'inflow-outflow', unit, context: false });

/**
 * The inputs of the district model. Every one is in units of the district's own normal operation (1 = the largest
 * normal rise, jump, departure), so that one model serves all districts.
 */
export const featureSpecs: readonly FeatureSpec[] = [
  flow('rise', 'largest normal rise'),
  flow('jump', 'largest normal jump'),
  flow('balance', 'largest normal departure'),
  ...lossRoles.map((role) => ({ name: `loss-${role}`, role, unit: 'largest normal departure', context: false })),
  { name: 'inlet-pressure', role: 'pressure', unit: 'usual pressure', context: true },
  { name: 'expected-share', role: 'inflow-outflow', unit: 'largest of the day', context: true },
  { name: 'hour-sine', role: '', unit: '1', context: true },
  { name: 'hour-cosine', role: '', unit: '1', context: true },
];

const DAY_MS = 86_400_000;

/** Net inflow to the power that head loss goes with (Hazen and Williams). */
export const lossFlow = (netLs: number): number => Math.sign(netLs) * Math.abs(netLs) ** 1.852;

/**
 * Loss of pressure from the meter to each other gauge in excess of what the net inflow explains, mean over the scans of
 * the trail, kPa in the order of `lossRoles`: demand that is higher everywhere explains itself, water that leaves at one
 * place does not.
 */
export function excessLossesKpa(
  { trail }: Pick<DistrictState, 'trail'>,
  headLoss: DistrictCalibration['headLoss'],
): number[] {
  return lossRoles.map((role, index) => {
    const { offsetKpa, kpaPerFlow } = headLoss[role] ?? { offsetKpa: Number.NaN, kpaPerFlow: Number.NaN };
    const sum = trail.reduce((total, [netLs = Number.NaN, inlet = Number.NaN, ...others]) => {
      return total + inlet - (others[index] ?? Number.NaN) - offsetKpa - kpaPerFlow * lossFlow(netLs);
    }, 0);
    return sum / trail.length;
  });
}

/**
 * The model's inputs for the scan that was just taken into the state; undefined when a pressure is missing, since a
 * missing input must not be filled with a made-up number.
 */
export function districtFeatures(
  state: DistrictState,
  scan: DistrictScan,
  reading: DistrictReading,
  calibration: DistrictCalibration,
  utcOffsetMinutes: number,
): Float32Array | undefined {
  const { profile, slow, fastLs, headLoss, inletKpa } = calibration;
  const at = (of: typeof profile) => profileAt(of, scan.timeMs, utcOffsetMinutes);
  const losses = excessLossesKpa(state, headLoss);
  const angle = (2 * Math.PI * (scan.timeMs + utcOffsetMinutes * 60_000)) / DAY_MS;
  const row = Float32Array.from([
    reading.riseLs / fastLs,
    reading.jump,
    (reading.netLs - at(profile)) / balanceScale(at(slow), fastLs),
    ...losses.map((loss, index) => loss / (headLoss[lossRoles[index] ?? '']?.largestKpa ?? Number.NaN)),
    (state.baselinesKpa[0] ?? Number.NaN) / inletKpa,
    at(profile) / Math.max(...profile.working, ...profile.free),
    Math.sin(angle),
    Math.cos(angle),
  ]);
  return row.every(Number.isFinite) ? row : undefined;
}
