import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeGateway } from '../city/write-gateway.ts';
import type { CityFeed } from './city-feed.ts';
import { setStage } from './stage.ts';

/** Nothing is sent from an exam: its gateway has no sinks and no console. */
const nowhere = { broker: 'mqtt://127.0.0.1:1883', consolePort: 0, schema: 'lifeline.schema.json' } as const;

/**
 * Writes the gateway that an engineer would configure for a city into a folder, with the calibration beside it; returns the
 * path of its `gateway.yaml`.
 */
export async function writeOwnGateway(
  folder: string,
  { scans, assets }: Pick<CityFeed, 'scans' | 'assets'>,
  calibrationFile: string,
): Promise<string> {
  const { endpoints } = setStage(scans, 0);
  const plcs = scans.map(({ plc }, index) => ({ plc, endpoint: endpoints[index] as string }));
  await writeGateway(folder, { plcs, assets, ...nowhere });
  await copyFile(calibrationFile, join(folder, 'calibration.json'));
  return join(folder, 'gateway.yaml');
}
