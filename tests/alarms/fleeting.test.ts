import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Announcements } from '../../edge/alarms/announcements.ts';
import { performanceOf } from '../../edge/alarms/performance.ts';
import { alarmFromEvent } from '../../edge/alarms/record.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { isActive } from '../../edge/core/alarm.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import { catalogueOf, claim, told } from './desk.ts';

const id = 'main-1/pressure-low';
const minute = 60_000;
const stored = (event: NewEvent, sequence: number): Event => ({ ...event, stream: 'events', epoch: 'e', sequence });

describe('a fleeting alarm', () => {
  it('is held the third time in a row, counts on, and is let go when it has been quiet for ten minutes', () => {
    const register = new AlarmRegister(catalogueOf());
    const announced = ['raised active-unacknowledged', 'cleared returned-unacknowledged'];
    const flash = (at: number, lastsMs = 5000) => [
      ...told(register.take(claim(id, at))),
      ...told(register.take(claim(id, at + lastsMs, false))),
    ];
    expect([...flash(0), ...flash(4 * minute)]).toEqual([...announced, ...announced]);
    expect(flash(8 * minute)).toEqual(['raised active-unacknowledged', 'condition-changed active-unacknowledged']);
    const held = 'condition-changed active-unacknowledged';
    expect(flash(12 * minute)).toEqual([held, held]);
    expect(register.get(id)).toMatchObject({ fleeting: 4, activations: 4, finding: { active: false } });
    expect(told(register.tick(22 * minute))).toEqual([]);
    register.acknowledge(id, 'op', 22 * minute);
    expect(told(register.tick(22 * minute + 1))).toEqual(['cleared normal']);
    expect(flash(40 * minute)).toEqual(announced);
    expect(register.get(id)?.fleeting).toBe(1);
  });

  it('is one no longer when its condition has stood for ten seconds', () => {
    const register = new AlarmRegister(catalogueOf());
    for (const [at, lasts] of [
      [0, 5],
      [60, 5],
      [120, 10],
      [180, 5],
      [240, 5],
    ] as const) {
      register.take(claim(id, 1000 * at));
      expect(told(register.take(claim(id, 1000 * (at + lasts), false)))).toEqual(['cleared returned-unacknowledged']);
    }
    expect(register.get(id)?.fleeting).toBe(2);
  });

  it('of safety is never held: every activation is announced', () => {
    const register = new AlarmRegister(catalogueOf({ 'pressure-low': { safety: true } }));
    for (let round = 0; round < 10; round++) {
      expect(told(register.take(claim(id, minute * round)))).toEqual(['raised active-unacknowledged']);
      expect(told(register.take(claim(id, minute * round + 900, false)))).toEqual(['cleared returned-unacknowledged']);
    }
  });

  it('is held, told of and counted as a look back over the whole record has it, over a restart too', () => {
    const gaps = fc.array(fc.record({ offS: fc.integer({ min: 1, max: 700 }), onS: fc.integer({ min: 1, max: 14 }) }), {
      maxLength: 14,
    });
    fc.assert(
      fc.property(gaps, fc.nat(14), (course, restartAt) => {
        let register = new AlarmRegister(catalogueOf());
        const announcements = new Announcements();
        const events: Event[] = [];
        const hear = (changes: readonly { readonly event: NewEvent }[]) => {
          for (const { event } of changes) {
            const whole = JSON.parse(JSON.stringify(stored(event, events.length + 1)));
            events.push(whole);
            announcements.hear(whole);
          }
        };
        let now = 0;
        const past: { readonly on: number; readonly off: number }[] = [];
        for (const [index, { offS, onS }] of course.entries()) {
          for (const end = now + offS; now < end; now = Math.min(end, now + 7)) {
            hear(register.tick(1000 * now));
            const held = isActive(register.get(id)?.state ?? 'normal');
            if (held !== heldAt(past, now)) expect({ past, now, held }).toEqual({ past, now, held: !held });
          }
          hear(register.tick(1000 * now));
          hear(register.take(claim(id, 1000 * now)));
          hear(register.take(claim(id, 1000 * (now + onS), false)));
          past.push({ on: now, off: now + onS });
          now += onS;
          if (index !== restartAt) continue;
          register = new AlarmRegister(catalogueOf());
          for (const event of events) register.restore(event, alarmFromEvent(event));
        }
        expect(
          events.filter(({ data, type }) => data['active'] === true && type !== 'alarm.acknowledged'),
        ).toHaveLength(past.length);
        const { fleeting } = performanceOf(announcements.all(), 0, 1e9);
        const expected = past.filter(({ on, off }) => off - on < 10).length;
        expect(fleeting.reduce((sum, { count }) => sum + count, 0)).toBe(expected);
      }),
      { seed: 5, numRuns: 80 },
    );
  });
});

/** Whether the alarm is kept active at a second at which its condition is over: by what its whole past tells. */
function heldAt(past: readonly { readonly on: number; readonly off: number }[], now: number): boolean {
  const last = past.at(-1);
  if (!last) return false;
  const ons = past.slice(-3).map(({ on }) => on);
  const [first = 0] = ons;
  const chatters = ons.length === 3 && last.off - first <= 60;
  let row = 0;
  for (const [index, { on, off }] of past.entries()) {
    const apart = on - (past[index - 1]?.on ?? Number.NEGATIVE_INFINITY) > 600;
    row = off - on < 10 ? (apart ? 0 : row) + 1 : 0;
  }
  if (!chatters && row < 3) return false;
  const quiet = ons.length === 3 && last.on - first <= 60 ? 60 : 600;
  return now - last.on <= quiet;
}
