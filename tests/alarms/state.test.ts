import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { transition, viewed } from '../../edge/alarms/state.ts';
import { type AlarmState, alarmStates, type Hiding, hidings, isHidden } from '../../edge/core/alarm.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { seededRandom } from '../../edge/core/random.ts';

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

const latching = {
  ...catalogue,
  alarm: (subject: string, kind: string) => ({ ...catalogue.alarm(subject, kind)!, latching: true, reAlarmMin: 1 }),
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

const inputs = ['active', 'inactive', 'acknowledge', 'reset', 're-alarm', ...hidings] as const;
type Input = (typeof inputs)[number];

/** What the states are made of: the table alone, and what hides an alarm switched on and off. */
function byTable(sequence: readonly Input[], latching: boolean, reached: (state: AlarmState) => void): AlarmState {
  const hiding = new Set<Hiding>();
  let state: AlarmState = 'normal';
  let active = false;
  for (const input of sequence) {
    if (isHidden(input)) hiding.has(input) ? hiding.delete(input) : hiding.add(input);
    else if (input === 'active' || input === 'inactive') {
      if (active !== (input === 'active')) state = transition(state, input, latching)?.to ?? state;
      active = input === 'active';
    } else state = transition(state, input, latching)?.to ?? state;
    const gravest = hidings.findLast((one) => hiding.has(one));
    state = viewed(state, gravest, active ? 'told' : 'over').at(-1)?.to ?? state;
    reached(state);
  }
  return state;
}

/** The reference: an alarm is described by what is true of it, whether it owes an acknowledgement or a reset, and whether it is out of view. */
function reference(sequence: readonly Input[], latching: boolean): AlarmState {
  const hiding = new Set<Hiding>();
  let [active, owed, latched, hidden] = [false, false, false, false];
  for (const input of sequence) {
    if (isHidden(input)) hiding.has(input) ? hiding.delete(input) : hiding.add(input);
    else if (input === 'active' && !active) [active, owed, latched] = [true, !hidden || owed, false];
    else if (input === 'inactive' && active) [active, latched] = [false, latching && !hidden];
    else if (input === 'acknowledge') owed = owed && hidden;
    else if (input === 'reset') latched = false;
    else if (input === 're-alarm') owed = owed || (active && !hidden);
    if (!hidden && hiding.size > 0 && !latched) [hidden, owed] = [true, false];
    else if (hidden && hiding.size === 0) [hidden, owed] = [false, active];
  }
  if (hidden)
    return hiding.has('out-of-service') ? 'out-of-service' : hiding.has('suppressed') ? 'suppressed' : 'shelved';
  if (active) return owed ? 'active-unacknowledged' : 'active-acknowledged';
  if (latched) return owed ? 'latched-unacknowledged' : 'latched-acknowledged';
  return owed ? 'returned-unacknowledged' : 'normal';
}

const asEvent = (event: NewEvent, sequence: number): Event => ({ ...event, stream: 'events', epoch: 'e', sequence });

describe('alarm states', () => {
  it('follow the reference model over 100,000 random sequences, and every state is reached', () => {
    const random = seededRandom(Number(process.env['SEED'] ?? 1), 'alarm states');
    const reached = new Set<AlarmState>();
    for (let run = 0; run < 100_000; run++) {
      const latching = random.next() < 0.5;
      const sequence = Array.from(
        { length: 1 + Math.floor(24 * random.next()) },
        () => inputs[Math.floor(inputs.length * random.next())] as Input,
      );
      const state = byTable(sequence, latching, (one) => reached.add(one));
      if (state !== reference(sequence, latching))
        expect({ run, latching, sequence, state }).toEqual({ state: reference(sequence, latching) });
    }
    expect([...reached].sort()).toEqual([...alarmStates].sort());
  });
});

describe('alarm register', () => {
  it('raises with value, limit, cause and response in both languages', () => {
    const change = new AlarmRegister(catalogue).take(finding(true))[0]!;
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
    expect(register.take(finding(true))).toHaveLength(1);
    expect(register.take(finding(true, 2000))).toEqual([]);
    expect(register.take(finding(false, 3000))[0]!.event.type).toBe('alarm.cleared');
    expect(register.take(finding(false, 4000))).toEqual([]);
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
    const acts = ['on', 'off', 'ack', 'judge', 'reset', 'shelve', 'shelve-once', 'unshelve', 'tag', 'tick'] as const;
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...acts), { maxLength: 16 }), (sequence) => {
        let tagged = false;
        const register = new AlarmRegister(latching, () => (tagged ? 'replaced' : undefined));
        const events: NewEvent[] = [];
        sequence.forEach((act, index) => {
          const at = 20_000 * (index + 1);
          const id = 'dma-2/burst';
          const changes = () => {
            if (act === 'ack') return register.acknowledge(id, 'op', at) ?? [];
            if (act === 'judge') return register.judge(id, { verdict: 'nuisance', note: '', by: 'op', at }) ?? [];
            if (act === 'reset') return register.reset(id, 'op', at) ?? [];
            if (act === 'unshelve') return register.unshelve(id, 'op', at);
            if (act === 'tag') tagged = !tagged;
            if (act === 'tag' || act === 'tick') return register.tick(at);
            if (act === 'on' || act === 'off') return register.take(finding(act === 'on', at));
            const shelving = { by: 'op', reason: 'repair', at, until: at + 50_000, once: act === 'shelve-once' };
            const shelved = register.shelve(id, shelving);
            return shelved instanceof LifelineError ? [] : shelved;
          };
          events.push(...[changes()].flat().map(({ event }) => event));
        });
        const restored = new AlarmRegister(latching);
        events.forEach((event, index) => {
          restored.restore(JSON.parse(JSON.stringify(asEvent(event, index + 1))));
        });
        expect(restored.recent(9)).toEqual(register.recent(9));
        expect(restored.current()).toEqual(register.current());
      }),
      { numRuns: 500 },
    );
  });

  it('clears after a restart what no detector confirms, and only that', () => {
    const before = new AlarmRegister(catalogue);
    const events = [finding(true), finding(true, 1000, 'leak')]
      .flatMap((one) => before.take(one))
      .map((change) => change.event);
    const register = new AlarmRegister(catalogue);
    events.forEach((event, index) => {
      register.restore(asEvent(event, index + 1));
    });
    expect(register.take(finding(true, 5000))).toEqual([]);
    expect(register.settle(9000).map((change) => [change.alarm.kind, change.event.type])).toEqual([
      ['leak', 'alarm.cleared'],
    ]);
    expect(register.settle(9500)).toEqual([]);
  });

  it('ignores what no pack describes', () => {
    const register = new AlarmRegister(catalogue);
    expect(register.take(finding(true, 1, 'unknown'))).toEqual([]);
    expect(register.take({ ...finding(true), asset: 'nobody' })).toEqual([]);
  });
});
