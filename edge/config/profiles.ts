import type { DeviceProfile, Driver, ProfilePoint } from '../../drivers/api.ts';
import { meant } from '../core/suggest.ts';
import { configErrors } from './errors.ts';
import type { LocatedYaml } from './located-yaml.ts';
import type { PointRow } from './point-columns.ts';
import type { Problem } from './problem.ts';
import type { GatewayConfig } from './spec.ts';
import { configFixes, configTexts } from './texts.ts';

/** A driver as far as reading point tables goes. */
export type PointReader = Pick<Driver, 'name' | 'options' | 'needs' | 'locate' | 'profiles'>;

/** A point of a profile as if a point table said so; described in both languages, since a table has one column for it. */
export function profileRow({ description, periodMs, ...point }: ProfilePoint): PointRow {
  return { ...point, group: periodMs, description: `${description.zh} ${description.en}` } as PointRow;
}

/** The row with what it leaves empty as the profile has it under the same tag; a raw range of its own replaces a scale. */
export function fillRow(row: PointRow, profile: DeviceProfile | undefined): PointRow {
  const point = profile?.points.find(({ tag }) => tag === row.tag);
  if (!point) return row;
  const ranged = row.rawLow !== undefined || row.rawHigh !== undefined;
  return {
    ...profileRow(point),
    ...(ranged ? { scale: undefined, offset: undefined } : {}),
    ...Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)),
  };
}

/** The file with each device's options filled up from its profile; what the device says itself stands. */
export function withProfileOptions(yaml: LocatedYaml, drivers: readonly PointReader[]): LocatedYaml {
  const root = yaml.value as { readonly devices?: unknown } | undefined;
  if (!Array.isArray(root?.devices)) return yaml;
  const devices = root.devices.map((entry: unknown) => {
    if (typeof entry !== 'object' || entry === null) return entry;
    const { driver, profile } = entry as Readonly<Record<string, unknown>>;
    const options = drivers.find(({ name }) => name === driver)?.profiles?.get(String(profile))?.options;
    return { ...options, ...entry };
  });
  return { ...yaml, value: { ...root, devices } };
}

/** Devices without points, and profiles that do not exist. */
export function profileProblems(
  yaml: LocatedYaml,
  config: GatewayConfig,
  drivers: readonly PointReader[],
): readonly Problem[] {
  return config.devices.flatMap(({ driver, points, profile }, index) => {
    if (profile === undefined) {
      if (points !== undefined) return [];
      const error = configErrors.create('MISSING', configTexts.missing('points'));
      return [yaml.problem(['devices', index], error, configFixes.addPoints)];
    }
    const known = [...(drivers.find(({ name }) => name === driver)?.profiles?.keys() ?? [])];
    if (known.includes(profile)) return [];
    const otherwise = known.length > 0 ? configFixes.known(known) : configFixes.useTable;
    const fix = meant(profile, known) ?? otherwise;
    const error = configErrors.create('REFERENCE', configTexts.noProfile(driver, profile));
    return [yaml.problem(['devices', index, 'profile'], error, fix)];
  });
}
