import type { DevicePoint } from '../api.ts';
import { isBitTable, type ModbusTable, maxReadBits, maxReadRegisters } from './pdu.ts';
import { registersOf } from './registers.ts';

/** How far reads may be merged. */
export interface PlanLimits {
  /** Registers of one read, at most 125. */
  readonly maxRegisters: number;
  /** Registers read along although no point needs them, rather than asking twice. */
  readonly maxGap: number;
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
export function placesOf(point: DevicePoint): number {
  return isBitTable(point.table) || point.bit !== undefined ? 1 : registersOf(point.type);
}

/** Splits a device's points by period, shortest first, and merges each into as few reads as the limits allow. */
export function planPolls(points: readonly DevicePoint[], limits: PlanLimits): PlannedPoll[] {
  const periods = [...new Set(points.map((point) => point.periodMs))].sort((a, b) => a - b);
  return periods.map((periodMs) => {
    const own = points.filter((point) => point.periodMs === periodMs);
    return { periodMs, points: own, reads: planReads(own, limits) };
  });
}

/** Reads that cover every point exactly once; a point is never torn over two reads. */
export function planReads(points: readonly DevicePoint[], limits: PlanLimits): PlannedRead[] {
  return tables.flatMap((table) => {
    const bits = isBitTable(table);
    const maxCount = bits ? maxReadBits : Math.min(limits.maxRegisters, maxReadRegisters);
    const maxGap = bits ? limits.maxGap * 16 : limits.maxGap;
    const rows = [...points.keys()].filter((row) => points[row]?.table === table);
    return mergeRows(points, rows, (gap, count) => gap <= maxGap && count <= maxCount);
  });
}

/** Merges rows of one table greedily from the lowest address on, as long as `fits` the gap and the whole count. */
function mergeRows(
  points: readonly DevicePoint[],
  rows: readonly number[],
  fits: (gap: number, count: number) => boolean,
): PlannedRead[] {
  const spans = rows.map((row) => spanOf(points, row)).sort((a, b) => a.from - b.from || a.to - b.to);
  const reads: PlannedRead[] = [];
  let open: { from: number; to: number; rows: number[]; table: ModbusTable } | undefined;
  const close = () => {
    if (open) reads.push({ table: open.table, address: open.from, count: open.to - open.from, rows: open.rows });
  };
  for (const span of spans) {
    if (open && fits(span.from - open.to, Math.max(open.to, span.to) - open.from)) {
      open.to = Math.max(open.to, span.to);
      open.rows.push(span.row);
    } else {
      close();
      open = { from: span.from, to: span.to, rows: [span.row], table: span.table };
    }
  }
  close();
  return reads;
}

function spanOf(points: readonly DevicePoint[], row: number) {
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
  return [rows.slice(0, at), rows.slice(at)].flatMap((half) => mergeRows(points, half, () => true));
}
