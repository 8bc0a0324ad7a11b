import { describe, expect, it } from 'vitest';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { readHistory } from '../../edge/store/read-history.ts';
import { batchOf, newFolder, open, tagTable } from './fixture.ts';

const startMs = Date.UTC(2026, 0, 15);

describe('history that is only read', () => {
  it('shows chunks and tail of a gateway that goes on running, and changes nothing', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs);
    const store = await open(dir, { clock, tags: tagTable(3) });
    let second = 0;
    const live = async (until: number) => {
      for (; second < until; second++) {
        store.history.append(batchOf([0, 1, 2], startMs + second * 1000, (tag) => tag + second / 10));
        await clock.advance(1000);
        // a question waits for the write before it
        if (second % 10 === 0) await store.history.query('d/t0', startMs, startMs, 10);
      }
    };
    await live(3000);
    const reader = await readHistory(dir);
    const { times, values } = await reader.series('d/t1', startMs, startMs + 2_900_000);
    expect(reader.span?.[0]).toBe(startMs);
    expect(reader.span?.[1]).toBeGreaterThan(startMs + 2_900_000);
    expect(times).toEqual(Float64Array.from({ length: 2901 }, (_, at) => startMs + at * 1000));
    expect(values[77]).toBe(1 + 7.7);
    expect((await reader.series('d/unknown', startMs, startMs + 1e9)).times.length).toBe(0);
    await live(3100);
    await reader.close();
    const all = await store.history.query('d/t1', 0, Number.MAX_SAFE_INTEGER, 1e6);
    expect(all.times.length).toBe(3100);
    await store.close();
  });

  it('is refused by code where there is none', async () => {
    await expect(readHistory(await newFolder())).rejects.toMatchObject({ code: 'LL-STORE-OPEN' });
  });
});
