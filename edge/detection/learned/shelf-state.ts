import { z } from 'zod';

const version = z.number().int().min(1).nullable();
const place = z.object({
  /** Decides about alarms. */
  active: version.default(null),
  /** Decided before that, and can again. */
  previous: version.default(null),
  /** Scores beside it, without a say. */
  shadow: version.default(null),
  /** Highest counter that was ever promoted: older models come back only as `previous`. */
  counter: z.number().int().min(0).default(0),
});
/** Which versions of an asset's model are in use. */
export type ModelPlace = z.infer<typeof place>;

const state = z.object({ schema: z.literal('lifeline-models/1'), models: z.record(z.string(), place) });
/** `state.json` of a models folder, by asset. */
export type ShelfState = z.infer<typeof state>;

export const emptyState: ShelfState = { schema: 'lifeline-models/1', models: {} };
const emptyPlace: ModelPlace = { active: null, previous: null, shadow: null, counter: 0 };

/** Reads the text of `state.json`. Throws a plain error naming the first wrong path. */
export function parseState(text: string): ShelfState {
  const result = state.safeParse(JSON.parse(text));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new Error(`${issue?.path.join('.')}: ${issue?.message}`);
}

export const stateText = (of: ShelfState): string => `${JSON.stringify(of, null, 1)}\n`;

export const placeOf = (of: ShelfState, asset: string): ModelPlace => of.models[asset] ?? emptyPlace;

const withPlace = (of: ShelfState, asset: string, changed: Partial<ModelPlace>): ShelfState => ({
  ...of,
  models: { ...of.models, [asset]: { ...placeOf(of, asset), ...changed } },
});

/** A version begins to score beside the active one; null ends that. */
export const shadowed = (of: ShelfState, asset: string, shadow: number | null): ShelfState =>
  withPlace(of, asset, { shadow });

/** A version decides from now on; 'downgrade' when one with a higher counter has been promoted before. */
export function promoted(of: ShelfState, asset: string, next: number, counter: number): ShelfState | 'downgrade' {
  const before = placeOf(of, asset);
  if (before.active === next) return withPlace(of, asset, { shadow: null });
  if (counter < before.counter) return 'downgrade';
  return withPlace(of, asset, { active: next, previous: before.active, shadow: null, counter });
}

/** The version before decides again, or none; undefined when none is active. */
export function rolledBack(of: ShelfState, asset: string): ShelfState | undefined {
  const { active, previous } = placeOf(of, asset);
  return active === null ? undefined : withPlace(of, asset, { active: previous, previous: null, shadow: null });
}
