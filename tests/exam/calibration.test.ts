import { describe, expect, it } from 'vitest';
import { calibrateCity } from '../../models/training/calibrate-city.ts';
import { type CalibrationPart, calibratePart } from '../../models/training/city-history.ts';
import { createCity } from '../../simulator/city/city.ts';
import { startMs } from './desk.ts';

const options = { seed: 6, startMs, utilities: ['gas'] };

async function gasHistory() {
  const city = await createCity(options);
  const { assets } = city;
  city.dispose();
  return { city: options, assets, periodsMs: new Map() };
}

describe('the calibration that an exam makes of its city', () => {
  it('is in two threads what it is in one, and tells how far it is', async () => {
    const history = await gasHistory();
    const shares: number[] = [];
    const { assets, tags } = await calibrateCity(history, new Map(), { onProgress: (share) => shares.push(share) });
    const work = { part: 'tags', history, roles: new Map() } as const;
    const here = (await calibratePart(work, () => undefined)) as CalibrationPart['tags'];
    expect(here.size).toBeGreaterThan(10);
    for (const [tag, alone] of here) expect(tags[tag]).toMatchObject({ ...alone, largestStep: expect.any(Number) });
    for (const { range } of Object.values(tags)) if (range) expect(range.low).toBeLessThan(range.high);
    expect(tags['gas-reg-1/p2']?.range?.high).toBeLessThan(5);
    expect(tags['gas-reg-1/total']?.range).toBeUndefined();
    expect(assets).toEqual({});
    expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    expect(shares.at(-1)).toBe(1);
  });

  it('ends with the reason of its signal', async () => {
    const ending = new AbortController();
    const reason = new Error('enough');
    const watch = { signal: ending.signal, onProgress: () => ending.abort(reason) };
    await expect(calibrateCity(await gasHistory(), new Map(), watch)).rejects.toBe(reason);
  });
});
