import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { type LoadedGateway, loadGateway } from '../../config/load.ts';
import type { Asset } from '../../core/asset.ts';
import { describeError } from '../../core/errors.ts';
import { suggest } from '../../core/suggest.ts';
import { asText } from '../../core/text.ts';
import { modelErrors, shelfErrors } from '../../detection/errors.ts';
import { modelRecord } from '../../detection/learned/models-disk.ts';
import { type ModelEntry, parseRecord } from '../../detection/learned/record.ts';
import { versionsOf } from '../../detection/learned/shelf.ts';
import { emptyState, parseState, type ShelfState } from '../../detection/learned/shelf-state.ts';
import { ExitCode } from '../exit.ts';
import { printProblems } from '../problems.ts';
import { loadContext } from '../product.ts';

/** A gateway's configuration with its models folder. */
export interface Site {
  readonly gateway: LoadedGateway;
  readonly folder: string;
  readonly stateFile: string;
  readonly state: ShelfState;
  /** What the gateway has recorded of its models. */
  readonly record: readonly ModelEntry[];
}

/** Reads all that the commands about models go by; mistakes in the configuration are told and end the process with 3. */
export async function openSite(config: string, data: string): Promise<Site> {
  const { gateway, errors } = await loadGateway(config, loadContext);
  if (!gateway) {
    printProblems(errors, []);
    process.exit(ExitCode.configInvalid);
  }
  const folder = resolve(dirname(config), gateway.config.detection.learned);
  const stateFile = join(folder, 'state.json');
  const text = await readFile(stateFile, 'utf8').catch(() => undefined);
  const record = parseRecord(await readFile(join(data, modelRecord), 'utf8').catch(() => ''));
  return { gateway, folder, stateFile, state: text === undefined ? emptyState : stateIn(stateFile, text), record };
}

function stateIn(file: string, text: string): ShelfState {
  try {
    return parseState(text);
  } catch (cause) {
    throw modelErrors.create('STATE', `read ${file}: ${describeError(cause)}`, cause);
  }
}

/** The asset of that name, or all of them. Throws LL-MODEL-VERSION for a name that is not there. */
export function assetsNamed({ assets }: LoadedGateway, name: string | undefined): readonly Asset[] {
  if (name === undefined) return assets;
  const found = assets.find(({ id }) => id === name);
  if (found) return [found];
  const near = suggest(
    name,
    assets.map(({ id }) => id),
  );
  throw shelfErrors.create(
    'VERSION',
    asText(`find models of ${name}: there is no such asset${near ? `; did you mean "${near}"?` : ''}`),
  );
}

/** The version that is meant: the wanted one, or the newest. Throws LL-MODEL-VERSION when it is not there. */
export async function versionMeant(folder: string, asset: string, wanted: number | undefined): Promise<number> {
  const versions = await versionsOf(folder, asset);
  const version = wanted ?? versions.at(-1);
  if (version !== undefined && versions.includes(version)) return version;
  const there = versions.length > 0 ? `there are ${versions.join(', ')}` : `${join(folder, asset)} has none`;
  throw shelfErrors.create('VERSION', asText(`find version ${wanted ?? 'newest'} of ${asset}: ${there}`));
}

/** The only asset of that name. */
export function assetNamed(gateway: LoadedGateway, name: string): Asset {
  const [asset] = assetsNamed(gateway, name);
  if (!asset) throw new RangeError(`no asset ${name}`);
  return asset;
}
