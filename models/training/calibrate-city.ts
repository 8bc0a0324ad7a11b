import type { Calibration } from '../../edge/detection/calibration.ts';
import type { CityOptions } from '../../simulator/city/city.ts';
import type { PlantAsset } from '../../simulator/city/plant.ts';
import { alpha, calibrateDistricts, margins } from './calibrate-districts.ts';
import { calibrateTags } from './calibrate-tags.ts';
import { districtsOf, type NormalWindow, operatingWindows, utcOffsetMinutes } from './plan.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
/** The history is in steps of a minute; what goes on within one is learnt from windows in seconds. */
const stepS = 60;
const windows = { operating: 60, tags: 8 } as const;
/** Windows have seeds of their own, beside that of the city. */
const seedOffset = 100_000;

export interface CityHistory {
  /** The city as it is at the end of its history. */
  readonly city: CityOptions;
  readonly assets: readonly PlantAsset[];
  /** How often the gateway polls a tag `device/point`. */
  readonly periodMsOf: (tag: string) => number;
}

/**
 * What normal looks like at the gateway of a city, from the 14 days before a moment: the districts' courses from the first
 * week and their limits from the second, in steps of a minute, without the wire; what happens within minutes from short
 * windows, second by second, spread over the same days. Fewer windows than for a released calibration: it is made for one run.
 */
export async function calibrateCity(history: CityHistory): Promise<Calibration> {
  const { assets, periodMsOf } = history;
  const { seed, startMs, ...city } = history.city;
  const fromMs = startMs - 2 * weekMs;
  const ofCity = (window: NormalWindow): NormalWindow => ({ ...window, ...city });
  const tags = await calibrateTags(tagWindows(seed, fromMs).map(ofCity), periodMsOf);
  const districts = districtsOf(assets);
  const station = assets.find(({ type }) => type === 'water.pump-station')?.id;
  const week = (beginMs: number) => ofCity({ seed, startMs: beginMs, hours: 7 * 24, happenings: [] });
  const operating = { fromMs, days: 7, districts, pumpStation: station ?? '' };
  const calibrated =
    districts.length > 0 && station !== undefined
      ? await calibrateDistricts(
          [week(fromMs)],
          [week(fromMs + weekMs)],
          operatingWindows(seed + seedOffset, windows.operating, operating).map(ofCity),
          stepS,
        )
      : new Map();
  return {
    schema: 'lifeline-calibration/1',
    made: { by: 'exam', from: 'the 14 days before it, normal operation', seed, windows, alpha, margins },
    utcOffsetMinutes,
    assets: Object.fromEntries([...calibrated].map(([id, district]) => [id, { district }])),
    tags: Object.fromEntries(tags),
  };
}

/** Twenty minutes each, at hours that go round the clock, over the two weeks. */
function tagWindows(seed: number, fromMs: number): NormalWindow[] {
  return Array.from({ length: windows.tags }, (_, index) => ({
    ...{ seed: seed + seedOffset + index, hours: 1 / 3, happenings: [] },
    startMs: fromMs + Math.floor((index * 14) / windows.tags) * dayMs + ((index * 7) % 24) * hourMs,
  }));
}
