import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { packAssetOf } from '../../edge/core/pack.ts';
import { Quality } from '../../edge/core/quality.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection } from '../../edge/detection/index.ts';
import { calibrateRows, taughtClaims } from '../../models/training/calibrate-rows.ts';
import { cityRows } from '../../models/training/residuals/city-rows.ts';
import { withOthers } from '../../models/training/residuals/rows.ts';
import { openCity } from '../../simulator/exam/city-feed.ts';
import { calibrationFile } from '../detection/plant.ts';

const { packs } = await loadPacks('models');
const claim = 'third-party-damage';
const pollS = 5;
const forenoonMs = Date.parse('2026-01-20T10:00:00+08:00');
const peakMs = Date.parse('2026-01-17T07:25:00+08:00');

/** What happens, a quarter of an hour after the start. */
type Struck = readonly [kind: string, target: string, magnitude: number];
const afterMs = 900_000;

/**
 * The gas of a city of this seed before a detection that was calibrated on the days before, polled every 5 s.
 * @returns the seconds from the happening to each claim of a broken main that begins
 */
async function claimsOf(
  { seed, hours, startMs = forenoonMs }: { seed: number; hours: number; startMs?: number },
  ...struck: readonly Struck[]
): Promise<readonly [string, number][]> {
  const base = { seed, equipment: 'lean', utilities: ['gas'] } as const;
  const days = 2;
  const window = { ...base, startMs: startMs - days * 86_400_000, hours: 24 * days, happenings: [] };
  const [{ assets: rows, tags: seen }, city] = await Promise.all([
    cityRows(window, 60, () => {}),
    openCity({ ...base, startMs, stepS: 1 }),
  ]);
  const rowsOf = (id: string) => rows.get(id);
  const districts = city.assets.filter(({ type }) => type === 'gas.district');
  const packAsset = packAssetOf(packs, 'gas.district');
  if (!packAsset) throw new Error('the gas pack has no districts');
  const roles = taughtClaims(packAsset).flatMap((one) => one.roles);
  const own = districts.flatMap(({ id }) => rows.get(id) ?? []);
  const taught = withOthers(districts, own, roles, { assets: city.assets, rowsOf }).map((all, place) => [
    districts[place]?.id,
    calibrateRows(packAsset, all, 480),
  ]);
  const steps = [...seen].map(([name, { largestStep }]) => [
    name,
    { differenceScale: 0, longestRun: 0, thereAndBack: 0, largestStep },
  ]);
  const points = city.scans.flatMap((scan) =>
    scan.plc.points.flatMap((point, index) => (point.asset ? [{ scan, point, index }] : [])),
  );
  const tags = new TagTable(
    points.map(({ scan: { plc }, point: { name, unit } }) => ({
      ...{ name: `${plc.id}/${name}`, device: plc.id, point: name, unit, scale: 1, offset: 0, low: -1e9, high: 1e9 },
      ...{ deadband: 0, periodMs: 1000 * pollS, description: '' },
    })),
  );
  const assets = city.assets.map((asset) => ({
    ...{ ...asset, name: asset.id },
    roles: Object.fromEntries(
      points.flatMap(({ point }, tag) => (point.asset === asset.id && point.role ? [[point.role, tag]] : [])),
    ),
  }));
  // the ends of the mains are polled after the stations: what fell with an outlet is seen after it
  const isEnd = ({ point }: (typeof points)[number]) => districts.some(({ id }) => id === point.asset);
  const polls = [false, true].map((end) => [...points.keys()].filter((tag) => isEnd(points[tag]!) === end));
  const live = new LiveTable(tags.size);
  const clock = new VirtualClock(startMs);
  const found: [string, number][] = [];
  const detection = createDetection({
    ...{ assets, packs, tags, live, clock, log: silentLog, modelsFolder: 'models' },
    calibrationFile: calibrationFile({ assets: Object.fromEntries(taught), tags: Object.fromEntries(steps) }),
    onFinding: ({ asset, kind, active, time }: Finding) => {
      if (active && kind === claim) found.push([asset, (time - startMs - afterMs) / 1000]);
    },
    onNotice: (error) => {
      throw error;
    },
  });
  city.play(
    struck.map(([kind, target, magnitude], index) => ({
      ...{ id: `${index}`, kind, target, magnitude, startMs: startMs + afterMs, durationS: 1800 },
    })),
  );
  for (let second = 1; second <= hours * 3600; second++) {
    await city.step();
    await clock.advance(1000);
    for (const [phaseS, polled] of polls.entries()) {
      if (second % pollS !== phaseS) continue;
      const batch = createBatch('gas', polled.length, clock.wallMs());
      for (const [place, tag] of polled.entries()) {
        const { scan, index } = points[tag] as (typeof points)[number];
        batch.tags[place] = tag;
        batch.values[place] = scan.engineering(index);
        batch.quality[place] = Quality.good;
        batch.times[place] = clock.wallMs();
      }
      live.write(batch);
      detection.batch(batch);
    }
    detection.tick();
  }
  await detection.stop();
  await city.close();
  return found;
}

describe('a low-pressure main that is dug up', () => {
  it.each([1, 2])('is told within a minute where it loses some 600 Nm3/h (seed %i)', async (seed) => {
    const found = await claimsOf(
      { seed, hours: 0.3 },
      ...[1, 3].map((at) => ['gas.third-party-damage', `gas-d${at}`, 3_000] as const),
    );
    expect(found.map(([asset]) => asset).sort()).toEqual(['gas-d1', 'gas-d3']);
    for (const [asset, seconds] of found) expect(seconds, asset).toBeLessThanOrEqual(60);
  });

  it.each([7, 8])('is told within a minute where it takes the outlet of its station along (seed %i)', async (seed) => {
    const found = await claimsOf(
      { seed, hours: 0.3, startMs: peakMs },
      ...[1, 2, 3, 4].map((at) => ['gas.third-party-damage', `gas-d${at}`, 18_000] as const),
    );
    expect(found.map(([asset]) => asset).sort()).toEqual(['gas-d1', 'gas-d2', 'gas-d3', 'gas-d4']);
    for (const [asset, seconds] of found) expect(seconds, asset).toBeLessThanOrEqual(60);
  });

  const [drawn, struck] = [
    (at: number): Struck => ['gas.cooking-peak', `gas-d${at}`, 30],
    (kind: string, at: number, magnitude: number): Struck => [`gas.${kind}`, `reg-${at}`, magnitude],
  ];
  it.each([
    { seed: 3, all: [drawn(1), drawn(2), struck('meter-drift', 3, 60), struck('regulator-freeze', 4, 95)] },
    { seed: 4, all: [drawn(3), drawn(4), struck('meter-drift', 1, 90), struck('slam-shut', 2, 1)] },
    { seed: 5, all: [drawn(2), drawn(4), struck('filter-blockage', 1, 60), struck('regulator-freeze', 3, 70)] },
    { seed: 6, all: [drawn(1), drawn(3), struck('slam-shut', 4, 1), struck('filter-blockage', 2, 30)] },
  ])(
    'is not seen in what people draw at once, nor in what befalls regulators and meters (seed $seed)',
    async ({ seed, all }) => {
      expect(await claimsOf({ seed, hours: 0.6 }, ...all)).toEqual([]);
    },
  );
});
