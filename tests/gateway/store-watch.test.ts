import { expect, it } from 'vitest';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { StoreWatch } from '../../edge/gateway/store-watch.ts';
import { DiskSpace } from '../../edge/store/disk-space.ts';

const sound = {
  damagedRecords: 0,
  damagedChunks: 0,
  droppedSamples: 0,
  historyBehind: 0,
  removedEvents: 0,
  lostEvents: 0,
};
const active = (watch: StoreWatch, store: Partial<Parameters<StoreWatch['look']>[0]>, nowMs: number) =>
  watch.look({ figures: sound, disk: undefined, waiting: 0, ...store }, nowMs).filter((claim) => claim.active);

it('claims what was lost or damaged with its count, until an hour has added nothing', () => {
  const watch = new StoreWatch();
  expect(active(watch, {}, 0)).toEqual([]);
  const figures = { ...sound, damagedRecords: 2, damagedChunks: 1, lostEvents: 7 };
  const facts = { tag: '', limit: 0, unit: '' };
  expect(active(watch, { figures }, 1_000)).toEqual([
    { kind: 'store-damaged', active: true, facts: { ...facts, observed: 3 } },
    { kind: 'events-lost', active: true, facts: { ...facts, observed: 7 } },
  ]);
  expect(active(watch, { figures }, 3_600_000)).toHaveLength(2);
  expect(active(watch, { figures: { ...figures, lostEvents: 8 } }, 3_601_000)).toMatchObject([{ kind: 'events-lost' }]);
});

it('claims that the journal refuses once events have waited 5 s, and takes it back when none waits', () => {
  const watch = new StoreWatch();
  expect(active(watch, { waiting: 3 }, 0)).toEqual([]);
  expect(active(watch, { waiting: 4 }, 5_000)).toMatchObject([{ kind: 'journal-refuses', facts: { observed: 4 } }]);
  expect(active(watch, { waiting: 0 }, 6_000)).toEqual([]);
});

it('claims that history is behind while samples are given up, and takes it back once the disk keeps up', () => {
  const watch = new StoreWatch();
  const behind = { ...sound, droppedSamples: 900, historyBehind: 800 };
  expect(active(watch, { figures: behind }, 0)).toMatchObject([{ kind: 'history-behind', facts: { observed: 800 } }]);
  expect(active(watch, { figures: { ...behind, historyBehind: 0 } }, 1_000)).toEqual([]);
});

it('tells within 2 s that the disk is low and that it has room again, and stays as it was while the disk does not tell', async () => {
  const clock = new VirtualClock(0);
  let free: number | undefined = 100e6;
  const freeBytes = async () => free ?? Promise.reject(new Error('gone'));
  const space = new DiskSpace({ freeBytes, keepFreeBytes: 64e6 }, silentLog);
  space.start(clock);
  const lowAfter = async (bytes: number | undefined, ms: number) => {
    free = bytes;
    await clock.advance(ms);
    return space.state().low;
  };
  expect(await lowAfter(100e6, 2_000)).toBe(false);
  expect(await lowAfter(63e6, 2_000)).toBe(true);
  expect(await space.missingBytes()).toBe(1e6);
  expect(await lowAfter(66e6, 2_000)).toBe(true);
  expect(await lowAfter(undefined, 2_000)).toBe(true);
  expect(await lowAfter(80e6, 2_000)).toBe(false);
  space.stop();
  expect(active(new StoreWatch(), { disk: { freeBytes: 50e6, keepFreeBytes: 64e6, low: true } }, 0)).toMatchObject([
    { kind: 'disk-low', facts: { observed: 50, limit: 64, unit: 'MB' } },
  ]);
});
