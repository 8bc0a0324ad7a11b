import { expect, it } from 'vitest';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { EventAges } from '../../edge/upstream/event-ages.ts';

const startMs = Date.UTC(2026, 0, 15);
const hourMs = 3_600_000;

it.each([hourMs, -hourMs])(
  'an event is as old as time has gone by, though the clock was set by %i ms since',
  async (byMs) => {
    const clock = new VirtualClock(startMs);
    const ages = new EventAges(clock);
    ages.note(0);
    const first = clock.wallMs();
    await clock.advance(20_000);
    clock.jumpWall(byMs);
    ages.note(8);
    const second = clock.wallMs();
    await clock.advance(30_000);
    expect(ages.ageMs(7, first)).toBe(50_000);
    expect(ages.ageMs(8, second)).toBe(30_000);
    expect(ages.ageMs(9, second + 60_000)).toBe(0);
  },
);

it('events of an earlier run are as old as the clock said when it was first looked at', async () => {
  const clock = new VirtualClock(startMs);
  const ages = new EventAges(clock);
  await clock.advance(5_000);
  ages.note(0);
  clock.jumpWall(hourMs);
  expect(ages.ageMs(3, startMs - 60_000)).toBe(65_000);
});
