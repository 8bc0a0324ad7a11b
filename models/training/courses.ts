import type { DistrictCalibration, Profile } from '../../edge/detection/calibration.ts';
import { profileAt } from '../../edge/detection/calibration.ts';
import { lossFlow, lossRoles } from '../../edge/detection/district-features.ts';
import { conformalLimit } from '../../edge/detection/limits/conformal.ts';
import { runDistricts } from './district-history.ts';
import { type NormalWindow, utcOffsetMinutes } from './plan.ts';
import { significant } from './significant.ts';

/** Half-hour bins of the daily course. */
const BINS = 48;
const DAY_MS = 86_400_000;

/** What weeks of values say of a district. */
export type Course = Pick<DistrictCalibration, 'profile' | 'slow' | 'inletKpa'> & {
  readonly headLoss: Readonly<Record<string, { readonly offsetKpa: number; readonly kpaPerFlow: number }>>;
};

/** Sums of one district over the weeks. */
interface Sums {
  /** Sum and count of the net inflow by half hour. */
  readonly working: Float64Array;
  readonly free: Float64Array;
  inletKpa: number;
  /** Of the head loss y of each role on x = net inflow^1.852: n, Σx, Σxx, then Σy, Σxy per role. */
  readonly loss: Float64Array;
}

const newSums = (): Sums => ({
  working: new Float64Array(2 * BINS),
  free: new Float64Array(2 * BINS),
  inletKpa: 0,
  loss: new Float64Array(3 + 2 * lossRoles.length),
});

const add = (to: Float64Array, place: number, value: number) => {
  to[place] = (to[place] ?? 0) + value;
};

/**
 * Fits every district's daily course and head losses to some weeks, and finds its slow limit, the conformal quantile of
 * the largest relative departure from the course per day, on other weeks.
 */
export async function fitCourses(
  fitWeeks: readonly NormalWindow[],
  heldOutWeeks: readonly NormalWindow[],
  options: { readonly alpha: number; readonly margin: number; readonly stepS: number },
): Promise<Map<string, Course>> {
  const sums = await sumUp(fitWeeks, options.stepS);
  const fitted = new Map([...sums].map(([id, of]) => [id, courseOf(of)]));
  const days = await largestByDay(heldOutWeeks, options.stepS, (id) => fitted.get(id)?.profile);
  return new Map(
    [...fitted].map(([id, course]) => {
      const share = options.margin * conformalLimit([...(days.get(id)?.values() ?? [])], options.alpha);
      const scaled = (values: readonly number[]) => values.map((value) => significant(value * share));
      const { profile } = course;
      return [id, { ...course, slow: { working: scaled(profile.working), free: scaled(profile.free) } }];
    }),
  );
}

async function sumUp(weeks: readonly NormalWindow[], stepS: number): Promise<Map<string, Sums>> {
  const all = new Map<string, Sums>();
  for (const week of weeks) {
    await runDistricts(week, stepS, ({ district, timeMs, netLs, pressuresKpa }) => {
      const sums = all.get(district) ?? newSums();
      all.set(district, sums);
      const localMs = timeMs + utcOffsetMinutes * 60_000;
      const weekday = new Date(localMs).getUTCDay();
      const course = sums[weekday === 0 || weekday === 6 ? 'free' : 'working'];
      const bin = Math.floor(((localMs % DAY_MS) / DAY_MS) * BINS);
      add(course, 2 * bin, netLs);
      add(course, 2 * bin + 1, 1);
      const [inlet = Number.NaN, ...others] = pressuresKpa;
      const x = lossFlow(netLs);
      sums.inletKpa += inlet;
      for (const [place, value] of [1, x, x * x].entries()) add(sums.loss, place, value);
      for (const [role, other] of others.entries()) {
        add(sums.loss, 3 + 2 * role, inlet - other);
        add(sums.loss, 4 + 2 * role, x * (inlet - other));
      }
    });
  }
  return all;
}

/** Means by half hour, and the least-squares line of each head loss. */
function courseOf({ working, free, inletKpa, loss }: Sums): Omit<Course, 'slow'> {
  const means = (course: Float64Array) =>
    Array.from({ length: BINS }, (_, bin) => significant((course[2 * bin] ?? 0) / (course[2 * bin + 1] ?? 1)));
  const profile: Profile = { working: means(working), free: means(free) };
  const [n = 0, sx = 0, sxx = 0] = loss;
  const headLoss = lossRoles.map((role, index) => {
    const [sy = 0, sxy = 0] = loss.subarray(3 + 2 * index);
    const kpaPerFlow = (n * sxy - sx * sy) / (n * sxx - sx * sx);
    const offsetKpa = (sy - kpaPerFlow * sx) / n;
    return [role, { offsetKpa: significant(offsetKpa), kpaPerFlow: significant(kpaPerFlow) }] as const;
  });
  return { profile, inletKpa: significant(inletKpa / n), headLoss: Object.fromEntries(headLoss) };
}

/** Largest relative departure from the profile, either way, by district and day. */
async function largestByDay(
  weeks: readonly NormalWindow[],
  stepS: number,
  profileOf: (district: string) => Profile | undefined,
): Promise<Map<string, Map<string, number>>> {
  const days = new Map<string, Map<string, number>>();
  for (const week of weeks) {
    await runDistricts(week, stepS, ({ district, timeMs, netLs }) => {
      const profile = profileOf(district);
      if (!profile) return;
      const share = Math.abs(netLs / profileAt(profile, timeMs, utcOffsetMinutes) - 1);
      const day = `${week.seed}/${Math.floor((timeMs - week.startMs) / DAY_MS)}`;
      const blocks = days.get(district) ?? new Map<string, number>();
      days.set(district, blocks.set(day, Math.max(blocks.get(day) ?? 0, share)));
    });
  }
  return days;
}
