import { calibrateCity } from '../../../models/training/calibrate-city.ts';
import { createCity } from '../../../simulator/city/city.ts';
import type { LoadedGateway } from '../../config/load.ts';
import { citySettings } from '../past/from-city.ts';
import type { PastWish } from '../past/wish.ts';
import type { Calibrated } from './work.ts';

/** What the simulated city itself knows of its normal operation, districts and seconds included. */
export async function calibrateFromCity(
  { tags, packs }: LoadedGateway,
  wish: PastWish,
  onProgress: (share: number) => void,
  signal: AbortSignal,
): Promise<Calibrated> {
  const options = { seed: wish.seed, ...(await citySettings(wish.city)) };
  const city = await createCity(options);
  const { assets } = city;
  city.dispose();
  const periodsMs = new Map(tags.definitions.map(({ name, periodMs }) => [name, periodMs]));
  const calibration = await calibrateCity({ city: options, assets, periodsMs }, packs, { onProgress, signal });
  const made = { ...calibration.made, by: 'lifeline calibrate' };
  return { calibration: { ...calibration, made }, source: `the simulated city, seed ${wish.seed}`, notes: [], not: [] };
}
