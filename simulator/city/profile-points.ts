import type { DeviceProfile, ProfilePoint, WordOrder } from '../../drivers/api.ts';
import { modbusProfiles } from '../../drivers/modbus/profiles/index.ts';
import type { Plc, PlcPoint } from './plant.ts';
import { type Signal, wrapping } from './plc-points.ts';

/** A register map that comes with the drivers; RangeError when there is none of that name. */
function profileOf(name: string): DeviceProfile {
  const profile = modbusProfiles.get(name);
  if (!profile) throw new RangeError(`no profile ${name}`);
  return profile;
}

function pointOf(profile: DeviceProfile, tag: string): ProfilePoint {
  const point = profile.points.find((candidate) => candidate.tag === tag);
  if (!point) throw new RangeError(`profile ${profile.profile} has no point ${tag}`);
  return point;
}

/** Where and how a profile has the point. */
function coded(profile: DeviceProfile, { table, address, type, order, scale = 1, offset = 0, periodMs }: ProfilePoint) {
  const usual = (profile.options['order'] as WordOrder | undefined) ?? 'abcd';
  return { table, address, type, order: order ?? usual, scale, offset, periodMs: periodMs ?? 1000 };
}

/** Signals laid out as a profile has the points of their names; RangeError for a name or unit that it does not have. */
export function placedByProfile(name: string, signals: readonly Signal[]): readonly PlcPoint[] {
  const profile = profileOf(name);
  return signals.map((signal) => {
    const point = pointOf(profile, signal.name);
    if (point.unit !== signal.unit) throw new RangeError(`${signal.name} is in ${signal.unit}, not in ${point.unit}`);
    return { ...signal, ...coded(profile, point) };
  });
}

/** What a meter shows of one quantity: its range and noise (percent of the span), and the truth in the profile's unit. */
export type Reading =
  | readonly [range: readonly [low: number, high: number], noisePercent: number, read: () => number]
  | RunningTotal;

/** One that only grows, and begins again at 0 when it is full or its register ends. */
interface RunningTotal {
  readonly full: number;
  read(): number;
}

function shown(reading: Reading, { type, scale }: Pick<PlcPoint, 'type' | 'scale'>) {
  if ('full' in reading) return { read: reading.read, noise: 0, low: 0, ...wrapping(reading.full, type, scale) };
  const [[low, high], noisePercent, read] = reading;
  return { read, noise: ((high - low) * noisePercent) / 100, low, high };
}

/** A meter that lays out its readings, by tag, as its profile says. */
export function meterPlc(
  meter: Pick<Plc, 'id' | 'utility' | 'name' | 'unit'> & { readonly profile: string },
  readings: Readonly<Record<string, Reading>>,
): Plc {
  const profile = profileOf(meter.profile);
  const points = Object.entries(readings).map(([tag, reading]): PlcPoint => {
    const point = pointOf(profile, tag);
    const { unit, description, states } = point;
    const coding = coded(profile, point);
    return {
      ...{ name: tag, description, unit, ...shown(reading, coding), ...coding },
      ...(states ? { states } : {}),
    };
  });
  const whole = points.length === profile.points.length;
  return { ...meter, profile: { name: meter.profile, whole }, protocol: 'modbus-tcp', points };
}
