import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { distanceM } from '../../edge/core/distance.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { silentLog } from '../../edge/core/log.ts';
import { mostLost } from '../../edge/detection/place/most-lost.ts';
import { calibrationFile, type Replay, replay } from '../../models/training/replay.ts';
import { calibrationFile as written } from './plant.ts';

const startMs = Date.UTC(2026, 4, 12, 2, 0, 0);
const calibration = () => JSON.parse(readFileSync(calibrationFile, 'utf8'));

/** A burst two minutes and a half after the gateway was switched on, and what the log has warned of. */
async function burstIn(target: string, seed: number, file = calibrationFile, networkFiles: readonly string[] = []) {
  const warned: string[] = [];
  const log = {
    ...silentLog,
    warn: (_: object, message: string) => void (message.includes('place') && warned.push(message)),
  };
  const seen = await replay({
    ...{ seed, startMs, forS: 190, utilities: ['water'] },
    happenings: [{ id: 'b', kind: 'water.burst', target, startMs: startMs + 160_000, durationS: 0, magnitude: 60 }],
    parts: { calibrationFile: file, networkFiles, log },
  });
  return { ...seen, warned };
}

const raised = ({ findings }: Replay): Finding | undefined =>
  findings.find(({ kind, active }) => kind === 'burst' && active);

describe('a burst', () => {
  it.each([
    ['dma-1', 11],
    ['dma-2', 12],
    ['dma-3', 13],
    ['dma-4', 14],
  ])('in %s is told with the streets where it is, the true one among them', async (target, seed) => {
    const seen = await burstIn(target, seed);
    const place = raised(seen)?.place ?? [];
    const truth = seen.truths[0]?.place?.location;
    expect(place[0]).toMatchObject({ distanceM: 0, withinM: expect.any(Number) });
    const metres = place.slice(0, 3).map(({ location }) => distanceM(location ?? undefined, truth) ?? Number.NaN);
    expect(Math.min(...metres)).toBeLessThan(300);
    expect(seen.warned).toEqual([]);
  });

  it('is placed at the gauge that loses most where there is no model of the network', async () => {
    const { places: _, ...without } = calibration();
    const seen = await burstIn('dma-1', 11, written(without));
    const place = raised(seen)?.place ?? [];
    expect(place[0]?.id).toMatch(/^water-dma-1\/p-/);
    expect(place[0]).toMatchObject({ distanceM: null, withinM: null });
    expect(seen.warned).toEqual([]);
  });

  it('is found all the same where the matrix is of gauges that this gateway does not have', async () => {
    const whole = calibration();
    whole.places[0].sensors[3].role = 'pressure-9';
    const seen = await burstIn('dma-1', 11, written(whole));
    expect(raised(seen)?.place?.[0]?.id).toMatch(/^water-dma-1\/p-/);
    expect(seen.warned).toEqual([
      'use the place matrix of old-town.inp: 1 of its 25 gauges have no tag here: dma-1/pressure-9',
    ]);
  });
});

describe('a network file of the configuration', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lifeline-places-'));
  const file = join(folder, 'old-town.inp');
  const sha256 = createHash('sha256').update('as it was').digest('hex');
  const whole = calibration();
  const of = written({ ...whole, made: { ...whole.made, networks: [{ network: 'old-town.inp', sha256 }] } });
  afterAll(() => rmSync(folder, { recursive: true }));

  it('places bursts while it is the one that the calibration was made from', async () => {
    writeFileSync(file, 'as it was');
    const seen = await burstIn('dma-1', 11, of, [file]);
    expect(raised(seen)?.place?.[0]?.withinM).toEqual(expect.any(Number));
    expect(seen.warned).toEqual([]);
  });

  it('does not once it has changed: that is told, and the gauge that loses most instead', async () => {
    writeFileSync(file, 'with a new street');
    const seen = await burstIn('dma-1', 11, of, [file]);
    expect(raised(seen)?.place?.[0]?.id).toMatch(/^water-dma-1\/p-/);
    expect(seen.warned).toEqual([
      'use the place matrix of old-town.inp: the file is 7fd0af3eb020… by SHA-256, the matrix is of 369b74f2003c…',
    ]);
  });

  it('changes nothing where it is not on the gateway', async () => {
    const seen = await burstIn('dma-1', 11, of, [join(folder, 'away', 'old-town.inp')]);
    expect(raised(seen)?.place?.[0]?.withinM).toEqual(expect.any(Number));
    expect(seen.warned).toEqual([]);
  });
});

describe('the gauge that loses most', () => {
  const gauge = (id: string, excessKpa: number, deviationKpa = 2) => ({ id, location: null, excessKpa, deviationKpa });

  it('comes first, the surer the farther the others stay behind', () => {
    const near = mostLost([gauge('a', 10), gauge('b', 9), gauge('meter', 0, 0)]);
    const far = mostLost([gauge('a', 40), gauge('b', 9), gauge('meter', 0, 0)]);
    expect(near.map(({ id }) => id)).toEqual(['a', 'b']);
    expect(near[0]?.probability).toBeCloseTo(1 / (1 + Math.exp(-1 / 16)), 3);
    expect(far).toMatchObject([{ id: 'a', probability: 1 }]);
  });

  it('is the meter where nothing loses more than the flow explains', () => {
    expect(mostLost([gauge('a', -12), gauge('meter', 0, 0)])).toMatchObject([{ id: 'meter', probability: 1 }]);
  });

  it('is none of those that have no value', () => {
    expect(mostLost([gauge('a', Number.NaN), gauge('b', 3)])).toMatchObject([{ id: 'b', probability: 1 }]);
    expect(mostLost([gauge('a', Number.NaN)])).toEqual([]);
  });
});
