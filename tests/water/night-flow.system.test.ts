import { describe, expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import type { Finding } from '../../edge/core/finding.ts';
import type { Attachment, DetectorContext } from '../../edge/detection/detector.ts';
import { nightFlowFactory } from '../../edge/detection/night-flow/detector.ts';
import { calibrateNightFlow, nightFlowIn } from '../../models/training/night-flow.ts';
import { cityRows } from '../../models/training/residuals/city-rows.ts';
import type { AssetRows } from '../../models/training/residuals/rows.ts';
import type { Happening } from '../../simulator/city/plant.ts';

const { packs } = await loadPacks('models');
const packAsset = packs.get('water')?.assets['district'];
if (!packAsset) throw new Error('the water pack tells of no district');
const kind = nightFlowIn(packAsset)?.kind ?? '';
const options = nightFlowFactory.options.parse(nightFlowIn(packAsset)?.options);
const utcOffsetMinutes = 480;
const stepS = 300;
const hourMs = 3_600_000;
const districts = ['dma-1', 'dma-2', 'dma-3', 'dma-4'];
const rolesOf = (index: number) => ({ inflow: 2 * index, outflow: 2 * index + 1 });

/** Two weeks of a city teach its night flows; what the detector claims of the days after them. */
async function claims(seed: number, from: string, days: number, happenings: readonly Happening[]): Promise<Finding[]> {
  const startMs = Date.parse(`${from}T00:00:00+08:00`);
  const city = { seed, utilities: ['water'] };
  const before = { ...city, startMs: startMs - 336 * hourMs, hours: 336, happenings: [] };
  const { assets: taught } = await cityRows(before, stepS, () => {});
  const { assets: seen } = await cityRows({ ...city, startMs, hours: 24 * days, happenings }, stepS, () => {});
  const found: Finding[] = [];
  const values: number[] = [];
  const calibrationOf = (id: string) => ({
    nightFlow: calibrateNightFlow(
      packAsset as NonNullable<typeof packAsset>,
      taught.get(id) as AssetRows,
      utcOffsetMinutes,
    ),
  });
  const context = {
    tags: { at: (tag: number) => ({ name: `tag-${tag}`, unit: 'm3/h' }) },
    ...{ live: { values }, trust: { usable: () => true } },
    calibration: { utcOffsetMinutes, assets: Object.fromEntries(districts.map((id) => [id, calibrationOf(id)])) },
    tolerance: () => 1,
    emit: (finding: Finding) => found.push(finding),
    notice: (error: Error) => expect.fail(error.message),
  } as unknown as DetectorContext;
  const attachments = districts.map((id, index) => ({ asset: { id, roles: rolesOf(index) }, kind, options }));
  const detector = nightFlowFactory.create(context, attachments as unknown as Attachment[]);
  for (const [row, timeMs] of (seen.get('dma-1') as AssetRows).timesMs.entries()) {
    for (const [index, id] of districts.entries()) {
      const { columns } = seen.get(id) as AssetRows;
      values[2 * index] = columns.get('inflow')?.[row] as number;
      values[2 * index + 1] = columns.get('outflow')?.[row] ?? 0;
    }
    detector.tick?.(timeMs, timeMs);
  }
  return found;
}

describe('leaks that come slowly', () => {
  it('are found in their district within 48 hours of 1 L/s, in a cold week and with a hydrant flushed by night', async () => {
    const startMs = Date.parse('2026-01-19T10:00:00+08:00');
    // doubled in three days: 0.08 of 47 L/s more, 1 L/s after 19 hours
    const leakage = {
      id: 'a',
      kind: 'water.background-leakage',
      target: 'dma-1',
      magnitude: 100,
      startMs,
      durationS: 0,
    };
    const flushMs = Date.parse('2026-01-20T02:00:00+08:00');
    const flush = {
      id: 'b',
      kind: 'water.hydrant-flush',
      target: 'dma-3',
      magnitude: 12,
      startMs: flushMs,
      durationS: 5400,
    };
    const found = await claims(921, '2026-01-19', 4, [leakage, flush]);
    expect(found).toMatchObject([{ asset: 'dma-1', kind: 'background-leakage', active: true }]);
    expect(((found[0]?.time ?? 0) - startMs) / hourMs).toBeLessThanOrEqual(19.1 + 48);
  }, 120_000);

  it('are claimed nowhere in two quiet weeks with the Spring Festival in them', async () => {
    expect(await claims(922, '2026-02-13', 14, [])).toEqual([]);
  }, 120_000);
});
