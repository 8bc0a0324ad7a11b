import { describe, expect, it } from 'vitest';
import { Announcements } from '../../edge/alarms/announcements.ts';
import { performanceOf } from '../../edge/alarms/performance.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { reportOn } from '../../edge/gateway/alarm-report.ts';
import { newFolder, open } from '../store/fixture.ts';

const start = Date.UTC(2026, 0, 15);
const stepMs = 20_000;
const count = 54_000;

/** Alarms that come, are acknowledged and go, one event each 20 s; one of them stands from the second event on. */
function events(): readonly NewEvent[] {
  const random = seededRandom(7, 'report');
  const raisedAt = new Map<string, number>();
  return Array.from({ length: count }, (_, at) => {
    const time = start + at * stepMs;
    const asset = at === 1 ? 'dma-old' : `dma-${Math.floor(random.next() * 40)}`;
    const stands = raisedAt.get(asset);
    if (stands === undefined) raisedAt.set(asset, time);
    else if (random.next() < 0.5) raisedAt.delete(asset);
    const type = stands === undefined ? 'alarm.raised' : raisedAt.has(asset) ? 'alarm.acknowledged' : 'alarm.cleared';
    const since = stands ?? time;
    const message = { zh: '压力低', en: 'Pressure low' };
    const state = type === 'alarm.raised' ? 'active-unacknowledged' : 'active-acknowledged';
    const data = { asset, kind: 'low', priority: 'high', safety: false, message, cause: message, state };
    const times = { raisedAt: since, announcedAt: since, activatedAt: [since] };
    return { type, time, subject: asset, utility: 'water', data: { ...data, ...times, active: true } };
  });
}

describe('the report on the alarm system', () => {
  it('counts every event of its span, however many came since, as a look at the whole journal does', async () => {
    const store = await open(await newFolder(), { clock: new VirtualClock(start) });
    const all = events();
    for (let from = 0; from < count; from += 3_000) await store.journal.append(all.slice(from, from + 3_000));
    const whole = new Announcements();
    for (let after = 0; after < store.journal.last; after += 5_000)
      for (const event of await store.journal.read(after, 5_000)) whole.hear(event);
    const end = start + count * stepMs;
    for (const spanMs of [86_400_000, count * stepMs]) {
      const span = [end - spanMs, end] as const;
      const expected = performanceOf(whole.all(), ...span);
      const { stale, ...figures } = await reportOn(store.journal, span, () => []);
      const { stale: _, ...sought } = expected;
      expect(figures).toEqual(sought);
      expect(figures.announced).toBeGreaterThan(spanMs / stepMs / 10);
      // one that stands without an event all the time is told by those that stand
      expect(expected.stale.map(({ id }) => id)).toEqual(expect.arrayContaining(stale.map(({ id }) => id)));
    }
    await store.close();
  }, 180_000);
});
