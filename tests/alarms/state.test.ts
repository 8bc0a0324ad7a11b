import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { transition } from '../../edge/alarms/state.ts';
import type { AlarmState } from '../../edge/core/alarm.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import type { Finding } from '../../edge/core/finding.ts';

const catalogue = {
  subject: (id: string) =>
    id === 'nobody'
      ? undefined
      : { id, name: '二区', utility: 'water', grid: '230103005012', location: [126.6, 45.7] as const },
  alarm: (_: string, kind: string) =>
    kind === 'unknown'
      ? undefined
      : ({
          priority: 'critical',
          riskLevel: 'II',
          safety: false,
          message: {
            zh: '{asset} 爆管 {value}{unit}，限值 {limit}',
            en: '{asset} burst {value} {unit}, limit {limit}',
          },
          cause: { zh: '原因', en: 'cause' },
          response: { zh: '处置', en: 'response' },
        } as const),
};

const finding = (active: boolean, time = 1000, kind = 'burst'): Finding => ({
  asset: 'dma-2',
  kind,
  from: 'district-burst',
  active,
  score: 0.9,
  time,
  evidence: [{ tag: 'dma-2/flow', observed: 312.345, expected: 180, unit: 'm3/h', windowS: 5 }],
  decision: { model: 'score 0.97' },
});

/** The reference: an alarm is described by two flags, active and owing an acknowledgement. */
function reference(inputs: readonly string[]): AlarmState {
  let active = false;
  let owed = false;
  for (const input of inputs) {
    if (input === 'active' && !active) [active, owed] = [true, true];
    else if (input === 'inactive') active = false;
    else if (input === 'acknowledge') owed = false;
  }
  if (active) return owed ? 'active-unacknowledged' : 'active-acknowledged';
  return owed ? 'returned-unacknowledged' : 'normal';
}

const asEvent = (event: NewEvent, sequence: number): Event => ({ ...event, stream: 'events', epoch: 'e', sequence });

describe('alarm states', () => {
  it('follow the reference model over random sequences, and every state is reached', () => {
    const reached = new Set<AlarmState>();
    fc.assert(
      fc.property(fc.array(fc.constantFrom('active', 'inactive', 'acknowledge'), { maxLength: 20 }), (inputs) => {
        let state: AlarmState = 'normal';
        for (const input of inputs) state = transition(state, input as 'active')?.to ?? state;
        reached.add(state);
        expect(state).toBe(reference(inputs));
      }),
      { numRuns: 2000 },
    );
    expect(reached.size).toBe(4);
  });
});

describe('alarm register', () => {
  it('raises with value, limit, cause and response in both languages', () => {
    const change = new AlarmRegister(catalogue).take(finding(true))!;
    expect(change.alarm.message).toEqual({ zh: '二区 爆管 312m³/h，限值 180', en: '二区 burst 312 m³/h, limit 180' });
    expect(change.event).toMatchObject({ type: 'alarm.raised', subject: 'dma-2', utility: 'water', time: 1000 });
    expect(change.event.data).toMatchObject({
      priority: 'critical',
      riskLevel: 'II',
      grid: '230103005012',
      value: 312.345,
    });
  });

  it('says a repeated claim only once', () => {
    const register = new AlarmRegister(catalogue);
    expect(register.take(finding(true))).toBeDefined();
    expect(register.take(finding(true, 2000))).toBeUndefined();
    expect(register.take(finding(false, 3000))!.event.type).toBe('alarm.cleared');
    expect(register.take(finding(false, 4000))).toBeUndefined();
  });

  it('keeps a returned alarm in the list until somebody acknowledges it', () => {
    const register = new AlarmRegister(catalogue);
    register.take(finding(true));
    register.take(finding(false, 2000));
    expect(register.current()[0]!.state).toBe('returned-unacknowledged');
    const change = register.acknowledge('dma-2/burst', 'operator', 3000)!;
    expect(change.event).toMatchObject({
      type: 'alarm.acknowledged',
      data: { acknowledgedBy: 'operator', state: 'normal' },
    });
    expect(register.current()).toEqual([]);
    expect(register.acknowledge('dma-2/burst', 'operator', 3000)).toBeUndefined();
  });

  it('is rebuilt from its own events after a restart, with nothing different', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('on', 'off', 'ack', 'judge'), { maxLength: 12 }), (inputs) => {
        const register = new AlarmRegister(catalogue);
        const events: NewEvent[] = [];
        inputs.forEach((input, index) => {
          const time = 1000 * (index + 1);
          const change =
            input === 'ack'
              ? register.acknowledge('dma-2/burst', 'op', time)
              : input === 'judge'
                ? register.judge('dma-2/burst', { verdict: 'nuisance', note: '', by: 'op', at: time })
                : register.take(finding(input === 'on', time));
          if (change) events.push(change.event);
        });
        const restored = new AlarmRegister(catalogue);
        events.forEach((event, index) => {
          restored.restore(JSON.parse(JSON.stringify(asEvent(event, index + 1))));
        });
        expect(restored.recent(9)).toEqual(register.recent(9));
      }),
    );
  });

  it('clears after a restart what no detector confirms, and only that', () => {
    const before = new AlarmRegister(catalogue);
    const events = [before.take(finding(true))!, before.take(finding(true, 1000, 'leak'))!].map(
      (change) => change.event,
    );
    const register = new AlarmRegister(catalogue);
    events.forEach((event, index) => {
      register.restore(asEvent(event, index + 1));
    });
    expect(register.take(finding(true, 5000))).toBeUndefined();
    expect(register.settle(9000).map((change) => [change.alarm.kind, change.event.type])).toEqual([
      ['leak', 'alarm.cleared'],
    ]);
    expect(register.settle(9500)).toEqual([]);
  });

  it('ignores what no pack describes', () => {
    const register = new AlarmRegister(catalogue);
    expect(register.take(finding(true, 1, 'unknown'))).toBeUndefined();
    expect(register.take({ ...finding(true), asset: 'nobody' })).toBeUndefined();
  });
});
