import type { LifelineError } from '../../edge/core/errors.ts';
import { both } from '../../edge/core/text.ts';
import type { DevicePoint } from '../api.ts';
import { opcuaErrors } from './errors.ts';

/** A point for which the server does not do what is asked, with its own word for why, or ours. */
export interface Refusal {
  readonly point: DevicePoint;
  readonly why: string;
}

const namesShown = 5;

const refusals = {
  NODE: both('does not offer', '未提供'),
  TYPE: both('holds another kind of value than the table says for', '的值类型与点表不符，涉及'),
  DEADBAND: both('does not hold back small changes of', '不能滤去小变化，涉及'),
} as const;

/** What a server does not do for some of its points, the first of them by name. */
export function describePoints(code: keyof typeof refusals, target: string, points: readonly Refusal[]): LifelineError {
  const shown = points.slice(0, namesShown).map(({ point, why }) => `${point.name} at ${point.node} (${why})`);
  const hidden = points.length - shown.length;
  const count = `${points.length} ${points.length === 1 ? 'point' : 'points'}`;
  const text = both(
    `${target} ${refusals[code].en} ${count}: ${shown.join(', ')}${hidden > 0 ? ` and ${hidden} more` : ''}`,
    `${target} ${refusals[code].zh} ${points.length} 个点：“${shown.join('”、“')}”${hidden > 0 ? `，另有 ${hidden} 个` : ''}`,
  );
  return opcuaErrors.create(code, text);
}
