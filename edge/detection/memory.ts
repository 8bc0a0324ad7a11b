import type { Snapshot } from './detector.ts';

/** Things that remember something, each by its name. */
type Remembering = Iterable<readonly [name: string, state: object]>;

/**
 * What things remember under some keys, as plain data that JSON carries: numbers, flags, lists and what is made of them;
 * columns as lists. A key that a thing does not have is passed over.
 */
export function remembered(things: Remembering, keys: readonly string[]): Snapshot {
  return Object.fromEntries(
    Array.from(things, ([name, state]) => [
      name,
      Object.fromEntries(keys.flatMap((key) => (key in state ? [[key, plain(state[key as keyof typeof state])]] : []))),
    ]),
  );
}

/** Puts back what `remembered` gave, where it still fits: what has another shape by now stays as it is. */
export function recall(things: Remembering, keys: readonly string[], snapshot: Snapshot): void {
  for (const [name, state] of things) {
    const kept = snapshot[name];
    if (!isObject(kept)) continue;
    for (const key of keys) {
      if (key in state && key in kept) put(state as Record<string, unknown>, key, kept[key]);
    }
  }
}

function plain(value: unknown): unknown {
  if (ArrayBuffer.isView(value)) return Array.from(value as Float64Array);
  if (Array.isArray(value)) return value.map(plain);
  return isObject(value) ? Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)])) : value;
}

function put(state: Record<string, unknown>, key: string, kept: unknown): void {
  const now = state[key];
  if (ArrayBuffer.isView(now)) {
    const column = now as Float64Array;
    if (Array.isArray(kept) && kept.length === column.length) column.set(kept.map(numberOf));
  } else if (Array.isArray(now)) {
    if (Array.isArray(kept)) state[key] = kept.map(revived);
  } else if (isObject(now)) {
    if (isObject(kept)) for (const own of Object.keys(now)) if (own in kept) put(now, own, kept[own]);
  } else if (typeof now === 'number') {
    if (kept === null || typeof kept === 'number') state[key] = numberOf(kept);
  } else if (now === undefined || now === null || typeof now === typeof kept) state[key] = kept;
}

/** JSON has null for what is not a number. */
const numberOf = (kept: unknown): number => (typeof kept === 'number' ? kept : Number.NaN);

function revived(kept: unknown): unknown {
  if (Array.isArray(kept)) return kept.map(revived);
  return kept === null ? Number.NaN : kept;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
