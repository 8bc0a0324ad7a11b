import { readFile } from 'node:fs/promises';
import { type Calibration, parseCalibration } from '../../detection/calibration.ts';

/** The calibration that is there; undefined where there is none that can be read. */
export const calibrationIn = (file: string): Promise<Calibration | undefined> =>
  readFile(file, 'utf8')
    .then((text) => parseCalibration(JSON.parse(text)))
    .catch(() => undefined);

/** The calibration as it is written: what the one before says beyond it stays. */
export function joined(before: Calibration | undefined, made: Calibration): Calibration {
  const assets = { ...before?.assets };
  for (const [id, { residuals, ...others }] of Object.entries(made.assets)) {
    const old = assets[id];
    assets[id] = { ...old, ...others, residuals: { ...old?.residuals, ...residuals } };
  }
  const places = made.places ?? before?.places;
  return { ...{ ...made, assets, tags: { ...before?.tags, ...made.tags } }, ...(places ? { places } : {}) };
}

export const textOf = (whole: Calibration): string => `${JSON.stringify(whole, null, 1).replaceAll(/\n {4,}/g, ' ')}\n`;

/** How much a calibration covers. */
export function countsOf({ tags, assets, places }: Calibration) {
  const all = Object.values(assets);
  return {
    tags: Object.keys(tags).length,
    claims: all.reduce((sum, { residuals }) => sum + Object.keys(residuals ?? {}).length, 0),
    districts: all.filter(({ district }) => district !== undefined).length,
    places: places?.length ?? 0,
  };
}
