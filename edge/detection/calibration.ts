import { z } from 'zod';
import { matrixSchema } from './place/matrix.ts';
import { flowWith, steepest } from './residual/options.ts';

const bins = z.array(z.number().finite()).min(2);

/** Expected course over the day, linear between the middles of equal bins, apart for working days and free days. */
const profile = z.object({ working: bins, free: bins });
export type Profile = z.infer<typeof profile>;

const tag = z.object({
  /** Robust standard deviation of the difference between neighbouring samples (1.4826 × MAD), tag's unit. */
  differenceScale: z.number().min(0),
  /** Longest run of equal samples in normal operation; 0 when the tag need not move. */
  longestRun: z.number().int().min(0),
  /** Largest normal excursion of one sample that came back at once, tag's unit. */
  thereAndBack: z.number().min(0),
  /** Largest change from minute to minute in normal operation, tag's unit. */
  largestStep: z.number().min(0).optional(),
  /** What a clock or a count of beats goes on by from sample to sample, tag's unit; what measures or counts a process has none. */
  advance: z.number().min(1).optional(),
  /** It stood for less than this in the steps of its normal operation, s; zero, which may stand for ever, left out. A total has none. */
  standsS: z.number().positive().optional(),
  /** Between which values it was in normal operation, tag's unit; a total has none. */
  range: z.object({ low: z.number(), high: z.number() }).optional(),
  /**
   * Of what was learnt from little history: spikes, noise, leaps and standstills must be so many times as large, and no
   * smaller than a step in the tag's unit; the range says nothing.
   */
  caution: z.object({ factor: z.number().min(1), step: z.number().min(0) }).optional(),
});
export type TagCalibration = z.infer<typeof tag>;

/** What another is expected from, and what it was in training: a role in its tag's unit, or what a flow says with others. */
const input = z.object({
  role: z.string(),
  ...flowWith,
  centre: z.number(),
  spread: z.number().positive(),
  low: z.number(),
  high: z.number(),
});

const reach = z.object({
  /** Of the terms of taught rows, as `residual/reach.ts` says. */
  factor: z.array(z.number()).min(1),
  /** Highest leverage of a taught row, the furthest that was tried, and what one more adds to the variance, in variances of the residual. */
  highest: z.number().min(0),
  furthest: z.number().min(0),
  growth: z.number().positive(),
});

const part = z.object({
  role: z.string(),
  ...flowWith,
  rate: z.boolean(),
  moves: z.enum(['up', 'down', 'either']),
  rises: steepest.optional(),
  of: z.array(input),
  /** Intercept and one weight per term of `residual/terms.ts`, tag's unit. */
  weights: z.array(z.number()).min(1),
  daily: profile.optional(),
  /** Standard deviation of the residual of a minute on held-out rows, tag's unit. */
  scale: z.number().positive(),
  /** How limits widen beyond what was taught; without it nothing is judged there. */
  reach: reach.optional(),
});
export type ResidualPart = z.infer<typeof part>;

/** Residuals whose departures count together, and the CUSUM of their sum. */
const residual = z.object({
  parts: z.array(part).min(1),
  /** Length of the windows whose means depart, s; a minute when left out. */
  windowS: z.number().positive().optional(),
  /** Allowance k and limit h, in standard deviations of the sum; what a minute adds. */
  allowance: z.number().positive(),
  limit: z.number().positive(),
  /** The largest sum in each part of the held-out time, over the limit that its other parts give; and how long a part is. */
  heldOut: z.object({ blockDays: z.number().positive(), peaks: z.array(z.number().min(0)).min(1) }).optional(),
  /** How far calibrations since the first have moved what is expected, the way of the claim, in deviations. */
  drift: z.number().min(0).optional(),
});
export type ResidualCalibration = z.infer<typeof residual>;

const headLoss = z.object({
  /** Loss at no flow: the difference of the gauges' heights, kPa. */
  offsetKpa: z.number(),
  /** Loss per (L/s)^1.852 of net inflow (Hazen and Williams), kPa. */
  kpaPerFlow: z.number(),
  /** Largest normal departure from it, either way (conformal), kPa. */
  largestKpa: z.number().positive(),
});

const district = z.object({
  /** Expected net inflow, L/s. */
  profile,
  /** Largest normal slow departure from the profile over the day (conformal × margin), L/s. */
  slow: profile,
  /** Largest normal rise above the slow baseline (conformal × margin), L/s: flushing included. */
  fastLs: z.number().positive(),
  /** Limit of the CUSUM of rises above `fastLs`, in units of `fastLs` × samples. */
  cusumLimit: z.number().positive(),
  /** Largest normal departure from the highest profile, in units of `fastLs` and `slow` added as independent errors. */
  balanceLimit: z.number().positive(),
  /** Fastest normal change that lasts for seconds (conformal × margin), L/s per s: a hydrant opened by hand. */
  slewLsPerS: z.number().positive(),
  /** Largest normal jump ahead of that (conformal × margin), L/s. */
  jumpLs: z.number().positive(),
  /** How fast the baseline may learn, L/s per s. */
  driftLsPerS: z.number().positive(),
  /** Pressure behind the meter as a rule, kPa. */
  inletKpa: z.number().positive(),
  /** Loss of pressure from the meter to each other gauge, by role. */
  headLoss: z.record(z.string(), headLoss),
});
export type DistrictCalibration = z.infer<typeof district>;

const nightFlow = z.object({
  /** Minimum night flow of working and of free days, in the unit of the inflow. */
  working: z.number().positive(),
  free: z.number().positive(),
  /** Standard deviation of a night as a share of it. */
  share: z.number().positive(),
});
export type NightFlowCalibration = z.infer<typeof nightFlow>;

const schema = z.object({
  schema: z.literal('lifeline-calibration/1'),
  /** Where the figures come from, for people and for the audit. */
  made: z.record(z.string(), z.unknown()),
  utcOffsetMinutes: z.number().int(),
  tags: z.record(z.string(), tag),
  assets: z.record(
    z.string(),
    z.object({
      /** By kind of the claim, with the part of the asset where there are several: `pump-wear/pump-1`. */
      residuals: z.record(z.string(), residual).optional(),
      district: district.optional(),
      nightFlow: nightFlow.optional(),
    }),
  ),
  /** What leaks would change, one for each network with a model. */
  places: z.array(matrixSchema).optional(),
});
/** What normal looks like on this installation, by tag name and asset id: the content of `calibration.json`. */
export type Calibration = z.infer<typeof schema>;

/** Checks the parsed JSON of a calibration file. Throws a plain error with the first wrong path. */
export function parseCalibration(json: unknown): Calibration {
  const result = schema.safeParse(json);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join('.') || 'calibration'}: ${issue?.message ?? 'unreadable'}`);
}

const DAY_MINUTES = 1440;

/**
 * A profile's value at a moment.
 * @param timeMs ms since epoch
 * @param course which day's course to read; by the calendar of the place when not given
 */
export function profileAt(from: Profile, timeMs: number, utcOffsetMinutes: number, course?: keyof Profile): number {
  const localMinutes = timeMs / 60_000 + utcOffsetMinutes;
  const values = from[course ?? (isFreeDay(localMinutes) ? 'free' : 'working')];
  const position = ((localMinutes % DAY_MINUTES) / DAY_MINUTES) * values.length - 0.5;
  const left = Math.floor(position);
  const share = position - left;
  const at = (bin: number) => values[(bin + values.length) % values.length] as number;
  return at(left) * (1 - share) + at(left + 1) * share;
}

/** Saturday or Sunday, by minutes of local time since 1 January 1970, a Thursday. */
export function isFreeDay(localMinutes: number): boolean {
  const weekday = (Math.floor(localMinutes / DAY_MINUTES) + 4) % 7;
  return weekday === 0 || weekday === 6;
}
