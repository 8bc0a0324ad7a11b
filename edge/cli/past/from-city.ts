import { StepGrid } from '../../../models/training/step-grid.ts';
import type { CityOptions } from '../../../simulator/city/city.ts';
import { runHistory } from '../../../simulator/exam/history.ts';
import { networkFile, readCityFiles } from '../sim/files.ts';
import { pastErrors } from './errors.ts';
import type { Read, SourceRequest } from './request.ts';

const stepS = 60;
const days = 14;
const dayMs = 86_400_000;
/** Midnight in Harbin on a Monday in January, where the city file says nothing else. */
const usualStartMs = Date.UTC(2026, 0, 18, 16);

/** What a city file says of the city whose history is wanted, up to its start; the usual city without one. */
export async function citySettings(file: string | undefined): Promise<Omit<CityOptions, 'seed'>> {
  const files = await readCityFiles(file === undefined ? {} : { config: file });
  if ('errors' in files) throw pastErrors.create('READ', files.errors.map(({ message }) => message).join('; '));
  const { startMs = usualStartMs, equipment = 'full', utilities, network } = files.settings;
  return {
    ...{ startMs, equipment },
    ...(utilities ? { utilities } : {}),
    ...(network === undefined ? {} : { waterNetwork: await networkFile(network) }),
  };
}

/** Two weeks of the simulated city in normal operation, as its PLCs see it, up to the start that its file says. */
export async function fromCity({ names, wish, onProgress }: SourceRequest): Promise<Read> {
  const city = await citySettings(wish.city);
  const endMs = city.startMs;
  const startMs = endMs - days * dayMs;
  const grid = new StepGrid(names, { fromMs: startMs, toMs: endMs - 1 }, stepS);
  let columns: readonly number[] | undefined;
  await runHistory({
    ...{ ...city, seed: wish.seed, startMs, hours: days * 24, stepS },
    onStep(step) {
      columns ??= step.names.map((name) => names.indexOf(name));
      for (const [place, column] of columns.entries())
        if (column >= 0) grid.take(column, step.timeMs - 1, step.values[place] as number);
      onProgress((step.timeMs - startMs) / (endMs - startMs));
    },
  });
  if (columns?.every((column) => column < 0))
    throw pastErrors.create('COLUMNS', 'live through the simulated city: it has none of the points of this gateway');
  return { grid, source: `the simulated city, seed ${wish.seed}`, notes: [] };
}
