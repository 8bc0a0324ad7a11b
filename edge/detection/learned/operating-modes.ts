import { z } from 'zod';

/** The most modes a model tells apart, and how many of those never seen are remembered of an asset. */
export const MOST_MODES = 8;

/**
 * The modes that a model was trained in. A mode is what the states of an asset say together: their combination, or only how
 * many are on. Just after a change of states nothing is judged: pumps run up, valves travel.
 */
export const operatingModes = z.object({
  /** Roles of the states; each is an input of the model. */
  roles: z.array(z.string()).min(1),
  by: z.enum(['combination', 'sum']),
  /** Values of the roles in their order, or one sum, of each mode. */
  known: z.array(z.array(z.number()).min(1)).min(1).max(MOST_MODES),
  /** Rows that states must stand before a row is judged. */
  settleSteps: z.number().int().min(1).max(60),
});
export type OperatingModes = z.infer<typeof operatingModes>;

/** What tells a mode from others: the states' values, or their sum. */
export function modeKeyOf(by: OperatingModes['by'], states: readonly number[]): readonly number[] {
  return by === 'combination' ? states : [states.reduce((sum, value) => sum + value, 0)];
}

/** Which of the known modes it is; -1 for one never seen. */
export function modeIn(known: OperatingModes['known'], key: readonly number[]): number {
  return known.findIndex((mode) => mode.length === key.length && mode.every((value, at) => value === key[at]));
}
