import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { DeviceDefinition, DevicePoint } from '../../drivers/api.ts';
import type { Asset } from '../core/asset.ts';
import { LifelineError } from '../core/errors.ts';
import type { Pack } from '../core/pack.ts';
import { TagTable } from '../core/tag.ts';
import { buildAssets } from './assets.ts';
import { configErrors } from './errors.ts';
import { checkAgainst, type LocatedYaml, parseLocatedYaml } from './located-yaml.ts';
import { loadPacks } from './packs.ts';
import { bindPoints } from './points.ts';
import { type Problem, problemAt } from './problem.ts';
import { type Contribution, type DeviceEntry, type GatewayConfig, gatewaySpec } from './spec.ts';

/** A driver as configuration sees it. */
export interface DriverContribution extends Contribution {
  /** Throws a coded error for what only the driver can judge. */
  validate(device: DeviceDefinition): void;
}

/** A device with the name of the driver that reads it. */
export interface ConfiguredDevice {
  readonly driver: string;
  readonly definition: DeviceDefinition;
}

/** A configuration with everything it names read, bound and checked. */
export interface LoadedGateway {
  readonly config: GatewayConfig;
  /** Folder of `gateway.yaml`; relative paths start here. */
  readonly folder: string;
  readonly tags: TagTable;
  readonly devices: readonly ConfiguredDevice[];
  readonly assets: readonly Asset[];
  readonly packs: ReadonlyMap<string, Pack>;
  /** Folder with packs and models. */
  readonly modelsFolder: string;
}

export interface LoadResult {
  /** Present only when there is no error. */
  readonly gateway?: LoadedGateway;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** What loading needs to know of the product it serves. */
export interface LoadContext {
  readonly drivers: readonly DriverContribution[];
  readonly sinks: readonly Contribution[];
  /** The models folder shipped with the product. */
  readonly modelsFolder: string;
}

const commonDeviceKeys = new Set(['id', 'driver', 'endpoint', 'points']);

/** Why the system refuses a file, in words; empty when it does not say. */
function reason(cause: unknown): string {
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
  const words: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such file',
    EISDIR: 'it is a folder',
    EACCES: 'its permissions forbid it',
  };
  return typeof code === 'string' ? `: ${words[code] ?? code}` : '';
}

/** Reads `gateway.yaml` and everything it names. Never throws for what users wrote: all of it comes back located. */
export async function loadGateway(file: string, context: LoadContext): Promise<LoadResult> {
  const content = await readFile(file, 'utf8').catch((cause: unknown) => cause);
  if (typeof content !== 'string') {
    const error = configErrors.create('FILE', `cannot read ${file}${reason(content)}`, content);
    return { errors: [problemAt({ file, line: 1, column: 1, path: '' }, error)], warnings: [] };
  }
  const yaml = parseLocatedYaml(file, content);
  const checked = checkAgainst(yaml, gatewaySpec(context.drivers, context.sinks));
  if (!checked.value) return { errors: checked.problems, warnings: [] };
  const config = checked.value as unknown as GatewayConfig;
  const folder = dirname(file);
  const modelsFolder = config.detection.models ? resolve(folder, config.detection.models) : context.modelsFolder;
  const { packs, problems } = await loadPacks(modelsFolder);
  const errors: Problem[] = [...problems, ...duplicateIds(yaml, config)];
  const bound = await bindPoints(yaml, config, folder);
  errors.push(...bound.problems);
  const tags = new TagTable(bound.tags);
  const devices = config.devices.map((entry) => ({
    driver: entry.driver,
    definition: defineDevice(entry, bound.points.get(entry.id) ?? []),
  }));
  if (bound.problems.length === 0) errors.push(...driverProblems(yaml, devices, context));
  const built = buildAssets(yaml, config, bound, tags, packs);
  errors.push(...built.errors);
  if (errors.length > 0) return { errors, warnings: built.warnings };
  const gateway = { config, folder, tags, devices, assets: built.assets, packs, modelsFolder };
  return { gateway, errors, warnings: built.warnings };
}

function defineDevice(entry: DeviceEntry, points: readonly DevicePoint[]): DeviceDefinition {
  const options = Object.fromEntries(Object.entries(entry).filter(([key]) => !commonDeviceKeys.has(key)));
  return { id: entry.id, endpoint: entry.endpoint, points, options };
}

function duplicateIds(yaml: LocatedYaml, config: GatewayConfig): Problem[] {
  const problems: Problem[] = [];
  for (const list of ['devices', 'assets', 'sinks'] as const) {
    const seen = new Map<string, number>();
    config[list].forEach((entry, index) => {
      const before = seen.get(entry.id);
      if (before === undefined) seen.set(entry.id, index);
      else {
        const error = configErrors.create('DUPLICATE', `id "${entry.id}" is that of ${list}[${before}] already`);
        problems.push(yaml.problem([list, index, 'id'], error));
      }
    });
  }
  return problems;
}

function driverProblems(yaml: LocatedYaml, devices: readonly ConfiguredDevice[], context: LoadContext): Problem[] {
  const problems: Problem[] = [];
  devices.forEach(({ driver, definition }, index) => {
    try {
      context.drivers.find((candidate) => candidate.name === driver)?.validate(definition);
    } catch (error) {
      if (!(error instanceof LifelineError)) throw error;
      problems.push(yaml.problem(['devices', index], error));
    }
  });
  return problems;
}
