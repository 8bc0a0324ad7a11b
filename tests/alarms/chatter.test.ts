import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FloodWatch } from '../../edge/alarms/flood.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { catalogueOf, claim, told } from './desk.ts';

const id = 'main-1/pressure-low';
const minute = 60_000;

describe('a chattering alarm', () => {
  it('is held after the third activation in a minute, counts on, and is let go when it has been quiet for a minute', () => {
    const register = new AlarmRegister(catalogueOf());
    const events: string[] = [];
    for (let second = 0; second < 40; second += 4) {
      events.push(...told(register.take(claim(id, 1000 * second))));
      events.push(...told(register.take(claim(id, 1000 * (second + 2), false))));
      if (second === 20) events.push(...told(register.acknowledge(id, 'op', 1000 * second + 3000)));
    }
    const announced = ['raised active-unacknowledged', 'cleared returned-unacknowledged'];
    expect(events.slice(0, 5)).toEqual([...announced, ...announced, 'raised active-unacknowledged']);
    expect(new Set(events.slice(5))).toEqual(
      new Set([
        ...['condition-changed active-unacknowledged', 'acknowledged active-acknowledged'],
        'condition-changed active-acknowledged',
      ]),
    );
    expect(events).toHaveLength(21);
    expect(register.get(id)).toMatchObject({
      activations: 10,
      state: 'active-acknowledged',
      finding: { active: false },
    });
    expect(told(register.tick(36_000 + minute))).toEqual([]);
    expect(told(register.tick(36_001 + minute))).toEqual(['cleared normal']);
  });

  it('loses nothing: as many activations are journaled as came, whatever their rhythm', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 40_000 }), { maxLength: 30 }), (gaps) => {
        const register = new AlarmRegister(catalogueOf());
        let [time, on, came, journaled] = [0, false, 0, 0];
        for (const gap of gaps) {
          for (const end = time + gap; time < end; time = Math.min(end, time + 1000)) register.tick(time);
          on = !on;
          came += Number(on);
          const changes = register.take(claim(id, time, on));
          expect(changes.length).toBeGreaterThan(0);
          journaled += changes.filter(({ event }) => event.data['active'] === true).length;
        }
        expect(journaled).toBe(came);
      }),
      { numRuns: 100 },
    );
  });

  it('of safety is never held: every activation is announced', () => {
    const register = new AlarmRegister(catalogueOf({ 'pressure-low': { safety: true } }));
    for (let second = 0; second < 40; second += 2) {
      register.acknowledge(id, 'op', 1000 * second);
      expect(told(register.take(claim(id, 1000 * second)))).toEqual(['raised active-unacknowledged']);
      expect(told(register.take(claim(id, 1000 * second + 500, false)))).toEqual(['cleared returned-unacknowledged']);
    }
  });
});

describe('an alarm flood', () => {
  it('begins with the eleventh alarm in ten minutes and ends with fewer than five, as brute force counts them', () => {
    const times = fc.array(fc.integer({ min: 0, max: 3_600_000 }), { maxLength: 120 });
    fc.assert(
      fc.property(times, (unordered) => {
        const announced = unordered.sort((a, b) => a - b);
        const watch = new FloodWatch();
        let flooded = false;
        const looks = [...announced, ...announced.map((time) => time + 600_000)].sort((a, b) => a - b);
        for (const now of new Set(looks)) {
          for (const time of announced) if (time === now) watch.announce(time);
          watch.look(now);
          const within = announced.filter((time) => time <= now && time > now - 600_000).length;
          flooded = flooded ? within >= 5 : within > 10;
          expect(watch.current !== undefined).toBe(flooded);
        }
      }),
    );
  });

  it('says how many alarms it had, and since when', () => {
    const watch = new FloodWatch();
    for (let alarm = 0; alarm < 10; alarm++) expect(watch.announce(1000 * alarm)).toBeUndefined();
    expect(watch.announce(10_000)).toEqual({ type: 'gateway.flood-began', alarms: 11 });
    expect(watch.announce(11_000)).toBeUndefined();
    expect(watch.look(606_000)).toBeUndefined();
    expect(watch.look(607_000)).toEqual({ type: 'gateway.flood-ended', since: 0, alarms: 12 });
  });
});
