import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type CalibrationWatch, calibrateCity } from '../../../models/training/calibrate-city.ts';
import type { CityHistory } from '../../../models/training/city-history.ts';
import type { LoadedGateway } from '../../config/load.ts';

/** Everything that a calibration comes out of. */
const sources = ['simulator', 'models', 'edge/detection', 'edge/core'];
const code = fileURLToPath(new URL('../../..', import.meta.url));

const folder = () => join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'lifeline', 'calibration');

/**
 * Path of the calibration of a city's gateway: made anew, or the one that was made before for the same city, poll periods
 * and code. A cache that cannot be written costs time, nothing else.
 */
export async function cachedCalibration(
  city: Omit<CityHistory, 'periodsMs'>,
  { tags, packs }: Pick<LoadedGateway, 'tags' | 'packs'>,
  fallbackFolder: string,
  watch: CalibrationWatch,
): Promise<string> {
  const periodsMs = new Map(tags.definitions.map(({ name, periodMs }) => [name, periodMs]));
  const key = createHash('sha256').update(JSON.stringify([city, [...periodsMs]]));
  for (const text of await sourceTexts()) key.update(text);
  const name = `${key.digest('hex')}.json`;
  const cached = join(folder(), name);
  if ((await readFile(cached).catch(() => undefined)) !== undefined) return cached;
  const calibration = await calibrateCity({ ...city, periodsMs }, packs, watch);
  const text = JSON.stringify(calibration);
  return keep(folder(), name, text).catch(() => keep(fallbackFolder, name, text));
}

/** Two exams at a time may write the same file: each writes its own and the last one stays, whole. */
async function keep(into: string, name: string, text: string): Promise<string> {
  await mkdir(into, { recursive: true });
  const written = join(into, `${name}.${process.pid}`);
  await writeFile(written, text);
  await rename(written, join(into, name));
  return join(into, name);
}

async function sourceTexts(): Promise<readonly Buffer[]> {
  const texts = sources.map(async (source) => {
    const names = await readdir(join(code, source), { recursive: true });
    const files = names.filter((name) => /\.([jt]s|yaml)$/.test(name)).sort();
    return Promise.all(files.map((name) => readFile(join(code, source, name))));
  });
  return (await Promise.all(texts)).flat();
}
