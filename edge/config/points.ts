import { type DevicePoint, isTextType, isTimeType, type PointType } from '../../drivers/api.ts';
import { LifelineError } from '../core/errors.ts';
import type { TagDefinition, WireType } from '../core/tag.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml } from './located-yaml.ts';
import type { PointRow } from './point-columns.ts';
import type { PointTable } from './point-table.ts';
import { type PlaceOf, type Problem, problemAt } from './problem.ts';
import { fillRow, type PointReader, profileRow } from './profiles.ts';
import { rowConflicts } from './row-conflicts.ts';
import { scalingOf } from './scaling.ts';
import type { DeviceEntry, GatewayConfig } from './spec.ts';
import { configFixes, configTexts } from './texts.ts';

const defaultPeriodMs = 1000;

/** A role that a row of a point table fills. */
export interface RowRole {
  readonly asset: string;
  readonly role: string;
  readonly tag: string;
  readonly place: PlaceOf;
}

/** Where the point table of a device comes from; rejects with a coded error when it cannot be had. */
export type TableSource = (device: DeviceEntry & { readonly points: string }) => Promise<PointTable>;

/** A point and where its row stands. */
export interface BoundPoint {
  readonly point: DevicePoint;
  readonly place: PlaceOf;
  /** The row's own unit id, where that is another than its device's. */
  readonly unitId: number | undefined;
}

export interface BoundPoints {
  readonly tags: readonly TagDefinition[];
  /** Points by device id. */
  readonly points: ReadonlyMap<string, readonly BoundPoint[]>;
  readonly roles: readonly RowRole[];
  readonly problems: readonly Problem[];
  /** Devices whose tables have a problem: what their drivers would say of the rest is not asked. */
  readonly faulty: ReadonlySet<string>;
}

/**
 * Rows with a unit id of their own are polled as a device of their own, `ps-1:7`: it has its own connection state, back-off
 * and alarm, so that a unit that is silent takes only its own points along. Their tags keep the name `ps-1/point`.
 */
export const unitDevice = (device: string, unitId: number | undefined): string =>
  unitId === undefined ? device : `${device}:${unitId}`;

function defineTag(device: string, unitId: number | undefined, row: PointRow): TagDefinition {
  return {
    name: `${device}/${row.tag}`,
    device: unitDevice(device, unitId),
    point: row.tag,
    unit: row.unit ?? '',
    ...scalingOf(row),
    deadband: row.deadband ?? 0,
    periodMs: row.group ?? defaultPeriodMs,
    ...(row.class === undefined ? {} : { class: row.class }),
    description: row.description ?? '',
    ...(row.states ? { states: row.states } : {}),
    ...shownAs(row.type),
    ...wireOf(typeOf(row)),
  };
}

function shownAs(type: PointRow['type']): Pick<TagDefinition, 'shows'> {
  if (type === undefined) return {};
  return isTextType(type) ? { shows: 'text' } : isTimeType(type) ? { shows: 'time' } : {};
}

/** The type of a row that may leave it out. */
function typeOf({ type, table, bit, node }: PointRow): PointType {
  if (type !== undefined) return type;
  const bits = table === 'coil' || table === 'discrete' || bit !== undefined;
  return bits ? 'bool' : node === undefined ? 'uint16' : 'float64';
}

const wireTypes: ReadonlySet<string> = new Set<WireType>([
  ...(['bool', 'int16', 'uint16', 'int32', 'uint32', 'int64', 'uint64', 'float32', 'float64'] as const),
]);

function wireOf(type: PointType): Pick<TagDefinition, 'wire'> {
  return wireTypes.has(type) ? { wire: type as WireType } : {};
}

function definePoint(tag: number, name: string, row: PointRow): DevicePoint {
  return {
    tag,
    name,
    periodMs: row.group ?? defaultPeriodMs,
    table: row.table ?? 'holding',
    address: row.address ?? 0,
    bit: row.bit,
    type: typeOf(row),
    order: row.order ?? 'abcd',
    ...(row.length === undefined ? {} : { length: row.length }),
    node: row.node ?? '',
    ...(row.writable ? { writable: true } : {}),
    ...(row.deadband === undefined ? {} : { deadband: row.deadband / Math.abs(scalingOf(row).scale) }),
  };
}

/** Reads every device's point table and gives each point its place in the tag table. */
export async function bindPoints(
  yaml: LocatedYaml,
  config: Pick<GatewayConfig, 'devices'>,
  tableOf: TableSource,
  drivers: readonly PointReader[],
): Promise<BoundPoints> {
  const tags: TagDefinition[] = [];
  const points = new Map<string, readonly BoundPoint[]>();
  const roles: RowRole[] = [];
  const problems: Problem[] = [];
  const faulty = new Set<string>();
  for (const [index, device] of config.devices.entries()) {
    const before = problems.length;
    const driver = drivers.find(({ name }) => name === device.driver);
    const written = await readRows(yaml, index, device, tableOf, driver);
    problems.push(...written.problems);
    const own: BoundPoint[] = [];
    for (const found of written.rows) {
      const { place } = found;
      const row = locateRow(found, device, driver);
      if ('code' in row) {
        problems.push(row);
        continue;
      }
      problems.push(...rowConflicts(row, device, driver, place));
      const unitId = row.unitId === device['unit'] ? undefined : row.unitId;
      const tag = defineTag(device.id, unitId, row);
      own.push({ point: definePoint(tags.length, tag.name, row), place, unitId });
      tags.push(tag);
      if (row.asset !== undefined && row.role !== undefined) {
        roles.push({ asset: row.asset, role: row.role, tag: tag.name, place });
      }
    }
    if (problems.length > before) faulty.add(device.id);
    points.set(device.id, own);
  }
  return { tags, points, roles, problems, faulty };
}

/** A row, and where it was written. */
interface WrittenRow {
  readonly row: PointRow;
  readonly place: PlaceOf;
  /** Whether its address comes from a profile, which has it as on the wire. */
  readonly onWire: boolean;
}

/** The rows of a device's point table, filled up from its profile; those of the profile where there is no table. */
async function readRows(
  yaml: LocatedYaml,
  index: number,
  device: DeviceEntry,
  tableOf: TableSource,
  driver: PointReader | undefined,
): Promise<{ readonly rows: readonly WrittenRow[]; readonly problems: readonly Problem[] }> {
  const profile = driver?.profiles?.get(device.profile ?? '');
  const { points } = device;
  if (points === undefined) {
    const place = (path: string) => ({ ...yaml.placeOf(['devices', index, 'profile']), path });
    const rows = (profile?.points ?? []).map((point) => ({ row: profileRow(point), place, onWire: true }));
    return { rows, problems: [] };
  }
  const table = await tableOf({ ...device, points }).catch((cause: unknown) => {
    if (cause instanceof LifelineError) return cause;
    throw cause;
  });
  if (table instanceof LifelineError) {
    return { rows: [], problems: [yaml.problem(['devices', index, 'points'], table)] };
  }
  const rows = table.rows.map(({ row, place }) => ({
    ...{ row: fillRow(row, profile), place },
    onWire: profile !== undefined && row.address === undefined,
  }));
  return { rows, problems: table.problems };
}

/** The row with its address and order as they are on the wire, and with all that the driver needs of it. */
function locateRow(
  { row: written, place, onWire }: WrittenRow,
  device: DeviceEntry,
  driver: PointReader | undefined,
): PointRow | Problem {
  const located = driver?.locate?.(written, onWire ? { ...device, notation: 'wire' } : device) ?? written;
  if (located instanceof LifelineError) return problemAt(place('address'), located);
  const row = { ...written, ...located };
  const missing = (driver?.needs ?? []).filter((column) => row[column] === undefined);
  if (missing.length === 0) return row;
  const error = configErrors.create('MISSING', configTexts.noPlace(row.tag, device.driver));
  return problemAt(place('tag'), error, configFixes.fill(missing));
}
