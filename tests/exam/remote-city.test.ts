import { describe, expect, it } from 'vitest';
import type { CityFeed } from '../../simulator/exam/city-feed.ts';
import { openCity } from '../../simulator/exam/city-feed.ts';
import { observableOf } from '../../simulator/exam/observable.ts';
import { openRemoteCity } from '../../simulator/exam/remote-city.ts';
import { startMs } from './desk.ts';

const outage = {
  ...{ id: 'trip-1', kind: 'power.feeder-trip', target: '', magnitude: 1, durationS: 60 },
  startMs: startMs + 30_000,
};
const options = { seed: 3, startMs, stepS: 1, utilities: ['gas', 'power'] };

/** Everything that can be seen of a city in some steps more than a stretch holds. */
async function course(city: CityFeed): Promise<unknown[]> {
  const target = city.kinds.find(({ kind }) => kind === outage.kind)?.targets[0] ?? '';
  const seen: unknown[] = [];
  const look = (truths: unknown) =>
    seen.push([
      truths,
      city.scans.map(({ plc, raw }) => [
        plc.powered?.() ?? true,
        [...raw],
        plc.points.map(({ text }) => text?.() ?? ''),
      ]),
    ]);
  try {
    city.play([{ ...outage, target }]);
    look([]);
    for (let step = 0; step < 130; step++) look(await city.step());
    return seen;
  } finally {
    await city.close();
  }
}

describe('a city in a thread of its own', () => {
  it('shows step by step what the same city shows in this thread: values, texts, supply and truth', async () => {
    const here = await course(await openCity(options));
    expect(await course(await openRemoteCity(options))).toEqual(here);
    expect(JSON.stringify(here)).toContain('power.feeder-trip');
  });

  it('ends with the error of its thread', async () => {
    const city = await openRemoteCity(options);
    city.play([{ ...outage, kind: 'power.earthquake' }]);
    await expect(course({ ...city, play: () => undefined })).rejects.toThrow('power.earthquake');
  });
});

describe('whether a sensor can show a happening', () => {
  const of = (id: string, kind: string, target: string, magnitude: number) => ({
    ...{ id, kind, target, magnitude, startMs, durationS: 300 },
  });

  it('is told by a twin city of the same seed without it', async () => {
    const happenings = [
      of('large', 'water.burst', 'dma-2', 40),
      of('none', 'water.slow-leak', 'dma-2', 1e-6),
      of('open', 'gallery.intrusion', 'zone-1', 1),
    ];
    const done: number[] = [];
    const work = { seed: 5, utilities: ['water', 'gallery'], happenings };
    expect([...(await observableOf(work, (count) => done.push(count)))]).toEqual(['large', 'open']);
    expect(done).toEqual([1, 2, 3]);
  });
});
