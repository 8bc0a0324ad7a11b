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
const frozen = { ...outage, id: 'frozen-1', kind: 'sensor.frozen-time', startMs: startMs + 40_000 };
const options = { seed: 3, startMs, stepS: 1, utilities: ['gallery', 'power'] };

/** Everything that can be seen of a city in more steps than are on their way between two threads. */
async function course(city: CityFeed): Promise<string[]> {
  const targetOf = (wanted: string) => city.kinds.find(({ kind }) => kind === wanted)?.targets[0] ?? '';
  const seen: string[] = [];
  const look = (truths: unknown) =>
    seen.push(
      JSON.stringify([
        truths,
        city.scans.map(({ plc, raw, sourceTime }) => [
          plc.powered?.() ?? true,
          [...raw],
          plc.points.map(({ text }) => text?.() ?? ''),
          plc.points.map((_, index) => sourceTime?.(index, startMs + seen.length * 1000)),
        ]),
      ]),
    );
  try {
    city.play([outage, frozen].map((happening) => ({ ...happening, target: targetOf(happening.kind) })));
    look([]);
    for (let step = 0; step < 250; step++) look(await city.step());
    return seen;
  } finally {
    await city.close();
  }
}

describe('a city in a thread of its own', () => {
  it('shows step by step what the same city shows in this thread: values, texts, times, supply and truth', async () => {
    const here = await course(await openCity(options));
    expect(await course(await openRemoteCity(options))).toEqual(here);
    expect(here.join()).toContain('power.feeder-trip');
    expect(here.join()).toContain('sensor.frozen-time');
  });

  it('ends with the error of its thread', async () => {
    const city = await openRemoteCity(options);
    city.play([{ ...outage, kind: 'power.earthquake' }]);
    await expect(course({ ...city, play: () => undefined })).rejects.toThrow('power.earthquake');
  });
});

describe('whether a sensor can show a happening', () => {
  const of = (id: string, kind: string, target: string, magnitude: number, afterMin = 0) => ({
    happening: { id, kind, target, magnitude, startMs: startMs + afterMin * 60_000, durationS: 300 },
    utility: kind.split('.')[0],
  });

  it('is told by a twin city of the same seed without it', async () => {
    const befallen = [of('large', 'water.burst', 'dma-2', 40), of('none', 'water.slow-leak', 'dma-2', 1e-6)];
    const done: number[] = [];
    const work = { seed: 5, utilities: ['water'], befallen };
    expect([...(await observableOf(work, (count) => done.push(count)))]).toEqual(['large']);
    expect(done).toEqual([1, 2]);
  });

  it('is told of what belongs to no utility, and of nothing before and after it', async () => {
    const befallen = [
      of('none', 'gas.meter-drift', 'reg-1', 1e-9),
      { ...of('between', 'water.burst', 'dma-3', 40, 40), utility: undefined },
      of('nothing', 'gas.meter-drift', 'reg-2', 1e-9, 90),
    ];
    const work = { seed: 5, utilities: ['water', 'gas'], befallen };
    expect([...(await observableOf(work, () => undefined))]).toEqual(['between']);
  });
});
