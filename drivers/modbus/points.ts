import type { LifelineError } from '../../edge/core/errors.ts';
import type { Text } from '../../edge/core/text.ts';
import {
  type DeviceDefinition,
  type DevicePoint,
  isTextType,
  isTimeType,
  type PointProblem,
  type WordOrder,
  type WrittenPlace,
} from '../api.ts';
import { modbusErrors } from './errors.ts';
import { looksLikeReference, maxAddress, type Notation, placeOnWire } from './notation.ts';
import { findOverlaps } from './overlap.ts';
import { isBitTable } from './pdu.ts';
import { placesText, reference } from './place.ts';
import { type ForbiddenRange, forbiddenIn, placesOf } from './planner.ts';
import { registersOf } from './registers.ts';
import { modbusTexts } from './texts.ts';

/** Where a row points on the wire, with the order of its device where it names none; or why it points nowhere. */
export function locate(
  { table, address, order }: WrittenPlace,
  device: { readonly notation?: Notation | undefined; readonly order: WordOrder },
): WrittenPlace | LifelineError {
  const coding = { order: order ?? device.order };
  const { notation = 'wire' } = device;
  const named = notation === 'modicon5' || notation === 'modicon6';
  if (address === undefined || (table === undefined && !named)) return { table, address, ...coding };
  const place = placeOnWire(address, table, notation);
  return 'why' in place ? modbusErrors.create('ADDRESS', place.why) : { ...place, ...coding };
}

/** What the device's options say of its points. */
interface ExamineOptions {
  readonly forbidden: readonly ForbiddenRange[];
  readonly maxRegisters: number;
  readonly notation?: Notation | undefined;
}

/** What is wrong or doubtful with the points of a device, each by itself and taken together. */
export function examinePoints(device: DeviceDefinition, options: ExamineOptions): PointProblem[] {
  const { id, points } = device;
  const single = points.flatMap((point, index) => {
    const found = misplaced(id, point, options);
    return found ? [{ point: index, severity: 'error' as const, ...found }] : [];
  });
  if (single.length > 0) return single;
  const doubtful = options.notation === undefined ? suspectReferences(id, points) : [];
  return [...doubtful, ...findOverlaps(id, points)];
}

/** Why a point cannot exist at its place, or must not be read there. */
function misplaced(
  device: string,
  point: DevicePoint,
  { forbidden, maxRegisters }: ExamineOptions,
): Pick<PointProblem, 'column' | 'error'> | undefined {
  const { table, address, bit, type } = point;
  const last = address + placesOf(point) - 1;
  const place = placesText(table, address, placesOf(point));
  const refuse = (column: string, why: Text) => ({
    column,
    error: modbusErrors.create('POINT', modbusTexts.point(point.name, device, place, why)),
  });
  if (address < 0 || last > maxAddress) return refuse('address', modbusTexts.pastEnd(maxAddress));
  const banned = forbiddenIn(forbidden, table, address, placesOf(point));
  if (banned) return refuse('address', modbusTexts.forbidden(banned.from, banned.to));
  if (isBitTable(table)) {
    if (type !== 'bool') return refuse('type', modbusTexts.typeOfBits(type));
    if (bit !== undefined) return refuse('bit', modbusTexts.bitOfBit(bit));
  } else if (bit !== undefined && type !== 'bool') {
    return refuse('type', modbusTexts.bitOfType(bit, type));
  }
  const odd = oddLength(point, maxRegisters);
  if (odd) return refuse('length', odd);
  if (point.writable && (isTextType(type) || isTimeType(type))) {
    return refuse('writable', modbusTexts.noWriting(type));
  }
  return undefined;
}

/** Texts say how long they are; other types are as long as they are. */
function oddLength({ type, length }: DevicePoint, maxRegisters: number): Text | undefined {
  if (!isTextType(type)) {
    const width = registersOf(type);
    return length === undefined || length === width ? undefined : modbusTexts.oddLength(length, type, width);
  }
  if (length === undefined) return modbusTexts.noLength(type);
  return length > maxRegisters ? modbusTexts.tooLong(length, maxRegisters) : undefined;
}

/**
 * Addresses such as `holding` 40001 in a device that does not state its notation: a warning, at the first of them, since
 * they are good addresses on the wire and there are maps that use them (SunSpec begins at 40000).
 */
function suspectReferences(device: string, points: readonly DevicePoint[]): PointProblem[] {
  const suspects = [...points.keys()].filter((index) => looksLikeReference(points[index] as DevicePoint));
  const first = points[suspects[0] ?? -1];
  if (first === undefined || suspects[0] === undefined) return [];
  const { table, address } = first;
  const meant = address % 10_000;
  const more = suspects.length - 1;
  return [
    {
      ...{ point: suspects[0], column: 'address', severity: 'warning' as const },
      error: modbusErrors.create(
        'ADDRESS',
        modbusTexts.likeReference(table, address, reference(table, address), more, device),
      ),
      fix: modbusTexts.setNotation(meant - 1, address),
    },
  ];
}
