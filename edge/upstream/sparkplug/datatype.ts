import type { TagDefinition } from '../../core/tag.ts';

/** Datatypes of metrics and properties that this node uses (Sparkplug 3.0 §6.4.16). */
export const Datatype = {
  int16: 2,
  int32: 3,
  int64: 4,
  uint16: 6,
  uint32: 7,
  uint64: 8,
  float: 9,
  double: 10,
  boolean: 11,
  string: 12,
  dateTime: 13,
  template: 19,
} as const;

/** Whole numbers that each datatype can hold; JavaScript holds whole numbers exactly up to 2^53. */
const wholeRange: ReadonlyMap<number, readonly [low: number, high: number]> = new Map([
  [Datatype.int16, [-(2 ** 15), 2 ** 15 - 1]],
  [Datatype.int32, [-(2 ** 31), 2 ** 31 - 1]],
  [Datatype.int64, [-(2 ** 53), 2 ** 53]],
  [Datatype.uint16, [0, 2 ** 16 - 1]],
  [Datatype.uint32, [0, 2 ** 32 - 1]],
  [Datatype.uint64, [0, 2 ** 53]],
  [Datatype.boolean, [0, 1]],
  [Datatype.dateTime, [0, 2 ** 53]],
]);

const ofWire = {
  bool: Datatype.boolean,
  int16: Datatype.int16,
  uint16: Datatype.uint16,
  int32: Datatype.int32,
  uint32: Datatype.uint32,
  int64: Datatype.int64,
  uint64: Datatype.uint64,
  float64: Datatype.double,
} as const;

/**
 * Datatype of a tag: what its device carries, where the engineering value is that very number. A float32 stays Float when
 * it is scaled, as it is no more exact than before; a scaled whole number becomes Double, which shows 12.3 as 12.3.
 */
export function datatypeOf({ shows, wire, scale, offset }: TagDefinition): number {
  if (shows === 'text') return Datatype.string;
  if (shows === 'time') return Datatype.dateTime;
  if (wire === 'float32') return Datatype.float;
  if (wire === undefined || scale !== 1 || offset !== 0) return Datatype.double;
  return ofWire[wire];
}

/** Whether a number can be sent as the datatype without becoming another one (Float rounds to its own precision). */
export function fits(datatype: number, value: number): boolean {
  const range = wholeRange.get(datatype);
  if (!range) return Number.isFinite(value);
  return Number.isInteger(value) && value >= range[0] && value <= range[1];
}
