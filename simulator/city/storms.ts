import { seededRandom } from '../../edge/core/random.ts';
import { dayStart } from './local-time.ts';

const minuteMs = 60_000;
const dayMs = 86_400_000;

/**
 * Intensity of storms in Harbin: q = 2887 (1 + 0.794 lg P) / (t + 10)^0.88, q in L/(s·hm²), t in minutes, P in years
 * (Water Supply and Drainage Design Handbook, vol. 5, Urban Drainage, table of storm formulas, taken over without the
 * printed text at hand).
 */
const formula = { a: 2887, c: 0.794, b: 10, n: 0.88 } as const;
/** 1 L/(s·hm²) in mm/h. */
const mmHPerLsHa = 0.36;

/** Mean intensity in mm/h over the worst `minutes` of a storm that comes back every `returnYears`. */
export function stormIntensityMmH(returnYears: number, minutes: number): number {
  const { a, c, b, n } = formula;
  return (mmHPerLsHa * a * (1 + c * Math.log10(returnYears))) / (minutes + b) ** n;
}

/** A storm: when, how often such a one comes, how long it lasts, and at what share of that it peaks. */
interface Storm {
  readonly startMs: number;
  readonly returnYears: number;
  readonly minutes: number;
  readonly peakShare: number;
}

/**
 * Intensity in mm/h of a storm at a moment: the Chicago hyetograph (Keifer and Chu, Synthetic storm pattern for drainage
 * design, J. Hydraulics Division ASCE 83(4), 1957), whose worst t minutes have the mean of the formula for every t.
 */
export function chicagoMmH(storm: Omit<Storm, 'startMs'>, minute: number): number {
  const { returnYears, minutes, peakShare } = storm;
  if (minute < 0 || minute > minutes) return 0;
  const fromPeak = minute - peakShare * minutes;
  const stretched = fromPeak < 0 ? -fromPeak / peakShare : fromPeak / (1 - peakShare);
  const { a, c, b, n } = formula;
  const strength = mmHPerLsHa * a * (1 + c * Math.log10(returnYears));
  return (strength * ((1 - n) * stretched + b)) / (stretched + b) ** (1 + n);
}

/** Storms a year in Harbin that are worth the name, and their shares of the months from May to September: design choices. */
const stormsPerYear = 8;
const shares: Readonly<Record<number, number>> = { 5: 0.06, 6: 0.2, 7: 0.37, 8: 0.28, 9: 0.09 };
const daysOfMonth = 30.6;
/** The return period of a storm is at most this, years. */
const rarestYears = 100;
/** Most storms of the plain come in the afternoon: earliest and latest hour of their beginning, mostly in the middle. */
const hours = [10, 23] as const;
const lasting = [40, 150] as const;
/** Before and after a storm the sky is overcast for this long. */
const overcastMs = 90 * minuteMs;

/** Storms of one local day: at most one. */
function stormOf(seed: number, dayMsLocal: number, month: number): Storm | undefined {
  const share = shares[month];
  if (share === undefined) return undefined;
  const random = seededRandom(seed, `storm/${dayMsLocal}`);
  if (random.next() >= (stormsPerYear * share) / daysOfMonth) return undefined;
  // Of all storms, the share that is rarer than P years is Pmin / P.
  const returnYears = Math.min(rarestYears, 1 / stormsPerYear / (1 - random.next()));
  const between = ([low, high]: readonly [number, number], share: number) => low + (high - low) * share;
  const startMs = dayMsLocal + between(hours, (random.next() + random.next()) / 2) * 60 * minuteMs;
  return {
    startMs,
    returnYears,
    minutes: between(lasting, random.next()),
    peakShare: between([0.3, 0.45], random.next()),
  };
}

const fade = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));

/** Rain of storms at a moment, and how much of the sky they cover on top. */
export interface StormWeather {
  readonly rainMmH: number;
  /** 0..1, without a jump. */
  readonly overcast: number;
}
const calm: StormWeather = { rainMmH: 0, overcast: 0 };

/** Storms of summer as a pure function of the time, random by seed. */
export function summerStorms(seed: number): (timeMs: number) => StormWeather {
  const known = new Map<number, Storm | undefined>();
  const stormOn = (timeMs: number) => {
    const { startMs, month } = dayStart(timeMs);
    if (!known.has(startMs)) {
      if (known.size > 8) known.clear();
      known.set(startMs, stormOf(seed, startMs, month));
    }
    return known.get(startMs);
  };
  const partOf = (storm: Storm | undefined, timeMs: number): StormWeather => {
    if (!storm) return calm;
    const { startMs, minutes } = storm;
    const sinceMs = timeMs - startMs;
    const leftMs = minutes * minuteMs - sinceMs;
    if (sinceMs < -overcastMs || leftMs < -overcastMs) return calm;
    const overcast = Math.min(fade(1 + sinceMs / overcastMs), fade(1 + leftMs / overcastMs));
    return { rainMmH: chicagoMmH(storm, sinceMs / minuteMs), overcast };
  };
  return (timeMs) => {
    const today = partOf(stormOn(timeMs), timeMs);
    const before = partOf(stormOn(timeMs - dayMs), timeMs);
    if (before === calm) return today;
    return {
      rainMmH: today.rainMmH + before.rainMmH,
      overcast: Math.max(today.overcast, before.overcast),
    };
  };
}
