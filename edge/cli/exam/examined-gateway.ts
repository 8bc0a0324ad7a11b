import { join } from 'node:path';
import type { CalibrationWatch } from '../../../models/training/calibrate-city.ts';
import type { CityOptions } from '../../../simulator/city/city.ts';
import type { CityFeed } from '../../../simulator/exam/city-feed.ts';
import { writeOwnGateway } from '../../../simulator/exam/own-gateway.ts';
import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import { ExitCode } from '../exit.ts';
import { printProblems } from '../problems.ts';
import { loadContext } from '../product.ts';
import { cachedCalibration } from './calibration-cache.ts';
import { examinedModels } from './examined-models.ts';

export interface ExaminedOptions {
  /** The user's `gateway.yaml`; the city's own gateway when left out. */
  readonly file: string | undefined;
  /** Folder with learned models that decide in this exam, signed or not; those that the gateway has when left out. */
  readonly models: string | undefined;
  /** Where the city's own is written. */
  readonly folder: string;
  readonly built: CityOptions;
}

/**
 * The gateway that is examined. The user's brings its own calibration; the city's own has one made from the 14 days before
 * the exam. A configuration with mistakes ends the process with 3, every mistake told.
 */
export async function examinedGateway(
  { file, models, folder, built }: ExaminedOptions,
  city: Pick<CityFeed, 'scans' | 'assets'>,
  watch: CalibrationWatch,
): Promise<LoadedGateway> {
  const gateway = await load(file ?? (await writeOwnGateway(folder, city, loadContext.modelsFolder)));
  const own = { city: built, assets: city.assets };
  const calibration = file === undefined && (await cachedCalibration(own, gateway, folder, watch));
  const learned = join(folder, 'learned');
  if (models !== undefined) await examinedModels(models, learned);
  return withDetection(gateway, {
    ...(calibration ? { calibration } : {}),
    ...(models === undefined ? {} : { learned, allowUnsigned: true }),
  });
}

const withDetection = (
  { config, ...gateway }: LoadedGateway,
  changed: Partial<LoadedGateway['config']['detection']>,
): LoadedGateway => ({ ...gateway, config: { ...config, detection: { ...config.detection, ...changed } } });

async function load(file: string): Promise<LoadedGateway> {
  const { gateway, errors, warnings } = await loadGateway(file, loadContext);
  printProblems(errors, warnings);
  if (!gateway) process.exit(ExitCode.configInvalid);
  return gateway;
}
