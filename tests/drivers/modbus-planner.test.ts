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
const limitsOf = fc.record({ maxRegisters: fc.integer({ min: 4, max: 125 }), maxGap: fc.integer({ min: 0, max: 40 }) });

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

/** Fewest reads over every partition of the points into sets, contiguous or not: 877 of them for seven points. */
function smallestPartition(points: readonly DevicePoint[], limits: PlanLimits): number {
  const holds = (part: readonly DevicePoint[]) =>
    fewestReads(part, Number.POSITIVE_INFINITY, limits.maxGap) === 1 &&
    Math.max(...part.map((point) => point.address + placesOf(point))) -
      Math.min(...part.map((point) => point.address)) <=
      limits.maxRegisters;
  const place = (index: number, parts: readonly (readonly DevicePoint[])[]): number => {
    const point = points[index];
    if (!point) return parts.every(holds) ? parts.length : Number.POSITIVE_INFINITY;
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

  test('needs no more reads than the best of all partitions of a few points, torn apart or not', () => {
    const few = fc.array(fc.record({ address: fc.nat(30), type: fc.constantFrom(...pointTypes) }), {
      minLength: 1,
      maxLength: 7,
    });
    const limits = fc.record({ maxRegisters: fc.integer({ min: 4, max: 20 }), maxGap: fc.nat(6) });
    fc.assert(
      fc.property(few, limits, (places, limit) => {
        const points = places.map((place, tag) => pointAt(tag, place.address, { type: place.type }));
        expect(planReads(points, limit)).toHaveLength(smallestPartition(points, limit));
      }),
      { seed: 5, numRuns: 150 },
    );
  });

  test('splits a refused read at its widest hole, then in the middle, until single points are left', () => {
    const points = [0, 1, 9, 10, 12].map((address, tag) => pointAt(tag, address));
    const [whole] = planReads(points, { maxRegisters: 125, maxGap: 16 });
    const [low, high] = splitRead(points, whole!);
    expect(low).toMatchObject({ address: 0, count: 2, rows: [0, 1] });
    expect(high).toMatchObject({ address: 9, count: 4, rows: [2, 3, 4] });
    expect(splitRead(points, low!).map((read) => read.rows)).toEqual([[0], [1]]);
    expect(splitRead(points, high!).map((read) => read.rows)).toEqual([[2, 3], [4]]);
  });

  test('never splits bits of one register, and lets whole registers fall apart beside them', () => {
    const bits = [0, 1, 2, 3, 4].map((bit) => pointAt(bit, 7, { type: 'bool', bit }));
    const points = [...bits, pointAt(5, 8)];
    const [whole] = planReads(points, { maxRegisters: 125, maxGap: 16 });
    expect(splitRead(points, whole!).map((read) => read.rows)).toEqual([[0, 1, 2, 3, 4], [5]]);
    expect(splitRead(points, splitRead(points, whole!)[0]!)).toHaveLength(1);
  });
});
