import type { DevicePoint, PointAddress } from '../api.ts';
import { isBitTable, type ModbusTable, maxReadBits, maxReadRegisters } from './pdu.ts';
import { registersOf } from './registers.ts';

/** A stretch of one table that must not be read, both ends included. */
export interface ForbiddenRange {
  readonly table: ModbusTable;
  readonly from: number;
  readonly to: number;
}

/** The first of the ranges that a stretch of places reaches into. */
export const forbiddenIn = (ranges: readonly ForbiddenRange[], table: ModbusTable, address: number, count: number) =>
  ranges.find((range) => range.table === table && range.from < address + count && range.to >= address);

/** What a read costs and how far reads may be merged. */
export interface PlanLimits {
  /** Registers of one read, at most 125. */
  readonly maxRegisters: number;
  /** Registers read along although no point needs them, however cheap they are. */
  readonly maxGap: number;
  /** Time that one more request takes, ms: the round trip, or a frame and its pauses on a serial line. */
  readonly requestMs: number;
  /** Time that one more register takes, ms: two bytes. */
  readonly registerMs: number;
  /**
   * Requests that may be under way at once: so many reads in a row get different lengths where that is cheap, since
   * requests that are alike are never under way together. 1 when left out.
   */
  readonly maxInFlight?: number;
  /** No read touches these. */
  readonly forbidden: readonly ForbiddenRange[];
}

/** One request on the wire and the points it answers. */
export interface PlannedRead {
  readonly table: ModbusTable;
  /** Zero-based. */
  readonly address: number;
  /** Registers, or bits of a bit table. */
  readonly count: number;
  /** Indexes into the list of points that was planned, by ascending address. */
  readonly rows: readonly number[];
}

/** All reads of one poll period. */
export interface PlannedPoll {
  readonly periodMs: number;
  readonly points: readonly DevicePoint[];
  /** Their rows index `points`; together they hold every row exactly once. */
  readonly reads: readonly PlannedRead[];
}

const tables: readonly ModbusTable[] = ['coil', 'discrete', 'input', 'holding'];

/** Places that a point fills in its table: registers, or one bit. */
export function placesOf({
  table,
  bit,
  type,
  length,
}: Pick<PointAddress, 'table' | 'bit' | 'type' | 'length'>): number {
  return isBitTable(table) || bit !== undefined ? 1 : registersOf(type, length);
}

/** Splits a device's points by period, shortest first, and merges each into the reads that take the least time. */
export function planPolls(points: readonly DevicePoint[], limits: PlanLimits): PlannedPoll[] {
  const periods = [...new Set(points.map((point) => point.periodMs))].sort((a, b) => a - b);
  return periods.map((periodMs) => {
    const own = points.filter((point) => point.periodMs === periodMs);
    return { periodMs, points: own, reads: planReads(own, limits) };
  });
}

/** Reads that cover every point exactly once in the least time; a point is never torn over two reads. */
export function planReads(points: readonly DevicePoint[], limits: PlanLimits): PlannedRead[] {
  return tables.flatMap((table) => {
    const rows = [...points.keys()].filter((row) => points[row]?.table === table);
    const spans = rows.map((row) => spanOf(points, row)).sort((a, b) => a.from - b.from || a.to - b.to);
    return cheapestReads(spans, tableLimits(table, limits));
  });
}

/** The limits of one table, in its own places: registers or bits. */
function tableLimits(table: ModbusTable, limits: PlanLimits) {
  const bits = isBitTable(table);
  const perRegister = bits ? 16 : 1;
  return {
    maxCount: bits ? maxReadBits : Math.min(limits.maxRegisters, maxReadRegisters),
    maxGap: limits.maxGap * perRegister,
    requestMs: limits.requestMs,
    placeMs: limits.registerMs / perRegister,
    maxInFlight: limits.maxInFlight ?? 1,
    forbidden: limits.forbidden.filter((range) => range.table === table),
  };
}

/** Where a read of the spans from here on may end, by dynamic programming: least time for all that come after. */
function cheapestReads(spans: readonly Span[], limits: ReturnType<typeof tableLimits>): PlannedRead[] {
  const { maxCount, maxGap, requestMs, placeMs, forbidden } = limits;
  const leastMs = new Float64Array(spans.length + 1);
  const nextRead = new Int32Array(spans.length);
  for (let first = spans.length - 1; first >= 0; first--) {
    const { from } = spans[first] as Span;
    const wall = forbidden.reduce(
      (nearest, range) => (range.to < from ? nearest : Math.min(nearest, range.from)),
      Number.POSITIVE_INFINITY,
    );
    let end = from;
    leastMs[first] = Number.POSITIVE_INFINITY;
    for (let last = first; last < spans.length; last++) {
      const span = spans[last] as Span;
      const reach = Math.max(end, span.to);
      if (last > first && (span.from - end > maxGap || reach - from > maxCount || reach > wall)) break;
      end = reach;
      const allMs = requestMs + (end - from) * placeMs + (leastMs[last + 1] as number);
      if (allMs > (leastMs[first] as number)) continue;
      leastMs[first] = allMs;
      nextRead[first] = last + 1;
    }
  }
  const reads: PlannedRead[] = [];
  for (let first = 0; first < spans.length; ) {
    const read = unlike(
      spans.slice(first, nextRead[first]),
      reads.slice(Math.max(0, reads.length + 1 - limits.maxInFlight)),
    );
    reads.push(read);
    first += read.rows.length;
  }
  return reads;
}

/** A read of the spans, or of as many of them (at least half) as make it differ in length from those before it. */
function unlike(spans: readonly Span[], before: readonly PlannedRead[]): PlannedRead {
  const whole = readOf(spans);
  const bytes = ({ table, count }: PlannedRead) => (isBitTable(table) ? (count + 7) >>> 3 : count * 2);
  const taken = new Set(before.map(bytes));
  for (let length = spans.length; length > spans.length / 2; length--) {
    const read = length === spans.length ? whole : readOf(spans.slice(0, length));
    if (!taken.has(bytes(read))) return read;
  }
  return whole;
}

/** One read over spans of one table, sorted by address. */
function readOf(spans: readonly Span[]): PlannedRead {
  const [{ table, from }] = spans as readonly [Span];
  const end = spans.reduce((most, span) => Math.max(most, span.to), from);
  return { table, address: from, count: end - from, rows: spans.map(({ row }) => row) };
}

/** A point's place in its table; `to` is the first place after it. */
interface Span {
  readonly row: number;
  readonly table: ModbusTable;
  readonly from: number;
  readonly to: number;
}

function spanOf(points: readonly DevicePoint[], row: number): Span {
  const point = points[row];
  if (!point) throw new RangeError(`row ${row} outside 0..${points.length - 1}`);
  return { row, table: point.table, from: point.address, to: point.address + placesOf(point) };
}

/**
 * Splits a read that the device refused into two that hold the same points: at its widest gap, since a device that
 * refuses holes is the usual reason, else near the middle. A read all of whose points fill the same places (bits of one
 * register) cannot be split and comes back alone.
 */
export function splitRead(points: readonly DevicePoint[], read: PlannedRead): PlannedRead[] {
  const { rows } = read;
  const spans = rows.map((row) => spanOf(points, row));
  let at = 0;
  let widest = 0;
  let end = read.address;
  spans.forEach(({ from, to }, index) => {
    const before = spans[index - 1];
    if (before && (before.from !== from || before.to !== to)) {
      const gap = Math.max(0, from - end);
      const nearer = Math.abs(index - rows.length / 2) < Math.abs(at - rows.length / 2);
      if (at === 0 || gap > widest || (gap === widest && nearer)) at = index;
      widest = Math.max(widest, gap);
    }
    end = Math.max(end, to);
  });
  if (at === 0) return [read];
  return [spans.slice(0, at), spans.slice(at)].map(readOf);
}
