import { join } from 'node:path';
import type { CityFeed } from '../../../simulator/exam/city-feed.ts';
import { writeOwnGateway } from '../../../simulator/exam/own-gateway.ts';
import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import { ExitCode } from '../exit.ts';
import { printProblems } from '../problems.ts';
import { loadContext, productRoot } from '../product.ts';

const calibrationFile = join(productRoot, 'examples', 'demo', 'calibration.json');

/**
 * The gateway that is examined: the user's, or the city's own written into `folder`. A configuration with mistakes ends the
 * process with 3, every mistake told.
 */
export async function examinedGateway(
  file: string | undefined,
  folder: string,
  city: Pick<CityFeed, 'scans' | 'assets'>,
): Promise<LoadedGateway> {
  const path = file ?? (await writeOwnGateway(join(folder, 'gateway'), city, calibrationFile));
  const { gateway, errors, warnings } = await loadGateway(path, loadContext);
  printProblems(errors, file === undefined ? [] : warnings);
  if (!gateway) process.exit(ExitCode.configInvalid);
  return gateway;
}
