import type { DevicePoint, PointType } from '../../drivers/api.ts';
import type { Acquisition } from '../acquisition/acquisition.ts';
import type { LoadedGateway } from '../config/load.ts';
import type { CommandParts } from '../control/commands.ts';

/** Types whose raw values are not whole numbers. */
const fractions: ReadonlySet<PointType> = new Set<PointType>([
  ...(['float32', 'float64'] as const),
  ...(['exponent-uint24', 'exponent-int24', 'mantissa-exponent32'] as const),
]);

/** What commands need to know of the points of a configuration. */
export type Outputs = Pick<CommandParts, 'point' | 'output'>;

/** The points of a gateway as commands see them, and the ways to those whose devices are connected. */
export function buildOutputs(
  loaded: LoadedGateway,
  acquisition: Acquisition,
  onWrite: (device: string) => void,
): Outputs {
  const points = new Map<string, { readonly device: string; readonly point: DevicePoint }>();
  for (const { definition } of loaded.devices) {
    for (const point of definition.points) points.set(point.name, { device: definition.id, point });
  }
  return {
    point(tag) {
      const found = points.get(tag);
      if (!found) return undefined;
      const { low, high, unit, scale, offset } = loaded.tags.at(found.point.tag);
      const bit = found.point.type === 'bool';
      const rawStep = fractions.has(found.point.type) ? 0 : 1;
      const range = bit ? { low: Math.max(0, low), high: Math.min(1, high) } : { low, high };
      return { writable: found.point.writable === true, ...range, unit, scale, offset, rawStep };
    },
    output(tag) {
      const found = points.get(tag);
      if (!found) return undefined;
      const session = acquisition.session(found.device);
      if (!session?.write || !session.readBack) return undefined;
      const { write, readBack } = session;
      const { point } = found;
      return {
        write(raw) {
          onWrite(found.device);
          return write.call(session, point, raw);
        },
        readBack: () => readBack.call(session, point),
      };
    },
  };
}
