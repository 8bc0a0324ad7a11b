import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Announcements } from '../../edge/alarms/announcements.ts';
import { performanceOf } from '../../edge/alarms/performance.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import type { Announced } from '../../edge/core/alarm-performance.ts';
import { catalogueOf, claim } from './desk.ts';

const hourS = 3600;
const spanS = 4 * hourS;
const priorities = ['critical', 'high', 'medium', 'low'] as const;

/** Alarms of a few ids at whole seconds, some before the span and some that are never over. */
const announced = fc.array(
  fc.record({
    id: fc.constantFrom('a/1', 'a/2', 'b/1', 'b/2', 'c/3'),
    priority: fc.constantFrom(...priorities),
    at: fc.integer({ min: -30 * hourS, max: spanS + 600 }),
    acknowledgedAfter: fc.option(fc.integer({ min: 0, max: 900 })),
    clearedAfter: fc.option(fc.integer({ min: 1, max: 40 * hourS })),
    again: fc.array(fc.integer({ min: 1, max: 50 }), { maxLength: 4 }),
  }),
  { maxLength: 80 },
);

/** All figures by counting, second by second where time is concerned. */
function bruteForce(alarms: readonly Announced[], toS: number) {
  const within = alarms.filter(({ raisedAt }) => raisedAt >= 0 && raisedAt < toS * 1000);
  const seconds = within.map(({ raisedAt }) => raisedAt / 1000);
  let [flooded, floodS, floods] = [false, 0, 0];
  for (let now = 0; now < toS; now++) {
    const recent = seconds.filter((at) => at <= now && at > now - 600).length;
    const before: boolean = flooded;
    flooded = flooded ? recent >= 5 : recent > 10;
    floods += Number(flooded && !before);
    floodS += Number(flooded);
  }
  const per10 = Array.from(
    { length: Math.ceil(toS / 600) },
    (_, slot) => seconds.filter((at) => at >= 600 * slot && at < 600 * (slot + 1)).length,
  );
  const waits = within
    .flatMap(({ raisedAt, acknowledgedAt }) =>
      acknowledgedAt === undefined ? [] : [(acknowledgedAt - raisedAt) / 1000],
    )
    .sort((a, b) => a - b);
  const at = (share: number) =>
    waits.find((wait) => waits.filter((one) => one <= wait).length >= share * waits.length) ?? null;
  const count = (id: string) => within.filter((one) => one.id === id).length;
  const ids = [...new Set(within.map(({ id }) => id))];
  const chatters = (id: string) => {
    const times = within.filter((one) => one.id === id).flatMap(({ activatedAt }) => activatedAt);
    return times.some((time) => times.filter((other) => other >= time && other <= time + 60_000).length >= 3);
  };
  const stale = alarms.filter(({ raisedAt, clearedAt = Number.POSITIVE_INFINITY }) => {
    const end = Math.min(clearedAt, toS * 1000);
    return end > 0 && raisedAt < toS * 1000 && end - raisedAt > 24 * hourS * 1000;
  });
  return {
    announced: within.length,
    peakPer10Min: Math.max(0, ...per10),
    floodS,
    floods,
    mix: priorities.map((priority) => within.filter((one) => one.priority === priority).length),
    top: ids.map((id) => [id, count(id)]).sort(),
    chattering: ids.filter(chatters).sort(),
    stale: [...new Set(stale.map(({ id }) => id))].sort(),
    waits: [at(0.5), at(0.95)],
    unacknowledged: within.filter(({ acknowledgedAt }) => acknowledgedAt === undefined || acknowledgedAt >= toS * 1000)
      .length,
    fleeting: within.filter(({ raisedAt, clearedAt }) => clearedAt !== undefined && clearedAt - raisedAt < 10_000)
      .length,
  };
}

it('figures of performance are those that counting gives', () => {
  fc.assert(
    fc.property(announced, (drawn) => {
      const alarms = drawn.map(({ id, priority, at, acknowledgedAfter, clearedAfter, again }): Announced => {
        const raisedAt = at * 1000;
        const after = (seconds: number | null) => (seconds === null ? undefined : raisedAt + seconds * 1000);
        const activatedAt = [raisedAt];
        for (const gap of again) activatedAt.push((activatedAt.at(-1) ?? 0) + gap * 1000);
        return {
          ...{ id, priority, safety: false, raisedAt, activatedAt },
          ...{ acknowledgedAt: after(acknowledgedAfter), clearedAt: after(clearedAfter) },
        };
      });
      const figures = performanceOf(alarms, 0, spanS * 1000);
      const expected = bruteForce(alarms, spanS);
      const shares = (counts: readonly number[]) =>
        counts.map((one) => (expected.announced ? one / expected.announced : 0));
      expect({
        announced: figures.announced,
        peakPer10Min: figures.peakPer10Min,
        floodS: Math.round(figures.floodShare * spanS),
        floods: figures.floods,
        mix: priorities.map((priority) => figures.mix[priority]),
        top: figures.top.map(({ id, count }) => [id, count]).sort(),
        chattering: figures.chattering.map(({ id }) => id).sort(),
        stale: figures.stale.map(({ id }) => id).sort(),
        waits: [figures.acknowledgeS.median, figures.acknowledgeS.p95],
        unacknowledged: figures.unacknowledged,
        fleeting: figures.fleeting.reduce((sum, { count }) => sum + count, 0),
      }).toEqual({ ...expected, mix: shares(expected.mix) });
      expect(figures.meanPer10Min).toBeCloseTo(expected.announced / (spanS / 600), 12);
    }),
    { numRuns: 60 },
  );
});

it('announcements are told from journaled events: acknowledged, cleared, chattering, hidden and announced anew', () => {
  const register = new AlarmRegister(catalogueOf({ low: { reAlarmMin: 5 } }));
  const heard = new Announcements();
  const hear = (changes: readonly { readonly event: object }[]) =>
    changes.forEach(({ event }, sequence) => {
      heard.hear({ ...event, stream: 'events', epoch: 'e', sequence } as never);
    });
  const take = (id: string, second: number, active = true) => hear(register.take(claim(id, 1000 * second, active)));
  for (let second = 0; second < 20; second += 4) {
    take('p/chatters', second);
    take('p/chatters', second + 1, false);
  }
  take('q/low', 30);
  hear([register.acknowledge('q/low', 'op', 40_000)!]);
  hear(register.tick(340_000));
  hear([register.acknowledge('q/low', 'op', 350_000)!]);
  take('q/low', 400, false);
  take('r/high', 500);
  hear(register.shelve('r/high', { by: 'op', reason: 'r', at: 510_000, until: 900_000, once: false }) as never);
  take('r/high', 520, false);
  expect(heard.all()).toMatchObject([
    { id: 'p/chatters', raisedAt: 0, clearedAt: 1000, acknowledgedAt: undefined },
    { id: 'p/chatters', raisedAt: 4000, clearedAt: 5000 },
    { id: 'p/chatters', raisedAt: 8000, activatedAt: [8000, 12_000, 16_000], clearedAt: 340_000 },
    { id: 'q/low', raisedAt: 30_000, acknowledgedAt: 40_000 },
    { id: 'q/low', raisedAt: 340_000, acknowledgedAt: 350_000, clearedAt: 400_000 },
    { id: 'r/high', raisedAt: 500_000, clearedAt: 520_000 },
  ]);
});
