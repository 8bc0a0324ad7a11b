import type { DevicePoint, PointType } from '../../drivers/api.ts';
import type { Acquisition } from '../acquisition/acquisition.ts';
import type { LoadedGateway } from '../config/load.ts';
import type { CommandParts } from '../control/commands.ts';
import { hasRange, isWhole, type OutputPoint } from '../control/decide.ts';
import type { CommandRights, OutputRange } from '../core/command.ts';

/** Types whose raw values are not whole numbers. */
const fractions: ReadonlySet<PointType> = new Set<PointType>([
  ...(['float32', 'float64'] as const),
  ...(['exponent-uint24', 'exponent-int24', 'mantissa-exponent32'] as const),
]);

/** What commands need to know of the points of a configuration. */
export interface Outputs extends Pick<CommandParts, 'point' | 'output'> {
  /** Points listed as writable whose range is known. */
  readonly ranges: readonly OutputRange[];
}

/** The points of a gateway as commands see them, and the ways to those whose devices are connected. */
export function buildOutputs(
  loaded: LoadedGateway,
  acquisition: Acquisition,
  onWrite: (device: string) => void,
): Outputs {
  const { tags } = loaded;
  /** By tag index; calculated ones have none. */
  const points = new Array<DevicePoint | undefined>(tags.size).fill(undefined);
  for (const { definition } of loaded.devices) for (const point of definition.points) points[point.tag] = point;
  const pointOf = (name: string) => points[tags.indexOf(name) ?? -1];
  const outputPoint = ({ tag, type, writable = false }: DevicePoint): OutputPoint => {
    const { low, high, unit, scale, offset } = tags.at(tag);
    const rawStep = fractions.has(type) ? 0 : 1;
    const range = type === 'bool' ? { low: Math.max(0, low), high: Math.min(1, high) } : { low, high };
    return { writable, ...range, unit, scale, offset, rawStep };
  };
  const ranges = points.flatMap((point) => {
    if (!point) return [];
    const output = outputPoint(point);
    if (!output.writable || !hasRange(output)) return [];
    return [{ tag: point.tag, low: output.low, high: output.high, whole: isWhole(output) }];
  });
  return {
    ranges,
    point(tag) {
      const point = pointOf(tag);
      return point && outputPoint(point);
    },
    output(tag) {
      const point = pointOf(tag);
      if (!point) return undefined;
      const { device } = tags.at(point.tag);
      const session = acquisition.session(device);
      if (!session?.write || !session.readBack) return undefined;
      const { write, readBack } = session;
      return {
        write(raw) {
          onWrite(device);
          return write.call(session, point, raw);
        },
        readBack: () => readBack.call(session, point),
      };
    },
  };
}

/** Who may write over the console and what; undefined where nobody may. */
export function writesOf({
  loaded,
  outputs,
}: {
  readonly loaded: LoadedGateway;
  readonly outputs: Outputs;
}): CommandRights | undefined {
  const least = loaded.config.console.writes;
  return least && { least, outputs: outputs.ranges };
}
