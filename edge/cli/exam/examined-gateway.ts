import type { CalibrationWatch } from '../../../models/training/calibrate-city.ts';
import type { CityOptions } from '../../../simulator/city/city.ts';
import type { CityFeed } from '../../../simulator/exam/city-feed.ts';
import { writeOwnGateway } from '../../../simulator/exam/own-gateway.ts';
import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import { ExitCode } from '../exit.ts';
import { printProblems } from '../problems.ts';
import { loadContext } from '../product.ts';
import { cachedCalibration } from './calibration-cache.ts';

export interface ExaminedOptions {
  /** The user's `gateway.yaml`; the city's own gateway when left out. */
  readonly file: string | undefined;
  /** Where the city's own is written. */
  readonly folder: string;
  readonly built: CityOptions;
}

/**
 * The gateway that is examined. The user's brings its own calibration; the city's own has one made from the 14 days before
 * the exam. A configuration with mistakes ends the process with 3, every mistake told.
 */
export async function examinedGateway(
  { file, folder, built }: ExaminedOptions,
  city: Pick<CityFeed, 'scans' | 'assets'>,
  watch: CalibrationWatch,
): Promise<LoadedGateway> {
  if (file !== undefined) return load(file);
  const gateway = await load(await writeOwnGateway(folder, city, loadContext.modelsFolder));
  const calibration = await cachedCalibration({ city: built, assets: city.assets }, gateway, folder, watch);
  const { config } = gateway;
  return { ...gateway, config: { ...config, detection: { ...config.detection, calibration } } };
}

async function load(file: string): Promise<LoadedGateway> {
  const { gateway, errors, warnings } = await loadGateway(file, loadContext);
  printProblems(errors, warnings);
  if (!gateway) process.exit(ExitCode.configInvalid);
  return gateway;
}
