import type { DistrictCalibration, TagCalibration } from '../../edge/detection/calibration.ts';
import type { PlaceMatrix } from '../../edge/detection/place/matrix.ts';
import type { CityOptions } from '../../simulator/city/city.ts';
import type { PlantAsset } from '../../simulator/city/plant.ts';
import { calibrateDistricts } from './calibrate-districts.ts';
import { calibrateTags } from './calibrate-tags.ts';
import { placesOf } from './place/city-places.ts';
import { districtsOf, type NormalWindow, operatingWindows } from './plan.ts';
import { type CityRows, cityRows, type WantedRoles } from './residuals/city-rows.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const weekMs = 7 * dayMs;
/** The history is in steps of a minute; what goes on within one is learnt from windows in seconds. */
const stepS = 60;
export const windows = { operating: 60, tags: 8 } as const;
/** Windows have seeds of their own, beside that of the city. */
const seedOffset = 100_000;
/** Of a tag that the gateway does not name. */
const usualPeriodMs = 1000;

/** A city and what its gateway makes of it. */
export interface CityHistory {
  /** The city as it is at the end of its history. */
  readonly city: CityOptions;
  readonly assets: readonly PlantAsset[];
  /** How often the gateway polls a tag `device/point`, ms. */
  readonly periodsMs: ReadonlyMap<string, number>;
}

/** Parts that know nothing of each other, by name. */
export interface CalibrationPart {
  readonly tags: ReadonlyMap<string, TagCalibration>;
  readonly districts: ReadonlyMap<string, DistrictCalibration>;
  /** One for each network of water and gas. */
  readonly places: readonly PlaceMatrix[];
  /** The whole city, week by week. */
  readonly firstWeek: CityRows;
  readonly secondWeek: CityRows;
}

/** What a thread is asked, and what it tells: the share 0..1 that is done, at last the part. */
export interface CalibrationWork {
  readonly part: keyof CalibrationPart;
  readonly history: CityHistory;
  /** What the weeks are to tell of. */
  readonly roles: WantedRoles;
}
export type CalibrationNews = { readonly share: number } | { readonly result: CalibrationPart[keyof CalibrationPart] };

/** Makes one part of a calibration. */
export async function calibratePart(
  { part, history, roles }: CalibrationWork,
  onProgress: (share: number) => void,
): Promise<CalibrationPart[keyof CalibrationPart]> {
  let done = 0;
  const onWindow = (of: number) => () => onProgress(++done / of);
  const weekOf = (fromMs: number) => cityRows(weekIn(history, fromMs), stepS, onWindow(7), roles);
  switch (part) {
    case 'tags':
      return tagsOf(history, onWindow(windows.tags));
    case 'districts':
      return districtCalibrationsOf(history, onWindow(windows.operating));
    case 'places':
      return placesOf(history.city, onProgress);
    case 'firstWeek':
      return weekOf(history.city.startMs - 2 * weekMs);
    case 'secondWeek':
      return weekOf(history.city.startMs - weekMs);
  }
}

const weekIn = ({ city }: CityHistory, startMs: number): NormalWindow =>
  inCity(city, { seed: city.seed, startMs, hours: 7 * 24, happenings: [] });

const inCity = ({ seed: _seed, startMs: _startMs, ...city }: CityOptions, window: NormalWindow): NormalWindow => ({
  ...window,
  ...city,
});

function tagsOf({ city, periodsMs }: CityHistory, onWindow: () => void): Promise<CalibrationPart['tags']> {
  const fromMs = city.startMs - 2 * weekMs;
  const lived = tagWindows(city.seed, fromMs).map((window) => inCity(city, window));
  return calibrateTags(lived, (tag) => periodsMs.get(tag) ?? usualPeriodMs, onWindow);
}

/** Twenty minutes each, at hours that go round the clock, over the two weeks. */
function tagWindows(seed: number, fromMs: number): NormalWindow[] {
  return Array.from({ length: windows.tags }, (_, index) => ({
    ...{ seed: seed + seedOffset + index, hours: 1 / 3, happenings: [] },
    startMs: fromMs + Math.floor((index * 14) / windows.tags) * dayMs + ((index * 7) % 24) * hourMs,
  }));
}

async function districtCalibrationsOf(
  history: CityHistory,
  onWindow: () => void,
): Promise<CalibrationPart['districts']> {
  const { city, assets } = history;
  const { seed, startMs } = city;
  const districts = districtsOf(assets);
  const station = assets.find(({ type }) => type === 'water.pump-station')?.id;
  if (districts.length === 0 || station === undefined) return new Map();
  const fromMs = startMs - 2 * weekMs;
  const operating = { fromMs, days: 7, districts, pumpStation: station };
  return calibrateDistricts(
    [weekIn(history, fromMs)],
    [weekIn(history, fromMs + weekMs)],
    operatingWindows(seed + seedOffset, windows.operating, operating).map((window) => inCity(city, window)),
    stepS,
    onWindow,
  );
}
