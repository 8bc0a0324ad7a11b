import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DevicePoint, Driver } from '../../drivers/api.ts';
import { LifelineError } from '../core/errors.ts';
import type { TagDefinition } from '../core/tag.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml } from './located-yaml.ts';
import type { PointRow } from './point-columns.ts';
import { parsePointTable } from './point-table.ts';
import { type Problem, problemAt } from './problem.ts';
import type { DeviceEntry, GatewayConfig } from './spec.ts';

const defaultPeriodMs = 1000;

/** A role that a row of a point table fills. */
export interface RowRole {
  readonly asset: string;
  readonly role: string;
  readonly tag: string;
  readonly file: string;
  readonly line: number;
}

/** Where a column of a point's row stands. */
export type PlaceOf = (column: string) => Omit<Problem, 'code' | 'message' | 'fix'>;

/** A driver as far as reading point tables goes. */
export type PointReader = Pick<Driver, 'name' | 'locate'>;

/** A point and where its row stands. */
export interface BoundPoint {
  readonly point: DevicePoint;
  readonly place: PlaceOf;
}

export interface BoundPoints {
  readonly tags: readonly TagDefinition[];
  /** Points by device id. */
  readonly points: ReadonlyMap<string, readonly BoundPoint[]>;
  readonly roles: readonly RowRole[];
  readonly problems: readonly Problem[];
}

function defineTag(device: string, row: PointRow): TagDefinition {
  return {
    name: `${device}/${row.tag}`,
    device,
    point: row.tag,
    unit: row.unit ?? '',
    scale: row.scale ?? 1,
    offset: row.offset ?? 0,
    low: row.low ?? Number.NEGATIVE_INFINITY,
    high: row.high ?? Number.POSITIVE_INFINITY,
    deadband: row.deadband ?? 0,
    periodMs: row.group ?? defaultPeriodMs,
    description: row.description ?? '',
    ...(row.states ? { states: row.states } : {}),
  };
}

function definePoint(tag: number, name: string, row: PointRow): DevicePoint {
  const bits = row.table === 'coil' || row.table === 'discrete' || row.bit !== undefined;
  return {
    tag,
    name,
    periodMs: row.group ?? defaultPeriodMs,
    table: row.table ?? 'holding',
    address: row.address ?? 0,
    bit: row.bit,
    type: row.type ?? (bits ? 'bool' : row.node === undefined ? 'uint16' : 'float64'),
    order: row.order ?? 'abcd',
    node: row.node ?? '',
    ...(row.writable ? { writable: true } : {}),
    ...(row.deadband === undefined ? {} : { deadband: row.deadband / Math.abs(row.scale ?? 1) }),
  };
}

/** Reads every device's point table and gives each point its place in the tag table. */
export async function bindPoints(
  yaml: LocatedYaml,
  config: GatewayConfig,
  folder: string,
  drivers: readonly PointReader[],
): Promise<BoundPoints> {
  const tags: TagDefinition[] = [];
  const points = new Map<string, readonly BoundPoint[]>();
  const roles: RowRole[] = [];
  const problems: Problem[] = [];
  for (const [index, device] of config.devices.entries()) {
    const file = resolve(folder, device.points);
    const content = await readFile(file, 'utf8').catch((cause: unknown) => cause);
    if (typeof content !== 'string') {
      const message = `cannot read the point table ${file} of device "${device.id}"`;
      problems.push(yaml.problem(['devices', index, 'points'], configErrors.create('FILE', message, content)));
      continue;
    }
    const table = parsePointTable(file, content);
    problems.push(...table.problems);
    const driver = drivers.find(({ name }) => name === device.driver);
    const own: BoundPoint[] = [];
    for (const { line, row: written } of table.rows) {
      const place = (column: string) => ({ file, line, column: table.columns.get(column) ?? 1, path: column });
      const row = locateRow(written, device, driver, place);
      if ('code' in row) {
        problems.push(row);
        continue;
      }
      const tag = defineTag(device.id, row);
      own.push({ point: definePoint(tags.length, tag.name, row), place });
      tags.push(tag);
      if (row.asset !== undefined && row.role !== undefined) {
        roles.push({ asset: row.asset, role: row.role, tag: tag.name, file, line });
      }
    }
    points.set(device.id, own);
  }
  return { tags, points, roles, problems };
}

/** The row with its address and order as they are on the wire; a point needs a node, or a table with an address. */
function locateRow(
  written: PointRow,
  device: DeviceEntry,
  driver: PointReader | undefined,
  place: PlaceOf,
): PointRow | Problem {
  const located = driver?.locate?.(written, device) ?? written;
  if (located instanceof LifelineError) return problemAt(place('address'), located);
  const row = { ...written, ...located };
  if (row.node !== undefined || (row.table !== undefined && row.address !== undefined)) return row;
  const message = `point "${row.tag}" of a ${device.driver} device has no place in the device`;
  const fix = 'fill "table" and "address" (Modbus) or "node" (OPC UA)';
  return problemAt(place('tag'), configErrors.create('MISSING', message), fix);
}
