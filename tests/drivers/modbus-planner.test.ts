import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type DevicePoint, pointTypes } from '../../drivers/api.ts';
import { type PlanLimits, placesOf, planPolls, planReads, splitRead } from '../../drivers/modbus/planner.ts';
import { pointAt } from './peer.ts';

const registerPoint = fc.record({
  table: fc.constantFrom('input' as const, 'holding' as const),
  address: fc.integer({ min: 0, max: 600 }),
  bit: fc.constant(undefined),
  type: fc.constantFrom(...pointTypes),
});
const bitPoint = fc.record({
  table: fc.constantFrom('coil' as const, 'discrete' as const),
  address: fc.integer({ min: 0, max: 9000 }),
  bit: fc.constant(undefined),
  type: fc.constant('bool' as const),
});
const pointsOf = fc
  .array(fc.tuple(fc.oneof(registerPoint, bitPoint), fc.constantFrom(200, 1000, 5000)), { maxLength: 60 })
  .map((rows) =>
    rows.map(
      ([point, periodMs], tag): DevicePoint => ({ ...point, periodMs, tag, name: `d/${tag}`, order: 'abcd', node: '' }),
    ),
  );
/** A network: a request costs far more than registers do. */
const network: PlanLimits = { maxRegisters: 125, maxGap: 125, requestMs: 20, registerMs: 0.016, forbidden: [] };
const limitsOf = fc
  .record({ maxRegisters: fc.integer({ min: 4, max: 125 }), maxGap: fc.integer({ min: 0, max: 40 }) })
  .map((limits): PlanLimits => ({ ...network, ...limits }));

/** Fewest reads by dynamic programming over every way to cut the sorted points. */
function fewestReads(points: readonly DevicePoint[], maxCount: number, maxGap: number): number {
  const sorted = [...points].sort((a, b) => a.address - b.address || placesOf(a) - placesOf(b));
  const fewest = [0];
  for (let to = 1; to <= sorted.length; to++) {
    let best = Number.POSITIVE_INFINITY;
    for (let from = to - 1; from >= 0; from--) {
      const run = sorted.slice(from, to);
      let end = run[0]!.address;
      const holds = run.every((point, index) => {
        const near = index === 0 || point.address - end <= maxGap;
        end = Math.max(end, point.address + placesOf(point));
        return near;
      });
      if (holds && end - run[0]!.address <= maxCount) best = Math.min(best, fewest[from]! + 1);
    }
    fewest.push(best);
  }
  return fewest.at(-1)!;
}

/** Time of one read of these points of one table, or Infinity where the limits do not let them be one read. */
function readMs(part: readonly DevicePoint[], limits: PlanLimits): number {
  if (fewestReads(part, limits.maxRegisters, limits.maxGap) !== 1) return Number.POSITIVE_INFINITY;
  const from = Math.min(...part.map((point) => point.address));
  const end = Math.max(...part.map((point) => point.address + placesOf(point)));
  if (limits.forbidden.some((range) => range.from < end && range.to >= from)) return Number.POSITIVE_INFINITY;
  return limits.requestMs + (end - from) * limits.registerMs;
}

/** Least time over every partition of the points into sets, contiguous or not: 877 of them for seven points. */
function leastMs(points: readonly DevicePoint[], limits: PlanLimits): number {
  const place = (index: number, parts: readonly (readonly DevicePoint[])[]): number => {
    const point = points[index];
    if (!point) return parts.reduce((sum, part) => sum + readMs(part, limits), 0);
    const joined = parts.map((part, at) => place(index + 1, parts.with(at, [...part, point])));
    return Math.min(place(index + 1, [...parts, [point]]), ...joined);
  };
  return place(0, []);
}

describe('planner', () => {
  test('covers every point exactly once, whole, within the limits, and keeps the periods apart', () => {
    fc.assert(
      fc.property(pointsOf, limitsOf, (points, limits) => {
        const seen: number[] = [];
        for (const poll of planPolls(points, limits)) {
          for (const read of poll.reads) {
            const bits = read.table === 'coil' || read.table === 'discrete';
            expect(read.count).toBeLessThanOrEqual(bits ? 2000 : limits.maxRegisters);
            for (const row of read.rows) {
              const point = poll.points[row]!;
              seen.push(point.tag);
              expect(point).toMatchObject({ table: read.table, periodMs: poll.periodMs });
              expect(point.address).toBeGreaterThanOrEqual(read.address);
              expect(point.address + placesOf(point)).toBeLessThanOrEqual(read.address + read.count);
            }
          }
        }
        expect(seen.sort((a, b) => a - b)).toEqual(points.map((point) => point.tag));
      }),
      { seed: 3, numRuns: 300 },
    );
  });

  test('needs no more reads than the best of all ways to cut the points', () => {
    fc.assert(
      fc.property(pointsOf, limitsOf, (points, limits) => {
        for (const table of ['coil', 'discrete', 'input', 'holding'] as const) {
          const own = points.filter((point) => point.table === table);
          const bits = table === 'coil' || table === 'discrete';
          const best = bits
            ? fewestReads(own, 2000, limits.maxGap * 16)
            : fewestReads(own, limits.maxRegisters, limits.maxGap);
          expect(planReads(own, limits)).toHaveLength(best);
        }
      }),
      { seed: 4, numRuns: 200 },
    );
  });

  test('takes no more time than the best of all partitions of a few points, torn apart or not, forbidden ranges kept', () => {
    const few = fc.array(fc.record({ address: fc.nat(30), type: fc.constantFrom(...pointTypes) }), {
      minLength: 1,
      maxLength: 7,
    });
    const limitsOfFew = fc.record({
      maxRegisters: fc.integer({ min: 4, max: 20 }),
      maxGap: fc.nat(8),
      requestMs: fc.integer({ min: 1, max: 20 }),
      registerMs: fc.integer({ min: 0, max: 5 }),
      forbidden: fc.array(fc.nat(36), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(few, limitsOfFew, (places, { forbidden, ...rest }) => {
        const all = places.map((place, tag) => pointAt(tag, place.address, { type: place.type }));
        const ranges = forbidden.map((at) => ({ table: 'holding' as const, from: at, to: at }));
        const free = (point: DevicePoint) =>
          ranges.every(({ from }) => from < point.address || from >= point.address + placesOf(point));
        const points = all.filter(free);
        const limits = { ...rest, forbidden: ranges };
        const reads = planReads(points, limits);
        const parts = reads.map((read) => read.rows.map((row) => points[row]!));
        expect(
          parts
            .flat()
            .map(({ tag }) => tag)
            .sort(),
        ).toEqual(points.map(({ tag }) => tag).sort());
        expect(parts.reduce((sum, part) => sum + readMs(part, limits), 0)).toBe(leastMs(points, limits));
      }),
      { seed: 5, numRuns: 300 },
    );
  });

  test('reads 200 sparse blocks with holes of 1 to 4 registers in at most 10 requests by default', () => {
    const points: DevicePoint[] = [];
    for (let block = 0, address = 0; block < 200; block++, address += 2 + 1 + (block % 4)) {
      points.push(pointAt(block, address, { type: 'float32' }));
    }
    expect(planReads(points, network).length).toBeLessThanOrEqual(10);
  });

  test('asks twice rather than read a hole that costs more, as on a slow serial line', () => {
    const points = [pointAt(0, 0), pointAt(1, 12)];
    // 9600 baud, 11 bits a character: two characters a register; a frame of 13 characters and two pauses of 3.5
    const serial = { ...network, requestMs: (20 * 11) / 9.6, registerMs: (2 * 11) / 9.6 };
    expect(planReads(points, serial)).toHaveLength(2);
    expect(planReads(points, network)).toHaveLength(1);
    expect(planReads([pointAt(0, 0), pointAt(1, 9)], serial)).toHaveLength(1);
  });

  test('splits a refused read at its widest hole, then in the middle, until single points are left', () => {
    const points = [0, 1, 9, 10, 12].map((address, tag) => pointAt(tag, address));
    const [whole] = planReads(points, network);
    const [low, high] = splitRead(points, whole!);
    expect(low).toMatchObject({ address: 0, count: 2, rows: [0, 1] });
    expect(high).toMatchObject({ address: 9, count: 4, rows: [2, 3, 4] });
    expect(splitRead(points, low!).map((read) => read.rows)).toEqual([[0], [1]]);
    expect(splitRead(points, high!).map((read) => read.rows)).toEqual([[2, 3], [4]]);
  });

  test('never splits bits of one register, and lets whole registers fall apart beside them', () => {
    const bits = [0, 1, 2, 3, 4].map((bit) => pointAt(bit, 7, { type: 'bool', bit }));
    const points = [...bits, pointAt(5, 8)];
    const [whole] = planReads(points, network);
    expect(splitRead(points, whole!).map((read) => read.rows)).toEqual([[0, 1, 2, 3, 4], [5]]);
    expect(splitRead(points, splitRead(points, whole!)[0]!)).toHaveLength(1);
  });
});
