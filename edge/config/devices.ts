import { resolve } from 'node:path';
import type { DeviceDefinition, DevicePoint, Driver } from '../../drivers/api.ts';
import { LifelineError } from '../core/errors.ts';
import type { LocatedYaml } from './located-yaml.ts';
import { type BoundPoint, type BoundPoints, unitDevice } from './points.ts';
import { type Problem, problemAt } from './problem.ts';
import type { Contribution, DeviceEntry, GatewayConfig } from './spec.ts';

/** A driver as configuration sees it: its keys, and what only it can judge. */
export type DriverContribution = Contribution & Pick<Driver, 'needs' | 'locate' | 'examine' | 'validate'>;

/** A device with the name of the driver that reads it. */
export interface ConfiguredDevice {
  readonly driver: string;
  readonly definition: DeviceDefinition;
}

/** A device and what its problems are located by. */
interface DefinedDevice {
  readonly device: ConfiguredDevice;
  /** Its entry's place in `devices`. */
  readonly entry: number;
  /** As the definition's points, with their rows. */
  readonly bound: readonly BoundPoint[];
}

const commonDeviceKeys = new Set(['id', 'driver', 'endpoint', 'points', 'sheet', 'profile', 'lawfulClients']);

/**
 * The devices to be polled: one per entry, and one more per unit id that rows of its point table bring along.
 * @param folder where `gateway.yaml` stands
 * @param indexes place in the tag table of each of the bound tags
 */
export function defineDevices(
  config: Pick<GatewayConfig, 'devices'>,
  folder: string,
  bound: BoundPoints,
  indexes: readonly number[],
): DefinedDevice[] {
  return config.devices.flatMap((entry, index) => {
    const rows = bound.points.get(entry.id) ?? [];
    const units = rows.length === 0 ? [undefined] : [...new Set(rows.map(({ unitId }) => unitId))];
    return units.map((unitId) => {
      const own = rows.filter((row) => row.unitId === unitId);
      const points = own.map(({ point }) => ({ ...point, tag: indexes[point.tag] as number }));
      const device = { driver: entry.driver, definition: defineDevice(entry, folder, unitId, points) };
      return { device, entry: index, bound: own };
    });
  });
}

function defineDevice(
  entry: DeviceEntry,
  folder: string,
  unitId: number | undefined,
  points: readonly DevicePoint[],
): DeviceDefinition {
  const options = Object.fromEntries(Object.entries(entry).filter(([key]) => !commonDeviceKeys.has(key)));
  return {
    id: unitDevice(entry.id, unitId),
    endpoint: locateFile(entry.endpoint, folder),
    points,
    options: unitId === undefined ? options : { ...options, unit: unitId },
  };
}

/** An endpoint that is a file (`file:history.csv`) begins in the folder of `gateway.yaml`, like every path in it. */
const locateFile = (endpoint: string, folder: string) =>
  endpoint.startsWith('file:') ? `file:${resolve(folder, endpoint.slice('file:'.length))}` : endpoint;

/** What the drivers say of their devices: of points at their rows, of the rest at the device. */
export function judgeDevices(
  yaml: LocatedYaml,
  devices: readonly DefinedDevice[],
  drivers: readonly DriverContribution[],
): Record<'errors' | 'warnings', readonly Problem[]> {
  const errors: Problem[] = [];
  const warnings: Problem[] = [];
  for (const { device, entry, bound } of devices) {
    const { driver: name, definition } = device;
    const driver = drivers.find((candidate) => candidate.name === name);
    const before = errors.length;
    for (const { point, column, severity, error, fix } of driver?.examine?.(definition) ?? []) {
      const place = bound[point]?.place(column);
      if (place) (severity === 'error' ? errors : warnings).push(problemAt(place, error, fix));
    }
    if (errors.length > before) continue;
    try {
      driver?.validate(definition);
    } catch (error) {
      if (!(error instanceof LifelineError)) throw error;
      errors.push(yaml.problem(['devices', entry], error));
    }
  }
  return { errors, warnings };
}
