import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { utilityOf } from '../core/asset.ts';
import { type Clock, realClock } from '../core/clock.ts';
import { TagTable } from '../core/tag.ts';
import { withReviewedLimits } from './alarm-limits.ts';
import { readCorrections } from './alarm-review.ts';
import { buildAssets } from './assets.ts';
import { bindCalculated, readCalculated } from './calculated.ts';
import { type DriverContribution, defineDevices, judgeDevices } from './devices.ts';
import { configErrors } from './errors.ts';
import { keepIndexes } from './keep-indexes.ts';
import type { LoadedGateway } from './loaded-gateway.ts';
import { checkAgainst, type LocatedYaml, parseLocatedYaml } from './located-yaml.ts';
import { type NetworkReader, readNetworks } from './networks.ts';
import { loadPacks } from './packs.ts';
import { withPlausibleRanges } from './plausible.ts';
import { readDeviceTable } from './point-table-file.ts';
import { bindPoints, type TableSource } from './points.ts';
import { type Problem, problemAt } from './problem.ts';
import { profileProblems, withProfileOptions } from './profiles.ts';
import { readSecrets } from './secrets.ts';
import { readSinkFiles, type SinkContribution } from './sink-files.ts';
import { judgeSinks } from './sinks.ts';
import { type GatewayConfig, gatewaySpec } from './spec.ts';
import { configTexts } from './texts.ts';
import { readTrustedKeys } from './trusted-keys.ts';

export type { LoadedGateway } from './loaded-gateway.ts';

export interface LoadResult {
  /** Present when the file itself is well-formed, whatever is wrong with what it names. */
  readonly config?: GatewayConfig;
  /** Present only when there is no error. */
  readonly gateway?: LoadedGateway;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** What loading needs to know of the product it serves. */
export interface LoadContext {
  readonly drivers: readonly DriverContribution[];
  readonly sinks: readonly SinkContribution[];
  /** The models folder shipped with the product. */
  readonly modelsFolder: string;
  /** Folder with a file for each secret that the service manager hands in; undefined where there is none. */
  readonly credentials?: string | undefined;
  /** Texts that stand in the place of files, by absolute path: what somebody proposes. */
  readonly proposed?: ReadonlyMap<string, string>;
  /** By which certificates are judged; the machine's when left out. */
  readonly clock?: Pick<Clock, 'wallMs'>;
  /** Opens network files. Left out where they are not looked into: a gateway that runs has what it needs of them. */
  readonly networks?: NetworkReader;
}

/** The file alone, without anything that it names. */
export async function readGatewayFile(
  file: string,
  context: Pick<LoadContext, 'drivers' | 'sinks' | 'credentials' | 'proposed'>,
): Promise<{ readonly yaml: LocatedYaml; readonly config: GatewayConfig } | { readonly errors: readonly Problem[] }> {
  const content =
    context.proposed?.get(resolve(file)) ?? (await readFile(file, 'utf8').catch((cause: unknown) => cause));
  if (typeof content !== 'string') {
    const error = configErrors.create('FILE', configTexts.cannotRead(file, content), content);
    return { errors: [problemAt({ file, line: 1, column: 1, path: '' }, error)] };
  }
  const { secrets, problems } = await readSecrets(content, dirname(file), context.credentials);
  if (problems.length > 0) return { errors: problems };
  const yaml = withProfileOptions(parseLocatedYaml(file, content, secrets), context.drivers);
  const checked = checkAgainst(yaml, gatewaySpec(context.drivers, context.sinks));
  return checked.value ? { yaml, config: checked.value as unknown as GatewayConfig } : { errors: checked.problems };
}

/**
 * Reads `gateway.yaml` and everything it names. Never throws for what users wrote: all of it comes back located.
 * @param running table of a gateway that is to go on with this configuration: tags that it has keep their index
 * @param tableOf where point tables come from, if not from the files that are named
 */
export async function loadGateway(
  file: string,
  context: LoadContext,
  running?: TagTable,
  tableOf: TableSource = (device) => readDeviceTable(device, dirname(file), context.proposed),
): Promise<LoadResult> {
  const read = await readGatewayFile(file, context);
  if ('errors' in read) return { errors: read.errors, warnings: [] };
  const { yaml } = read;
  const folder = dirname(file);
  const named = await readSinkFiles(yaml, read.config.sinks, context.sinks, { folder, shipped: context.modelsFolder });
  const config = { ...read.config, sinks: named.sinks };
  const modelsFolder = config.detection.models ? resolve(folder, config.detection.models) : context.modelsFolder;
  const utilities = new Set(config.assets.map(({ type }) => utilityOf(type)));
  const { packs, problems } = await loadPacks(modelsFolder, utilities);
  const trusted = await readTrustedKeys(yaml, config.detection.trustedKeys, folder);
  const errors: Problem[] = [
    ...problems,
    ...trusted.problems,
    ...named.problems,
    ...duplicateIds(yaml, config),
    ...profileProblems(yaml, config, context.drivers),
  ];
  const bound = await bindPoints(yaml, config, tableOf, context.drivers);
  errors.push(...bound.problems);
  const readable = readCalculated(yaml, config, bound.tags);
  const placed = keepIndexes([...bound.tags, ...readable.entries.map(({ definition }) => definition)], running);
  const calculated = bindCalculated(yaml, config, readable.entries, placed.tags);
  const tags = new TagTable(calculated.tags);
  const defined = defineDevices(config, folder, bound, placed.indexes);
  const sound = defined.filter(({ entry }) => !bound.faulty.has(config.devices[entry]?.id ?? ''));
  const judged = judgeDevices(yaml, sound, context.drivers);
  const built = buildAssets(yaml, config, bound, tags, packs);
  const networks = await readNetworks(yaml, config, folder, { assets: built.assets, tags }, context.networks);
  errors.push(...judged.errors, ...readable.problems, ...calculated.errors, ...built.errors, ...networks.errors);
  const devices = defined.map(({ device }) => device);
  const ranged = new TagTable(withPlausibleRanges(calculated.tags, built.assets, packs));
  const reviewed = await readCorrections(yaml, folder, { config, devices, assets: built.assets, packs, tags: ranged });
  errors.push(...reviewed.problems);
  const said = judgeSinks(yaml, config, context.sinks, (context.clock ?? realClock()).wallMs());
  errors.push(...said.errors);
  const warnings = [
    ...judged.warnings,
    ...said.warnings,
    ...calculated.warnings,
    ...built.warnings,
    ...reviewed.warnings,
  ];
  if (errors.length > 0) return { config, errors, warnings };
  const gateway = {
    ...{ config, folder, tags: ranged, devices, packs, modelsFolder },
    assets: withReviewedLimits(built.assets, reviewed.corrections),
    ...{ calculated: calculated.points, trustedKeys: trusted.keys, networks: networks.networks },
    corrections: reviewed.corrections,
  };
  return { config, gateway, errors, warnings };
}

function duplicateIds(yaml: LocatedYaml, config: GatewayConfig): Problem[] {
  const problems: Problem[] = [];
  for (const list of ['devices', 'assets', 'sinks'] as const) {
    const seen = new Map<string, number>();
    config[list].forEach((entry, index) => {
      const before = seen.get(entry.id);
      if (before === undefined) seen.set(entry.id, index);
      else {
        const error = configErrors.create('DUPLICATE', configTexts.idTaken(entry.id, `${list}[${before}]`));
        problems.push(yaml.problem([list, index, 'id'], error));
      }
    });
  }
  return problems;
}
