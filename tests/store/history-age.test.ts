import { expect, it } from 'vitest';
import { AgeClock } from '../../edge/core/age-clock.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { heldDatabases } from '../../simulator/exam/held.ts';
import { batchOf, newFolder, open, tagTable } from './fixture.ts';

const startMs = Date.UTC(2026, 0, 15);
const hourMs = 3_600_000;
const tenYearsMs = 10 * 365 * 24 * hourMs;

it('what is kept for days is still there after an hour in which the clock was ten years ahead', async () => {
  const clock = new VirtualClock(startMs);
  const tags = tagTable(1, { periodMs: 60_000 });
  const store = await open(await newFolder(), { clock, tags, openDatabase: heldDatabases(clock) });
  for (let minute = 0; minute < 14 * 60; minute++) {
    store.history.append(batchOf([0], clock.wallMs(), () => minute));
    await clock.advance(60_000);
  }
  clock.jumpWall(tenYearsMs);
  await clock.advance(hourMs);
  clock.jumpWall(-tenYearsMs);
  const { times } = await store.history.query('d/t0', startMs, clock.wallMs(), 10_000);
  expect(times).toHaveLength(14 * 60);
  await store.close();
});

it('age goes with the clock, follows it back at once, and forward at 25 times the speed of time', async () => {
  const clock = new VirtualClock(startMs);
  const age = new AgeClock(clock);
  await clock.advance(5_000);
  expect(age.nowMs()).toBe(startMs + 5_000);
  clock.jumpWall(-hourMs);
  expect(age.nowMs()).toBe(startMs + 5_000 - hourMs);
  clock.jumpWall(tenYearsMs);
  await clock.advance(hourMs);
  expect(age.nowMs()).toBe(startMs + 5_000 - hourMs + 25 * hourMs);
});
