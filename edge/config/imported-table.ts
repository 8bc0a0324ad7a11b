import { dirname } from 'node:path';
import { suggest } from '../core/suggest.ts';
import { both } from '../core/text.ts';
import { type DriverContribution, defineDevices, judgeDevices } from './devices.ts';
import { configErrors } from './errors.ts';
import { type LoadContext, loadGateway } from './load.ts';
import { parseLocatedYaml } from './located-yaml.ts';
import type { LocatedRow, PointTable } from './point-table.ts';
import { readDeviceTable } from './point-table-file.ts';
import { bindPoints } from './points.ts';
import { type Place, type Problem, problemAt } from './problem.ts';
import type { GatewayConfig } from './spec.ts';

/** What is wrong with a table that is to become a device's. */
export interface TableVerdict {
  /** Errors of rows, and of whole files and sheets. */
  readonly errors: readonly Problem[];
  /** What else would be wrong with the gateway that gets the rows without an error. */
  readonly beyond: readonly Problem[];
  readonly warnings: readonly Problem[];
  /** Rows without an error, to be kept where others are left out. */
  readonly rows: readonly LocatedRow[];
  /** Where the rows with errors stand. */
  readonly leftOut: readonly Place[];
  /** Whether leaving rows out is enough. */
  readonly usable: boolean;
}

/** Errors and warnings that a table with these rows would have. */
export type TableJudge = (rows: readonly LocatedRow[]) => Promise<Judgement>;

interface Judgement {
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
}

/** Errors of these codes are about a whole file or sheet. */
const ofWholeTables: ReadonlySet<string> = new Set(['LL-POINTS-HEADER', 'LL-POINTS-FORMAT', 'LL-POINTS-LIMIT']);

const keyOf = ({ file, sheet = '', line }: Place): string => `${file}\n${sheet}\n${line}`;

/**
 * Finds everything that is wrong with a table: rows with an error are taken out, and the rest is judged again until nothing
 * more is found in a row, since some checks need rows that are sound in themselves.
 */
export async function judgeTable(table: PointTable, judge: TableJudge): Promise<TableVerdict> {
  const errors = [...table.problems];
  let rows = table.rows;
  for (;;) {
    const judged = await judge(rows);
    const bad = new Set(judged.errors.map(keyOf));
    const kept = rows.filter(({ place }) => !bad.has(keyOf(place('tag'))));
    if (kept.length === rows.length) return verdict(errors, judged, rows);
    const own = new Set(rows.map(({ place }) => keyOf(place('tag'))));
    errors.push(...judged.errors.filter((error) => own.has(keyOf(error))));
    rows = kept;
  }
}

function verdict(errors: readonly Problem[], judged: Judgement, rows: readonly LocatedRow[]): TableVerdict {
  const wide = errors.filter(({ code }) => ofWholeTables.has(code));
  const leftOut = new Map(errors.filter((error) => !wide.includes(error)).map((error) => [keyOf(error), error]));
  const usable = wide.length === 0 && judged.errors.length === 0 && rows.length > 0;
  return { errors, beyond: judged.errors, warnings: judged.warnings, rows, leftOut: [...leftOut.values()], usable };
}

/** Judges rows as a device of this driver with default options has them. */
export function judgeAlone(id: string, driver: DriverContribution): TableJudge {
  const entry = { id, driver: driver.name, endpoint: '', points: '', ...driver.options.safeParse({}).data };
  const config = { devices: [entry] };
  const nowhere = parseLocatedYaml('', '');
  // there is no device yet whose endpoint and options could be judged
  const drivers = [{ ...driver, validate: () => undefined }];
  return async (rows) => {
    const bound = await bindPoints(nowhere, config, async () => ({ rows, problems: [] }), drivers);
    if (bound.problems.length > 0) return { errors: bound.problems, warnings: [] };
    return judgeDevices(nowhere, defineDevices(config, '', bound, [...bound.tags.keys()]), drivers);
  };
}

/** Judges rows in the place of the point table of a device of a gateway, with everything that refers to their tags. */
export function judgeInGateway(file: string, context: LoadContext, id: string): TableJudge {
  return async (rows) => {
    const { config, errors, warnings } = await loadGateway(file, context, undefined, async (device) =>
      device.id === id ? { rows, problems: [] } : readDeviceTable(device, dirname(file)),
    );
    if (!config) return { errors, warnings };
    const entry = config.devices.find((device) => device.id === id);
    if (entry?.points === undefined) return { errors: [noTable(file, config, id)], warnings: [] };
    const own = new Set(rows.map(({ place }) => keyOf(place('tag'))));
    const concerns = (problem: Problem) => own.has(keyOf(problem)) || concernsDevice(problem, file, config, id, rows);
    return { errors: errors.filter(concerns), warnings: warnings.filter(concerns) };
  };
}

/** There is no such device, or it has no place for a table. */
function noTable(file: string, config: GatewayConfig, id: string): Problem {
  const ids = config.devices.map((device) => device.id);
  const place = { file, line: 1, column: 1, path: 'devices' };
  if (ids.includes(id)) {
    const error = configErrors.create('MISSING', both(`device "${id}" names no point table`, `设备“${id}”没有点表`));
    return problemAt(
      place,
      error,
      both(`add "points: points/${id}.csv" to it first`, `请先为其加上“points: points/${id}.csv”`),
    );
  }
  const near = suggest(id, ids);
  const error = configErrors.create('REFERENCE', both(`there is no device "${id}"`, `没有设备“${id}”`));
  return problemAt(
    place,
    error,
    near ? both(`did you mean "${near}"?`, `是否为“${near}”？`) : both('add it to "devices" first', '请先加入 devices'),
  );
}

/** Whether a problem of gateway.yaml is about a device, or about a role that a tag of it fills. */
function concernsDevice(
  { file, path }: Problem,
  gateway: string,
  config: GatewayConfig,
  id: string,
  rows: readonly LocatedRow[],
): boolean {
  if (file !== gateway) return false;
  const device = /^devices\[(\d+)\]/.exec(path);
  if (device) return config.devices[Number(device[1])]?.id === id;
  const [, index, role] = /^assets\[(\d+)\](?:\.roles\.(.+))?$/.exec(path) ?? [];
  const asset = config.assets[Number(index ?? -1)];
  if (!asset) return false;
  const tags = role === undefined ? Object.values(asset.roles) : [asset.roles[role] ?? ''];
  const named = role === undefined && rows.some(({ row }) => row.asset === asset.id);
  return named || tags.some((tag) => tag.startsWith(`${id}/`));
}
