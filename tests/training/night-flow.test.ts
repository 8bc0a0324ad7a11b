import { describe, expect, it } from 'vitest';
import type { PackAsset } from '../../edge/core/pack.ts';
import { type Random, seededRandom } from '../../edge/core/random.ts';
import { isFreeDay } from '../../edge/detection/calibration.ts';
import { newNightChart, stepNight } from '../../edge/detection/night-flow/chart.ts';
import { calibrateNightFlow } from '../../models/training/night-flow.ts';
import type { AssetRows } from '../../models/training/residuals/rows.ts';

const startMs = Date.parse('2026-05-04T00:00:00+08:00');
const utcOffsetMinutes = 480;
const stepMinutes = 15;
const packAsset = {
  detectors: [{ detector: 'night-flow', kind: 'leak', options: { inflow: 'inflow', outflow: 'outflow' } }],
} as unknown as PackAsset;

/** Quarters of an hour of a district with 40 m³/h by night and three times as much by day; `factorOf` a day multiplies it. */
function rowsOf(days: number, factorOf: (day: number) => number): AssetRows {
  const length = (days * 1440) / stepMinutes;
  const timesMs = Float64Array.from({ length }, (_, row) => startMs + row * stepMinutes * 60_000);
  const inflow = Float32Array.from({ length }, (_, row) => {
    const minute = row * stepMinutes;
    return 25 + factorOf(Math.floor(minute / 1440)) * (minute % 1440 < 360 ? 40 : 120);
  });
  return { timesMs, columns: new Map(Object.entries({ inflow, outflow: inflow.map(() => 25) })) };
}

/** Each night is off by a share of 3.5 %. */
const nightly = (random: Random) => {
  const factors = new Map<number, number>();
  return (day: number) => {
    const factor = factors.get(day) ?? 1 + 0.035 * random.normal();
    factors.set(day, factor);
    return factor;
  };
};

describe('the calibration of night flows', () => {
  it('knows working and free nights apart, and how much they differ', () => {
    const factorOf = nightly(seededRandom(5, 'nights'));
    const free = (day: number) => isFreeDay(startMs / 60_000 + utcOffsetMinutes + day * 1440);
    const found = calibrateNightFlow(
      packAsset,
      rowsOf(28, (day) => factorOf(day) * (free(day) ? 1.1 : 1)),
      utcOffsetMinutes,
    );
    expect(found?.working).toBeGreaterThan(39);
    expect(found?.working).toBeLessThan(41);
    expect((found?.free ?? 0) / (found?.working ?? 1)).toBeCloseTo(1.1, 1);
    expect(found?.share).toBeGreaterThanOrEqual(0.03);
    expect(found?.share).toBeLessThan(0.045);
  });

  it('is not moved by a night with a burst in it', () => {
    const factorOf = nightly(seededRandom(6, 'nights'));
    const plain = calibrateNightFlow(packAsset, rowsOf(14, factorOf), utcOffsetMinutes);
    const burst = calibrateNightFlow(
      packAsset,
      rowsOf(14, (day) => factorOf(day) + (day === 8 ? 2 : 0)),
      utcOffsetMinutes,
    );
    expect(Math.abs((burst?.working ?? 0) - (plain?.working ?? 0))).toBeLessThan(0.8);
    expect(burst?.share).toBeLessThan(0.06);
  });

  it('wants a week of nights', () => {
    expect(
      calibrateNightFlow(
        packAsset,
        rowsOf(6, () => 1),
        utcOffsetMinutes,
      ),
    ).toBeUndefined();
    expect(
      calibrateNightFlow(
        { detectors: [] } as unknown as PackAsset,
        rowsOf(14, () => 1),
        480,
      ),
    ).toBeUndefined();
  });

  it('lets fewer than one claim in fifty asset-weeks pass on quiet nights', () => {
    const quietNights = 28;
    let claims = 0;
    const assets = 300;
    for (let asset = 0; asset < assets; asset++) {
      const random = seededRandom(asset, 'quiet');
      const known = calibrateNightFlow(packAsset, rowsOf(14, nightly(random)), utcOffsetMinutes);
      const chart = newNightChart();
      for (let night = 0; night < quietNights; night++) {
        const before = chart.active;
        const level = 40 * (1 + 0.035 * random.normal());
        stepNight(chart, (level / (known?.working ?? 1) - 1) / (known?.share ?? 1), 1);
        if (chart.active && !before) claims++;
      }
    }
    expect(claims / ((assets * quietNights) / 7)).toBeLessThan(0.02);
  });
});
