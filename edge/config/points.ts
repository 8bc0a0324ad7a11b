import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { DevicePoint } from '../../drivers/api.ts';
import type { TagDefinition } from '../core/tag.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml } from './located-yaml.ts';
import type { PointRow } from './point-columns.ts';
import { parsePointTable } from './point-table.ts';
import { type Problem, problemAt } from './problem.ts';
import type { GatewayConfig } from './spec.ts';

const defaultPeriodMs = 1000;

/** A role that a row of a point table fills. */
export interface RowRole {
  readonly asset: string;
  readonly role: string;
  readonly tag: string;
  readonly file: string;
  readonly line: number;
}

export interface BoundPoints {
  readonly tags: readonly TagDefinition[];
  /** Points by device id. */
  readonly points: ReadonlyMap<string, readonly DevicePoint[]>;
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
export async function bindPoints(yaml: LocatedYaml, config: GatewayConfig, folder: string): Promise<BoundPoints> {
  const tags: TagDefinition[] = [];
  const points = new Map<string, DevicePoint[]>();
  const roles: RowRole[] = [];
  const problems: Problem[] = [];
  for (const [index, device] of config.devices.entries()) {
    const file = resolve(folder, device.points);
    const content = await readFile(file, 'utf8').catch((cause: unknown) => cause);
    if (typeof content !== 'string') {
      const error = configErrors.create(
        'FILE',
        `cannot read the point table ${file} of device "${device.id}"`,
        content,
      );
      problems.push(yaml.problem(['devices', index, 'points'], error));
      continue;
    }
    const table = parsePointTable(file, content);
    problems.push(...table.problems);
    const own: DevicePoint[] = [];
    for (const { line, row } of table.rows) {
      problems.push(...missingPlace(file, line, device.driver, row));
      const tag = defineTag(device.id, row);
      own.push(definePoint(tags.length, tag.name, row));
      tags.push(tag);
      if (row.asset !== undefined && row.role !== undefined) {
        roles.push({ asset: row.asset, role: row.role, tag: tag.name, file, line });
      }
    }
    points.set(device.id, own);
  }
  return { tags, points, roles, problems };
}

/** A point needs a place: a node, or a table with an address. */
function missingPlace(file: string, line: number, driver: string, row: PointRow): Problem[] {
  if (row.node !== undefined || (row.table !== undefined && row.address !== undefined)) return [];
  const error = configErrors.create('MISSING', `point "${row.tag}" of a ${driver} device has no place in the device`);
  return [
    problemAt({ file, line, column: 1, path: 'tag' }, error, 'fill "table" and "address" (Modbus) or "node" (OPC UA)'),
  ];
}
