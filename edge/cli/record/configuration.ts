import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, extname, join, resolve } from 'node:path';
import { parse, stringify } from 'yaml';

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
 * that both name.
 * @param recorded ids of `devices:` entries
 */
export async function writeConfiguration(file: string, out: string, recorded: ReadonlySet<string>): Promise<void> {
  const folder = dirname(file);
  const { sinks, console, ...rest } = withoutSecrets(
    parse(await readFile(file, 'utf8'), { logLevel: 'error' }),
  ) as Tree;
  await mkdir(join(out, 'points'), { recursive: true });
  const devices: Tree[] = [];
  for (const device of (rest['devices'] as readonly Tree[]).filter(({ id }) => recorded.has(String(id)))) {
    const table = String(device['points']);
    const points = join('points', `${device['id']}${extname(table)}`);
    await copyFile(resolve(folder, table), join(out, points));
    devices.push({ ...device, points });
  }
  const detection = await copyCalibration(rest['detection'] as Tree | undefined, folder, out);
  const assets = (rest['assets'] as readonly Tree[] | undefined)?.map((asset) => withRolesOf(asset, recorded));
  const kept = { ...rest, ...(assets ? { assets } : {}), ...(detection ? { detection } : {}) };
  const played = devices.map(({ id, points, sheet }) => ({
    ...{ id, driver: 'replay', endpoint: 'file:.', points },
    ...(sheet === undefined ? {} : { sheet }),
  }));
  const text = (entries: readonly Tree[]) => stringify({ ...kept, devices: entries }, { lineWidth: 0 });
  await writeFile(join(out, 'gateway.yaml'), text(devices));
  await writeFile(join(out, 'replay.yaml'), text(played));
}

async function copyCalibration(detection: Tree | undefined, folder: string, out: string): Promise<Tree | undefined> {
  if (!detection) return undefined;
  const { models, ...kept } = detection;
  const { calibration, ...others } = kept;
  if (typeof calibration !== 'string') return kept;
  // a gateway whose calibration is not there yet runs without, and so does its recording
  const copied = await copyFile(resolve(folder, calibration), join(out, 'calibration.json')).then(
    () => true,
    () => false,
  );
  return copied ? { ...others, calibration: 'calibration.json' } : others;
}

/** An asset without roles of devices that are not recorded. */
function withRolesOf(asset: Tree, recorded: ReadonlySet<string>): Tree {
  const roles = Object.entries((asset['roles'] as Tree | undefined) ?? {});
  const kept = roles.filter(([, tag]) => recorded.has(String(tag).split('/')[0] as string));
  return roles.length === 0 ? asset : { ...asset, roles: Object.fromEntries(kept) };
}
