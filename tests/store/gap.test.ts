import { copyFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Quality } from '../../edge/core/quality.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import type { Store } from '../../edge/store/api.ts';
import { batchOf, newFolder, open, tagTable } from './fixture.ts';

const startMs = Date.UTC(2026, 0, 15);
const everything = [0, Number.MAX_SAFE_INTEGER, 1e6] as const;

/** What a kill leaves of a data folder whose history is not being written at the moment. */
async function killed(dir: string, store: Store): Promise<string> {
  await store.history.begin();
  const copy = await newFolder();
  for (const name of await readdir(dir))
    if (name.startsWith('history')) await copyFile(join(dir, name), join(copy, name));
  return copy;
}

describe('telemetry after a kill', () => {
  it('is lost for a minute at most at any moment; every tag is marked, and the gap told once', async () => {
    const dir = await newFolder();
    const clock = new VirtualClock(startMs);
    const store = await open(dir, { clock, tags: tagTable(3) });
    expect(store.gap).toBeUndefined();
    for (let second = 0; second < 300; second++) {
      store.history.append(batchOf([0, 1, 2], clock.wallMs(), () => second));
      await clock.advance(1000);
      if (second % 29 !== 0) continue;
      const now = clock.wallMs();
      const copy = await killed(dir, store);
      const again = await open(copy, { clock: new VirtualClock(now + 90_000), tags: tagTable(3) });
      const newest = again.gap!.fromMs;
      expect(again.gap).toEqual({ fromMs: newest, toMs: now + 90_000, tags: newest > startMs ? 3 : 0 });
      expect(now - newest).toBeLessThanOrEqual(60_000);
      for (const tag of ['d/t0', 'd/t2']) {
        const { times, quality } = await again.history.query(tag, ...everything);
        if (newest === startMs) continue;
        expect([times.at(-2), times.at(-1)]).toEqual([newest, newest + 1]);
        expect(Array.from(quality.subarray(-2))).toEqual([Quality.good, Quality.notConnected]);
      }
      await again.close();
      const third = await open(copy, { clock: new VirtualClock(now + 200_000), tags: tagTable(3) });
      expect(third.gap).toBeUndefined();
      const { quality } = await third.history.query('d/t1', ...everything);
      expect(quality.filter((code) => code === Quality.notConnected).length).toBe(newest > startMs ? 1 : 0);
      await third.close();
    }
    await store.close();
  });
});
