import { describe, expect, it } from 'vitest';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { Quality } from '../../edge/core/quality.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { amongNeighbours } from '../../edge/detection/place/neighbours.ts';
import { Trust } from '../../edge/detection/trust.ts';
import { replay } from '../../models/training/replay.ts';

const startMs = Date.UTC(2026, 3, 14, 2);

/** Where the first alarm of gas is told to be, of a leak of so many mm². */
async function placeOf(target: string, magnitude: number, seed: number) {
  const leak = { id: 'l', kind: 'gallery.gas-leak', target, startMs: startMs + 30_000, durationS: 0, magnitude };
  const { findings } = await replay({ seed, startMs, forS: 900, utilities: ['gallery'], happenings: [leak] });
  const first = findings.find(({ kind, active }) => active && /^gas-leak|^methane/.test(kind));
  return { asset: first?.asset, place: first?.place ?? [] };
}

describe('gas in a compartment of the simulated city', () => {
  it.each([
    ['zone-4', 30, 3],
    ['zone-5', 60, 4],
    ['zone-6', 150, 5],
    ['zone-11', 30, 6],
    ['zone-12', 100, 7],
  ])('is told of %s first, with the compartments beside it and how far they are', async (target, mm2, seed) => {
    const { asset, place } = await placeOf(target, mm2, seed);
    expect(asset).toBe(target);
    expect(place[0]).toMatchObject({ id: target, distanceM: 0, location: [expect.any(Number), expect.any(Number)] });
    expect(place[0]?.probability).toBeGreaterThan(0.9);
    for (const { distanceM } of place.slice(1)) {
      expect(distanceM).toBeGreaterThan(100);
      expect(distanceM).toBeLessThan(400);
    }
  });
});

describe('the candidates for where a gas comes from', () => {
  const definition = (point: string) => ({
    ...{ name: `plc/${point}`, device: 'plc', point, unit: '%', scale: 1, offset: 0, low: 0, high: 100 },
    ...{ deadband: 0, periodMs: 1000, description: '' },
  });
  const ids = ['upwind', 'here', 'downwind', 'elsewhere'];
  const next: Record<string, string[]> = { upwind: ['here'], here: ['downwind'] };
  const tags = new TagTable(ids.map(definition));
  const assets = ids.map(
    (id, tag): Asset => ({
      ...{ id, name: id, type: 'gallery.compartment', grid: '', location: [126 + tag / 1000, 45] },
      ...{ upstreamOf: next[id] ?? [], roles: { ch4: tag } },
    }),
  );
  const tag = { differenceScale: 0.3 * Math.SQRT2, longestRun: 0, thereAndBack: 0 };
  const made = { schema: 'lifeline-calibration/1', made: {}, utcOffsetMinutes: 0, assets: {} } as const;
  const calibration = { ...made, tags: Object.fromEntries(ids.map((id) => [`plc/${id}`, tag])) };
  /** Probabilities of what shows so much methane, % LEL; undefined where its device is silent. */
  const of = (...values: (number | undefined)[]) => {
    const live = new LiveTable(tags.size);
    const batch = createBatch('plc', values.length, 0);
    for (const [row, value] of values.entries()) {
      batch.tags[row] = row;
      batch.values[row] = value ?? Number.NaN;
      batch.quality[row] = value === undefined ? Quality.comm : Quality.good;
    }
    live.write(batch);
    const place = amongNeighbours(assets[1] as Asset, 'ch4', {
      assets,
      tags,
      live,
      calibration,
      trust: new Trust(live),
    });
    return Object.fromEntries(place.map(({ id, probability }) => [id, probability]));
  };

  it('are the compartment that has it, and those beside it in case its sensor is the first that shows it', () => {
    expect(of(0.1, 3.2, 0.1, 9)).toEqual({ here: 0.941, upwind: 0.047 });
  });

  it('are level with it where a neighbour shows as much', () => {
    const { here = 0, upwind = 0, downwind = 0 } = of(3.2, 3.2, 0.1);
    expect(here).toBeCloseTo(upwind, 2);
    expect(here + upwind + downwind).toBeGreaterThan(0.98);
  });

  it('may be upwind where the sensor there is silent, less so downwind', () => {
    const upwind = of(undefined, 3.2, 0.1);
    const downwind = of(0.1, 3.2, undefined);
    expect(upwind['upwind']).toBeCloseTo(0.5, 1);
    expect(downwind['downwind']).toBeCloseTo(0.2, 1);
    expect(downwind['here']).toBeGreaterThan(0.7);
  });
});
