import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { z } from 'zod';
import { parseInstant } from '../../../simulator/scenarios/moment.ts';
import { type Plan, type PlannedCity, planScenario } from '../../../simulator/scenarios/plan.ts';
import { type CityFile, citySpec, type HappeningEntry, scenarioSpec } from '../../../simulator/scenarios/spec.ts';
import { epanetErrors } from '../../../simulator/water/network-file/errors.ts';
import type { NetworkFile } from '../../../simulator/water/network-file/source.ts';
import { configErrors } from '../../config/errors.ts';
import { fileReason } from '../../config/file-reason.ts';
import { checkAgainst, type LocatedYaml, parseLocatedYaml } from '../../config/located-yaml.ts';
import { type Problem, problemAt } from '../../config/problem.ts';
import type { SimOptions } from './options.ts';

/** A file as it was read, with the happenings in it. */
interface Source {
  readonly yaml: LocatedYaml;
  readonly happenings: readonly HappeningEntry[];
}

/** What files say of a city. */
export interface CityFiles {
  readonly settings: Pick<CityFile, 'seed' | 'utilities' | 'equipment' | 'speed' | 'rate' | 'kinds'> & {
    readonly startMs?: number;
    /** EPANET file of the water network. */
    readonly network?: string;
  };
  /** Checks all happenings against the city that is to play them. */
  plan(city: PlannedCity): Plan;
}

async function read<T>(
  file: string,
  spec: z.ZodType<T>,
): Promise<{ readonly yaml: LocatedYaml; readonly value: T } | { readonly errors: readonly Problem[] }> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => cause);
  if (typeof content !== 'string') {
    const error = configErrors.create('FILE', `cannot read ${file}${fileReason(content)}`, content);
    return { errors: [problemAt({ file, line: 1, column: 1, path: '' }, error)] };
  }
  const yaml = parseLocatedYaml(file, content);
  const { value, problems } = checkAgainst(yaml, spec);
  return value === undefined ? { errors: problems } : { yaml, value };
}

/** Reads `city.yaml` and the scenario that it or the command line names; or tells all that is wrong with them. */
export async function readCityFiles({
  config,
  scenario,
}: Pick<SimOptions, 'config' | 'scenario'>): Promise<CityFiles | { readonly errors: readonly Problem[] }> {
  const sources: Source[] = [];
  let settings: CityFiles['settings'] = {};
  let named = scenario;
  if (config !== undefined) {
    const city = await read(config, citySpec);
    if ('errors' in city) return city;
    const { scenario: inFile, happenings = [], start, water, ...rest } = city.value;
    const folder = dirname(config);
    const startMs = start === undefined ? undefined : parseInstant(start);
    if (start !== undefined && startMs === undefined) {
      const error = configErrors.create('VALUE', `"${start}" is no time with its offset`);
      return { errors: [city.yaml.problem(['start'], error, 'write it like 2027-01-12T18:00:00+08:00')] };
    }
    settings = {
      ...rest,
      ...(startMs === undefined ? {} : { startMs }),
      ...(water ? { network: resolve(folder, water.network) } : {}),
    };
    sources.push({ yaml: city.yaml, happenings });
    if (inFile !== undefined) named ??= resolve(folder, inFile);
  }
  if (named !== undefined) {
    const file = await read(named, scenarioSpec);
    if ('errors' in file) return file;
    sources.push({ yaml: file.yaml, happenings: file.value.happenings });
  }
  return { settings, plan: (city) => planAll(sources, city) };
}

function planAll(sources: readonly Source[], city: PlannedCity): Plan {
  const plans = sources.map(({ yaml, happenings }) => planScenario(yaml, happenings, city));
  return {
    happenings: plans.flatMap((plan) => plan.happenings),
    errors: plans.flatMap((plan) => plan.errors),
    warnings: plans.flatMap((plan) => plan.warnings),
  };
}

/** The EPANET file of a water network; rejects with `LL-EPANET-FILE` when it cannot be read. */
export async function networkFile(name: string): Promise<NetworkFile> {
  const bytes = await readFile(name).catch((cause) => {
    throw epanetErrors.create('FILE', `${name} cannot be read`, cause);
  });
  return { name, bytes };
}
