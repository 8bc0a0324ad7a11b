import type { LifelineError } from '../../edge/core/errors.ts';
import type { DevicePoint } from '../api.ts';
import { opcuaErrors } from './errors.ts';

/** A point for which the server does not do what is asked, with its own word for why, or ours. */
export interface Refusal {
  readonly point: DevicePoint;
  readonly why: string;
}

const namesShown = 5;

const refusals = {
  NODE: 'does not offer',
  TYPE: 'holds another kind of value than the table says for',
  DEADBAND: 'does not hold back small changes of',
} as const;

/** What a server does not do for some of its points, the first of them by name. */
export function describePoints(code: keyof typeof refusals, target: string, points: readonly Refusal[]): LifelineError {
  const shown = points.slice(0, namesShown).map(({ point, why }) => `${point.name} at ${point.node} (${why})`);
  const more = points.length > namesShown ? ` and ${points.length - namesShown} more` : '';
  const count = `${points.length} ${points.length === 1 ? 'point' : 'points'}`;
  return opcuaErrors.create(code, `${target} ${refusals[code]} ${count}: ${shown.join(', ')}${more}`);
}
