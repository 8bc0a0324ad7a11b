import { isTextType, type PointType } from '../api.ts';
import type { BrowsedNode } from './browse.ts';

/** Data types of OPC UA (Part 6, 5.1.2) that hold a number, a time or a text, with the type of a point for each. */
const types: Readonly<Record<string, PointType>> = {
  ...{ Boolean: 'bool', SByte: 'int16', Byte: 'uint16', Int16: 'int16', UInt16: 'uint16' },
  ...{ Int32: 'int32', UInt32: 'uint32', Int64: 'int64', UInt64: 'uint64', Float: 'float32', Double: 'float64' },
  ...{ DateTime: 'time-unix32', String: 'string-utf8', LocalizedText: 'string-utf8' },
};
/** Longer arrays are data of another kind: curves, recipes, logs. */
const maxElements = 64;
export const pointHeader = ['tag', 'node', 'type', 'unit', 'low', 'high', 'states', 'description'] as const;

/**
 * Rows of a point table for every variable with a number, a time or a text, elements of short arrays each. Names are
 * unique: the shortest end of the path that is. Writing is not offered: that is for a person to allow.
 */
export function pointRows(nodes: readonly BrowsedNode[]): readonly (readonly string[])[] {
  const usable = nodes.flatMap((one) => {
    const type = typeOf(one);
    return type === undefined ? [] : elementsOf(one).map((element) => ({ one, type, element }));
  });
  const names = uniqueNames(
    usable.map(({ one, element }) => [...one.path.slice(0, -1), `${one.path.at(-1)}${element}`]),
  );
  return usable.map(({ one, type, element }, index) => {
    // a text has neither unit nor range nor states
    const quantity = isTextType(type) ? ['', '', '', ''] : quantityOf(one);
    return [names[index] ?? '', `${one.node}${element}`, type, ...quantity, one.description];
  });
}

/** The type of a variable's values; undefined for what no point can take, and for namespace 0: nothing of the plant. */
function typeOf({ reading, node }: BrowsedNode): PointType | undefined {
  return node.startsWith('i=') ? undefined : types[(reading?.type ?? '').replace('[]', '')];
}

/** Unit, range and states, as the cells of a row. */
function quantityOf({ unit, low, high, states }: BrowsedNode): readonly string[] {
  const named = states ? Object.entries(states).filter(([, name]) => name !== '' && !/[;=]/.test(name)) : [];
  const limit = (value: number | undefined) => (value === undefined ? '' : String(value));
  return [unit, limit(low), limit(high), named.map(([key, name]) => `${key}=${name}`).join(';')];
}

/** `['']` for a single value, `['[0]', '[1]', …]` for a short array, nothing for a long one. */
function elementsOf({ reading }: BrowsedNode): readonly string[] {
  if (!reading?.type?.endsWith('[]')) return [''];
  const length = Array.isArray(reading.value) ? reading.value.length : 0;
  return length > maxElements ? [] : Array.from({ length }, (_, index) => `[${index}]`);
}

function uniqueNames(paths: readonly (readonly string[])[]): readonly string[] {
  const end = (path: readonly string[], length: number) => path.slice(-length).join('.');
  const depth = Math.max(0, ...paths.map((path) => path.length));
  const counts = Array.from({ length: depth }, (_, at) => {
    const count = new Map<string, number>();
    for (const path of paths) count.set(end(path, at + 1), (count.get(end(path, at + 1)) ?? 0) + 1);
    return count;
  });
  const taken = new Map<string, number>();
  return paths.map((path) => {
    const length = counts.findIndex((count) => count.get(end(path, counts.indexOf(count) + 1)) === 1);
    const name = end(path, length < 0 ? path.length : length + 1);
    const before = taken.get(name) ?? 0;
    taken.set(name, before + 1);
    return before === 0 ? name : `${name}-${before + 1}`;
  });
}
