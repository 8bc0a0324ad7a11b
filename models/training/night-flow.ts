import type { PackAsset } from '../../edge/core/pack.ts';
import { leastHistory } from '../../edge/core/watch.ts';
import { isFreeDay, type NightFlowCalibration } from '../../edge/detection/calibration.ts';
import { Night } from '../../edge/detection/night-flow/night.ts';
import { type NightFlowOptions, nightFlowOptions } from '../../edge/detection/night-flow/options.ts';
import { isSpringFestival } from '../../edge/detection/night-flow/spring-festival.ts';
import { median, robustDeviation } from '../../edge/detection/order-statistics.ts';
import type { AssetRows } from './residuals/rows.ts';
import { significant } from './significant.ts';

/** Of free days, fewer nights than this are taken as the working ones. */
const leastFreeNights = 2;
/** Nights differ by this share of their flow at the least, however few say otherwise; design choice. */
const leastShare = 0.03;
/** A night farther off than this many robust deviations is a feast, a fire or a burst, and no measure of ordinary ones. */
const outlierDeviations = 4;
const minutesOfDay = 1440;

/** What the pack asks of a kind of asset; undefined when it asks for no night flow. */
export function nightFlowIn({
  detectors,
}: PackAsset): { readonly kind: string; readonly options: NightFlowOptions } | undefined {
  const found = detectors.find(({ detector }) => detector === 'night-flow');
  return found && { kind: found.kind, options: nightFlowOptions.parse(found.options) };
}

/** The level of ordinary nights and how much they differ; undefined where the pack asks for none or history is too short. */
export function calibrateNightFlow(
  packAsset: PackAsset,
  { timesMs, columns }: AssetRows,
  utcOffsetMinutes: number,
): NightFlowCalibration | undefined {
  const options = nightFlowIn(packAsset)?.options;
  const inflow = options && columns.get(options.inflow);
  if (!inflow) return undefined;
  const outflow = options.outflow === undefined ? undefined : columns.get(options.outflow);
  const night = new Night(options);
  const nights: { readonly free: boolean; readonly level: number }[] = [];
  const close = () => {
    const ended = night.end();
    if (ended && Number.isFinite(ended.level) && !isSpringFestival(ended.day))
      nights.push({ free: isFreeDay(ended.day * minutesOfDay), level: ended.level });
  };
  for (const [row, timeMs] of timesMs.entries()) {
    const flow = (inflow[row] as number) - (outflow ? (outflow[row] as number) : 0);
    if (!night.add(timeMs / 60_000 + utcOffsetMinutes, flow)) close();
  }
  close();
  return nights.length < leastHistory.nights ? undefined : levelsOf(nights);
}

function levelsOf(
  nights: readonly { readonly free: boolean; readonly level: number }[],
): NightFlowCalibration | undefined {
  const levels = (wanted: boolean) => nights.filter(({ free }) => free === wanted).map(({ level }) => level);
  const [workingNights, freeNights] = [levels(false), levels(true)];
  if (workingNights.length === 0) return undefined;
  const working = median(workingNights);
  const free = freeNights.length < leastFreeNights ? working : median(freeNights);
  if (!(working > 0 && free > 0)) return undefined;
  const shares = nights.map((night) => night.level / (night.free ? free : working) - 1);
  const most = outlierDeviations * robustDeviation(shares, 0);
  const ordinary = shares.filter((share) => Math.abs(share) <= most);
  const square = ordinary.reduce((sum, share) => sum + share ** 2, 0) / Math.max(1, ordinary.length - 2);
  return {
    ...{ working: significant(working), free: significant(free) },
    share: significant(Math.max(leastShare, Math.sqrt(square))),
  };
}
