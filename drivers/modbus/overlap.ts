import type { Text } from '../../edge/core/text.ts';
import type { DevicePoint, PointProblem, PointType } from '../api.ts';
import { modbusErrors } from './errors.ts';
import { placesText } from './place.ts';
import { placesOf } from './planner.ts';
import { modbusTexts } from './texts.ts';

/** A point's registers; `to` is the first one after them. */
interface Span {
  readonly index: number;
  readonly point: DevicePoint;
  readonly from: number;
  readonly to: number;
}

/** Values whose registers mean nothing one by one. */
const indivisible: ReadonlySet<PointType> = new Set<PointType>(['float32', 'float64']);

/** How a point reads its place; points of one key read the same value. */
const keyOf = ({ table, address, bit, type, order, length }: DevicePoint) =>
  [table, address, bit, type, order, length].join(' ');

/**
 * Points of one device that share registers. What no device can mean is an error: two values of which each holds a part of
 * the other, or a part of a floating-point number read as something else. Warnings are what some devices do mean: the same
 * registers in two types or orders (while it is being found out which is right), a part of a wider integer as a value of
 * its own (status words, low words of counters), and a place that two tags read alike. Bits of one register, beside the
 * whole of it too, are what registers are for. Each point is held against those that begin before it or with it.
 */
export function findOverlaps(device: string, points: readonly DevicePoint[]): PointProblem[] {
  const spans = points.map((point, index) => ({
    ...{ index, point },
    ...{ from: point.address, to: point.address + placesOf(point) },
  }));
  // a stable sort keeps rows of one place in their order, wider ones first
  spans.sort((a, b) =>
    a.point.table < b.point.table ? -1 : a.point.table > b.point.table ? 1 : a.from - b.from || b.to - a.to,
  );
  const problems: PointProblem[] = [];
  const seen = new Map<string, Span>();
  let open: Span[] = [];
  for (const span of spans) {
    open = open.filter(({ point, to }) => point.table === span.point.table && to > span.from);
    const twin = seen.get(keyOf(span.point));
    if (twin) {
      problems.push(duplicate(device, span, twin));
      continue;
    }
    const found = open.flatMap((earlier) => clash(device, earlier, span) ?? []);
    const worst = found.find(({ severity }) => severity === 'error') ?? found[0];
    if (worst) problems.push(worst);
    seen.set(keyOf(span.point), span);
    open.push(span);
  }
  return problems.sort((a, b) => a.point - b.point);
}

function duplicate(device: string, span: Span, twin: Span): PointProblem {
  const [first, second] = span.index < twin.index ? [span, twin] : [twin, span];
  const message = modbusTexts.twice(second.point.name, first.point.name, device, describe(second));
  return {
    ...{ point: second.index, column: 'address', severity: 'warning' },
    error: modbusErrors.create('DUPLICATE', message),
  };
}

interface Named {
  readonly what: Text;
  readonly name: string;
}

/** What is wrong between two points that share registers, `earlier` beginning before `later` or with it. */
function clash(device: string, earlier: Span, later: Span): PointProblem | undefined {
  const same = earlier.from === later.from && earlier.to === later.to;
  const bits = [earlier, later].filter(({ point }) => point.bit !== undefined);
  const float = [earlier, later].find(({ point }) => indivisible.has(point.type));
  if (bits.length === 2 || (bits.length === 1 && !float)) return undefined;
  const [one, other] = [earlier, later].map((span) => ({ what: describe(span), name: span.point.name })) as [
    Named,
    Named,
  ];
  const problem = (severity: PointProblem['severity'], why: Text): PointProblem => ({
    ...{ point: Math.max(earlier.index, later.index), column: 'address', severity },
    error: modbusErrors.create('OVERLAP', modbusTexts.pair(one, other, device, why)),
  });
  if (same) return problem('warning', modbusTexts.sameRegisters);
  if (later.to > earlier.to) return problem('error', modbusTexts.crossed);
  if (float) return problem('error', modbusTexts.partOfFloat(float.point.type));
  return problem('warning', modbusTexts.inside);
}

/** `float32 abcd at holding 40001–40002`. */
function describe({ point, from, to }: Span): Text {
  const what = point.bit === undefined ? `${point.type} ${point.order}` : `bit ${point.bit}`;
  return modbusTexts.at(what, placesText(point.table, from, to - from));
}
