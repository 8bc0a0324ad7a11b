import { copyFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { Happening } from '../../simulator/city/plant.ts';
import { openCity } from '../../simulator/exam/city-feed.ts';
import { writeOwnGateway } from '../../simulator/exam/own-gateway.ts';
import { type Sitting, sit } from '../../simulator/exam/sitting.ts';

/** A Monday morning in the heating season. */
export const startMs = Date.parse('2026-01-12T08:00:00+08:00');

/** Calibration of the demo, which fits any seed of its city for minutes. */
export const calibration = new URL('../../examples/demo/calibration.json', import.meta.url).pathname;

/** One short sitting of the city's own gateway, state and all in a folder that is gone afterwards. */
export async function sitBriefly(options: {
  readonly seed: number;
  readonly minutes: number;
  readonly utilities: readonly string[];
  readonly happenings: readonly Happening[];
  /** Called with the state that the gateway leaves, before it is gone. */
  readonly onStopped?: (dataDir: string) => Promise<void>;
}): Promise<Sitting> {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-exam-test-'));
  const city = await openCity({ ...options, startMs, stepS: 1 });
  try {
    city.play(options.happenings);
    const file = await writeOwnGateway(folder, city, loadContext.modelsFolder);
    await copyFile(calibration, join(folder, 'calibration.json'));
    const { gateway, errors } = await loadGateway(file, loadContext);
    if (!gateway) throw new Error(errors.map(({ message }) => message).join('\n'));
    const dataDir = join(folder, 'data');
    const sitting = await sit({
      ...{ city, gateway, seed: options.seed, startMs, stepS: 1, log: silentLog },
      ...{ hours: options.minutes / 60, dataDir },
    });
    await options.onStopped?.(dataDir);
    return sitting;
  } finally {
    await city.close();
    await rm(folder, { recursive: true, force: true });
  }
}
