import type { PointType } from '../api.ts';
import type { BrowsedNode } from './browse.ts';

/** Data types of OPC UA (Part 6, 5.1.2) that hold a number, by the type of a point. */
const types: Readonly<Record<string, PointType>> = {
  ...{ Boolean: 'bool', SByte: 'int16', Byte: 'uint16', Int16: 'int16', UInt16: 'uint16' },
  ...{ Int32: 'int32', UInt32: 'uint32', Int64: 'int64', UInt64: 'uint64', Float: 'float32', Double: 'float64' },
};
/** Longer arrays are data of another kind: curves, recipes, logs. */
const maxElements = 64;
export const pointHeader = ['tag', 'node', 'type', 'unit', 'low', 'high', 'states', 'description'] as const;

/**
 * Rows of a point table for every variable with a number, elements of short arrays each. Names are unique: the
 * shortest end of the path that is. Writing is not offered: that is for a person to allow.
 */
export function pointRows(nodes: readonly BrowsedNode[]): readonly (readonly string[])[] {
  const usable = nodes.flatMap((one) => elementsOf(one).map((element) => ({ one, element })));
  const names = uniqueNames(
    usable.map(({ one, element }) => [...one.path.slice(0, -1), `${one.path.at(-1)}${element}`]),
  );
  return usable.map(({ one, element }, index) => {
    const { node, unit, low, high, states, description, reading } = one;
    const type = types[(reading?.type ?? '').replace('[]', '')] ?? '';
    const named = states ? Object.entries(states).filter(([, name]) => name !== '' && !/[;=]/.test(name)) : [];
    return [
      ...[names[index] ?? '', `${node}${element}`, type, unit, low === undefined ? '' : String(low)],
      ...[high === undefined ? '' : String(high), named.map(([key, name]) => `${key}=${name}`).join(';'), description],
    ];
  });
}

/** `['']` for a number, `['[0]', '[1]', …]` for an array of some, nothing for what is neither. */
function elementsOf({ reading, node }: BrowsedNode): readonly string[] {
  // namespace 0 is the server's own: nothing of the plant
  if (!reading?.type || !(reading.type.replace('[]', '') in types) || node.startsWith('i=')) return [];
  if (!reading.type.endsWith('[]')) return [''];
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
