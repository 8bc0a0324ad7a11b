import { describe, expect, it } from 'vitest';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { longestShelvingMs, mostShelved } from '../../edge/alarms/shelving.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { catalogueOf, claim, told } from './desk.ts';

const minute = 60_000;
const id = 'main-1/pressure-low';
const shelving = (at: number, own = {}) => ({
  by: 'op',
  reason: 'repair',
  at,
  until: at + 15 * minute,
  once: false,
  ...own,
});
const codeOf = (result: unknown) => (result instanceof LifelineError ? result.code : result);

describe('shelving', () => {
  it('ends with its time, and the alarm is announced anew where its condition still stands', () => {
    const register = new AlarmRegister(catalogueOf());
    register.take(claim(id, 0));
    register.acknowledge(id, 'op', 1000);
    const [change] = register.shelve(id, shelving(2000)) as never[];
    expect(told(change)).toEqual(['shelved shelved']);
    expect(change).toMatchObject({ event: { data: { shelving: { by: 'op', reason: 'repair', until: 902_000 } } } });
    expect(told(register.tick(901_999))).toEqual([]);
    expect(told(register.tick(902_000))).toEqual(['unshelved normal', 're-alarmed active-unacknowledged']);
    expect(register.get(id)).not.toHaveProperty('shelving');
    expect(register.get(id)).toMatchObject({ raisedAt: 0, announcedAt: 902_000, acknowledgedBy: undefined });
  });

  it('follows the condition meanwhile: what is over comes back as normal', () => {
    const register = new AlarmRegister(catalogueOf());
    register.take(claim(id, 0));
    register.shelve(id, shelving(0));
    expect(told(register.take(claim(id, 1000, false)))).toEqual(['cleared shelved']);
    expect(told(register.take(claim(id, 2000)))).toEqual(['condition-changed shelved']);
    expect(told(register.take(claim(id, 3000, false)))).toEqual(['condition-changed shelved']);
    expect(told(register.unshelve(id, '张工', 4000))).toEqual(['unshelved normal']);
    expect(register.current()).toEqual([]);
  });

  it('of one shot is over with the condition; the next time is shown', () => {
    const register = new AlarmRegister(catalogueOf());
    register.take(claim(id, 0));
    register.shelve(id, shelving(0, { once: true }));
    expect(told(register.take(claim(id, 1000, false)))).toEqual(['cleared shelved', 'unshelved normal']);
    expect(told(register.take(claim(id, 2000)))).toEqual(['raised active-unacknowledged']);
  });

  it('of one that chatters says that it is over before it puts it aside', () => {
    const register = new AlarmRegister(catalogueOf());
    for (const at of [0, 4000, 8000]) {
      register.take(claim(id, at));
      register.take(claim(id, at + 1000, false));
    }
    expect(told(register.shelve(id, shelving(10_000)))).toEqual(['cleared returned-unacknowledged', 'shelved shelved']);
    expect(told(register.take(claim(id, 11_000)))).toEqual(['condition-changed shelved']);
    expect(told(register.unshelve(id, 'op', 12_000))).toEqual(['unshelved normal', 'raised active-unacknowledged']);
  });

  it('is refused for too long, for what does not stand or has latched, and beyond the number that anybody watches', () => {
    const register = new AlarmRegister(catalogueOf({ tripped: { latching: true } }));
    register.take(claim(id, 0));
    expect(codeOf(register.shelve(id, shelving(0, { until: longestShelvingMs + 1 })))).toBe('LL-ALARM-SHELVE-TIME');
    expect(codeOf(register.shelve(id, shelving(5, { until: 5 })))).toBe('LL-ALARM-SHELVE-TIME');
    register.take(claim('main-1/tripped', 0));
    register.take(claim('main-1/tripped', 1, false));
    expect(codeOf(register.shelve('main-1/tripped', shelving(2)))).toBe('LL-ALARM-SHELVE-STATE');
    for (let asset = 0; asset < mostShelved; asset++) {
      register.take(claim(`a-${asset}/pressure-low`, 0));
      expect(told(register.shelve(`a-${asset}/pressure-low`, shelving(0)))).toEqual(['shelved shelved']);
    }
    expect(codeOf(register.shelve(id, shelving(0)))).toBe('LL-ALARM-SHELVE-MANY');
    expect(told(register.shelve('a-0/pressure-low', shelving(1)))).toEqual(['shelved shelved']);
  });
});

describe('a latched alarm', () => {
  it('stays until somebody resets it, acknowledged before or after', () => {
    const register = new AlarmRegister(catalogueOf({ 'pressure-low': { latching: true } }));
    register.take(claim(id, 0));
    expect(told(register.take(claim(id, 1, false)))).toEqual(['cleared latched-unacknowledged']);
    expect(told(register.acknowledge(id, 'op', 2))).toEqual(['acknowledged latched-acknowledged']);
    expect(told(register.take(claim(id, 3)))).toEqual(['raised active-unacknowledged']);
    expect(register.reset(id, 'op', 4)).toBeUndefined();
    register.take(claim(id, 5, false));
    expect(told(register.reset(id, 'op', 6))).toEqual(['reset returned-unacknowledged']);
    expect(told(register.acknowledge(id, 'op', 7))).toEqual(['acknowledged normal']);
  });
});

describe('suppression by design', () => {
  const kinds = { 'pressure-deviates': { suppressedBy: ['pressure-low'] } };
  const child = 'main-1/pressure-deviates';

  it('hides what a graver alarm of the same asset says too, whichever comes first, and shows it when that is over', () => {
    const register = new AlarmRegister(catalogueOf(kinds));
    register.take(claim(child, 0));
    register.take(claim(id, 500));
    expect(told(register.tick(1000))).toEqual(['suppressed suppressed']);
    expect(register.get(child)?.hiddenBy).toBe(id);
    expect(told(register.take(claim(child, 2000, false)))).toEqual(['cleared suppressed']);
    expect(told(register.take(claim(child, 3000)))).toEqual(['condition-changed suppressed']);
    register.take(claim(id, 4000, false));
    expect(told(register.tick(5000))).toEqual(['unsuppressed normal', 'raised active-unacknowledged']);
    register.take(claim(child, 6000, false));
    register.acknowledge(child, 'op', 6000);
    register.take(claim(id, 7000));
    expect(told(register.take(claim(child, 8000)))).toEqual(['suppressed suppressed']);
    expect(told(register.take(claim('main-2/pressure-deviates', 8000)))).toEqual(['raised active-unacknowledged']);
  });

  it('never lets two alarms hide each other, nor one that is hidden itself', () => {
    const mutual = { a: { suppressedBy: ['b'] }, b: { suppressedBy: ['a'] } };
    const register = new AlarmRegister(catalogueOf(mutual));
    register.take(claim('x/a', 0));
    register.take(claim('x/b', 0));
    for (let second = 1; second < 5; second++) register.tick(1000 * second);
    expect(
      register
        .current()
        .map(({ state }) => state)
        .sort(),
    ).toEqual(['active-unacknowledged', 'suppressed']);
    register.shelve('x/a', shelving(5000));
    register.tick(6000);
    expect(register.get('x/b')?.state).toBe('active-unacknowledged');
  });

  it('follows a state of the plant', () => {
    let running: number | undefined = 0;
    const catalogue = {
      ...catalogueOf({ 'flow-low': { suppressedWhile: { role: 'run', equals: 0 } } }),
      value: (_: string, role: string) => (role === 'run' ? running : undefined),
    };
    const register = new AlarmRegister(catalogue);
    expect(told(register.take(claim('pump-1/flow-low', 0)))).toEqual(['suppressed suppressed']);
    expect(register.get('pump-1/flow-low')?.hiddenBy).toBe('run = 0');
    running = undefined;
    expect(told(register.tick(1000))).toEqual(['unsuppressed normal', 'raised active-unacknowledged']);
    running = 0;
    expect(told(register.tick(2000))).toEqual(['suppressed suppressed']);
  });
});

describe('out of service', () => {
  it('comes before suppression and shelving, and each of them after it where it still holds', () => {
    let reason: string | undefined;
    const register = new AlarmRegister(
      catalogueOf({ 'pressure-deviates': { suppressedBy: ['pressure-low'] } }),
      (subjects) => (subjects().includes('plc-1') ? reason : undefined),
    );
    const child = 'main-1/pressure-deviates';
    register.take(claim(child, 0));
    register.shelve(child, shelving(0));
    register.take(claim(id, 0, true, 'plc-2/q'));
    expect(told(register.tick(1000))).toEqual(['suppressed suppressed']);
    reason = 'transmitter replaced (op)';
    expect(told(register.tick(2000))).toEqual(['out-of-service out-of-service']);
    expect(register.get(child)).toMatchObject({ hiddenBy: reason, shelving: { by: 'op' } });
    expect(told(register.take(claim('main-9/stuck', 2000)))).toEqual(['out-of-service out-of-service']);
    reason = undefined;
    expect(told(register.tick(3000))).toEqual([
      ...['in-service normal', 'suppressed suppressed'],
      ...['in-service normal', 'raised active-unacknowledged'],
    ]);
    register.take(claim(id, 4000, false, 'plc-2/q'));
    expect(told(register.tick(5000))).toEqual(['unsuppressed normal', 'shelved shelved']);
    expect(told(register.tick(15 * minute))).toEqual(['unshelved normal', 're-alarmed active-unacknowledged']);
  });
});

describe('what nobody does anything about', () => {
  it('is escalated once when it is not acknowledged in the time to respond', () => {
    const register = new AlarmRegister(catalogueOf({ 'pressure-low': { respondWithinMin: 3 } }));
    register.take(claim(id, 0));
    expect(told(register.tick(3 * minute - 1))).toEqual([]);
    expect(told(register.tick(3 * minute))).toEqual(['escalated active-unacknowledged']);
    expect(told(register.tick(9 * minute))).toEqual([]);
    register.take(claim('main-2/other', 0));
    expect(told(register.tick(15 * minute - 1))).toEqual([]);
    expect(told(register.tick(15 * minute))).toEqual(['escalated active-unacknowledged']);
  });

  it('is announced anew where the pack asks for it, and escalated again', () => {
    const register = new AlarmRegister(catalogueOf({ 'pressure-low': { respondWithinMin: 3, reAlarmMin: 30 } }));
    register.take(claim(id, 0));
    register.acknowledge(id, 'op', minute);
    expect(told(register.tick(31 * minute - 1))).toEqual([]);
    expect(told(register.tick(31 * minute))).toEqual(['re-alarmed active-unacknowledged']);
    expect(told(register.tick(34 * minute))).toEqual(['escalated active-unacknowledged']);
    register.take(claim(id, 35 * minute, false));
    expect(register.get(id)?.state).toBe('returned-unacknowledged');
  });
});

it('what is measured by the clock lasts as long as ever when the clock is set', () => {
  const jump = 3_600_000;
  const register = new AlarmRegister(catalogueOf({ 'pressure-low': { respondWithinMin: 3 } }));
  register.take(claim(id, 0));
  register.take(claim('main-2/low', 0));
  register.shelve('main-2/low', shelving(0));
  register.clockJumped(jump);
  expect(told(register.tick(jump + 3 * minute - 1))).toEqual([]);
  expect(told(register.tick(jump + 3 * minute))).toEqual(['escalated active-unacknowledged']);
  expect(told(register.tick(jump + 15 * minute - 1))).toEqual([]);
  expect(told(register.tick(jump + 15 * minute))).toEqual(['unshelved normal', 're-alarmed active-unacknowledged']);
});
