import type { DistrictCalibration } from './calibration.ts';
import { profileAt } from './calibration.ts';
import type { DistrictReading, DistrictScan, DistrictState } from './district-physics.ts';

/** Pressure roles that the model looks at, in the order of its inputs and of `DistrictScan.pressuresKpa`. */
export const pressureRoles = ['pressure', 'pressure-critical', 'pressure-2', 'pressure-3'] as const;

/** One input of the district model as its manifest lists it. */
export interface FeatureSpec {
  readonly name: string;
  readonly role: string;
  readonly unit: string;
  /** Describes the operating condition: the model has no verdict outside what it was trained on. */
  readonly context: boolean;
}

const flow = (name: string): FeatureSpec => ({
  name,
  role: 'inflow-outflow',
  unit: 'largest normal rise',
  context: false,
});

/**
 * The inputs of the district model. Every one is in units of the district's own normal operation (1 = the largest
 * normal rise or pressure change), so that one model serves all districts.
 */
export const featureSpecs: readonly FeatureSpec[] = [
  ...['rise', 'change-2s', 'change-5s', 'change-10s'].map(flow),
  ...pressureRoles.map((role) => ({ name: `${role}-fall`, role, unit: 'largest normal change', context: false })),
  ...pressureRoles.map((role) => ({ name: `${role}-change-5s`, role, unit: 'largest normal change', context: false })),
  { name: 'expected-share', role: 'inflow-outflow', unit: 'largest of the day', context: true },
  { name: 'slow-departure', role: 'inflow-outflow', unit: 'largest normal departure', context: true },
  { name: 'hour-sine', role: '', unit: '1', context: true },
  { name: 'hour-cosine', role: '', unit: '1', context: true },
];

const DAY_MS = 86_400_000;

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
  const scales = pressureRoles.map((role) => calibration.pressureKpa[role] ?? Number.NaN);
  if (scan.pressuresKpa.length !== scales.length || state.baselinesKpa.length !== scales.length) return undefined;
  const back = (scans: number) => state.trail[Math.min(scans, state.trail.length - 1)] ?? [];
  const change = (column: number, scans: number) =>
    (back(0)[column] ?? Number.NaN) - (back(scans)[column] ?? Number.NaN);
  const { profile, slow, fastLs } = calibration;
  const peak = Math.max(...profile.working, ...profile.free);
  const slowLs = profileAt(slow, scan.timeMs, utcOffsetMinutes);
  const angle = (2 * Math.PI * (scan.timeMs + utcOffsetMinutes * 60_000)) / DAY_MS;
  const row = Float32Array.from([
    reading.riseLs / fastLs,
    ...[2, 5, 10].map((scans) => change(0, scans) / fastLs),
    ...scales.map(
      (scale, index) => ((scan.pressuresKpa[index] ?? Number.NaN) - (state.baselinesKpa[index] ?? 0)) / scale,
    ),
    ...scales.map((scale, index) => change(index + 1, 5) / scale),
    profileAt(profile, scan.timeMs, utcOffsetMinutes) / peak,
    (state.baselineLs ?? 0) / slowLs,
    Math.sin(angle),
    Math.cos(angle),
  ]);
  return row.every(Number.isFinite) ? row : undefined;
}
