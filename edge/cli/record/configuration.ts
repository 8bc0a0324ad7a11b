import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';
import type { LoadedGateway } from '../../config/load.ts';
import { csvBytes, pointCells } from '../../config/table-output.ts';
import { pointRows } from './point-rows.ts';

type Tree = Readonly<Record<string, unknown>>;

const secretKey = /password$|passphrase|secret|token|credential|apikey/i;
const hidden = '***';

/** A configuration without passwords: neither under keys that mean one, nor inside addresses. */
export function withoutSecrets(value: unknown, key = ''): unknown {
  if (Array.isArray(value)) return value.map((entry) => withoutSecrets(entry, key));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([own, entry]) => [own, withoutSecrets(entry, own)]));
  }
  if (typeof value !== 'string') return value;
  return secretKey.test(key) ? hidden : withoutUser(value);
}

/** An address without user name and password. */
export const withoutUser = (address: string): string => address.replace(/\/\/[^/@\s]+@/, `//${hidden}@`);

/**
 * Writes into a recording what its devices are configured by: `gateway.yaml` as it was, with the recorded devices alone and
 * without secrets and roads upstream, `replay.yaml` with the same devices played, and the point tables and calibration
 * that both name. Profiles and roles in point tables are written out, so that the folder needs nothing from where it was made.
 * @param file the gateway's own `gateway.yaml`
 * @param recorded ids of `devices:` entries
 */
export async function writeConfiguration(
  file: string,
  gateway: LoadedGateway,
  recorded: ReadonlySet<string>,
  out: string,
): Promise<void> {
  const { sinks, console, ...rest } = parse(await readFile(file, 'utf8'), { logLevel: 'error' }) as Tree;
  await mkdir(join(out, 'points'), { recursive: true });
  const devices: Tree[] = [];
  for (const entry of gateway.config.devices.filter(({ id }) => recorded.has(id))) {
    const points = join('points', `${entry.id}.csv`);
    await writeFile(join(out, points), csvBytes(pointCells(pointRows(gateway, entry.id), 'en')));
    const { sheet, profile, notation, ...kept } = entry;
    devices.push({ ...kept, points });
  }
  const assets = {
    assets: (rest['assets'] as readonly Tree[] | undefined)?.map((entry) => withRoles(entry, gateway, recorded)),
  };
  const detection = { detection: await copyCalibration(gateway, out) };
  const written = (entries: readonly Tree[]) =>
    stringify(withoutSecrets({ ...rest, devices: entries, ...assets, ...detection }), { lineWidth: 0 });
  const played = devices.map(({ id, points }) => ({ id, driver: 'replay', endpoint: 'file:.', points }));
  await writeFile(join(out, 'gateway.yaml'), written(devices));
  await writeFile(join(out, 'replay.yaml'), written(played));
}

async function copyCalibration({ config, folder }: LoadedGateway, out: string): Promise<Tree | undefined> {
  const { calibration } = config.detection;
  if (calibration === undefined) return undefined;
  // a gateway whose calibration is not there yet runs without, and so does its recording
  const copied = await copyFile(resolve(folder, calibration), join(out, 'calibration.json')).then(
    () => true,
    () => false,
  );
  return copied ? { calibration: 'calibration.json' } : undefined;
}

/** An asset with the roles that tags of recorded devices fill. */
function withRoles(entry: Tree, { assets, tags }: LoadedGateway, recorded: ReadonlySet<string>): Tree {
  const roles = assets.find(({ id }) => id === entry['id'])?.roles ?? {};
  const names = Object.entries(roles).map(([role, tag]) => [role, tags.at(tag).name] as const);
  return {
    ...entry,
    roles: Object.fromEntries(names.filter(([, name]) => recorded.has(name.slice(0, name.indexOf('/'))))),
  };
}
