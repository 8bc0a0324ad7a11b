import { join } from 'node:path';
import { loadPacks } from '../../edge/config/packs.ts';
import { writeGateway } from '../city/write-gateway.ts';
import type { CityFeed } from './city-feed.ts';
import { pollGroups } from './poll-groups.ts';
import { setStage } from './stage.ts';

/** Nothing is sent from an exam: its gateway has no sinks and no console. */
const nowhere = { broker: 'mqtt://127.0.0.1:1883', consolePort: 0, schema: 'lifeline.schema.json' } as const;

/**
 * Writes the gateway that an engineer would configure for a city into a folder; returns the path of its `gateway.yaml`,
 * beside which it expects `calibration.json`.
 * @param modelsFolder packs, which say what must be polled fast
 */
export async function writeOwnGateway(
  folder: string,
  { scans, assets }: Pick<CityFeed, 'scans' | 'assets'>,
  modelsFolder: string,
): Promise<string> {
  const { endpoints } = setStage(scans, 0);
  const { packs } = await loadPacks(modelsFolder);
  const periodMsOf = pollGroups(packs, assets);
  const plcs = scans.map(({ plc }, index) => ({
    plc: { ...plc, points: plc.points.map((point) => ({ ...point, periodMs: periodMsOf(point) })) },
    endpoint: endpoints[index] as string,
  }));
  await writeGateway(folder, { plcs, assets, ...nowhere });
  return join(folder, 'gateway.yaml');
}
