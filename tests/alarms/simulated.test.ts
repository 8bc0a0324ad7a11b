import { describe, expect, it } from 'vitest';
import { Announcements } from '../../edge/alarms/announcements.ts';
import { IncidentBook } from '../../edge/alarms/incidents/incident-book.ts';
import { alarmFromEvent } from '../../edge/alarms/record.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { VerdictBook } from '../../edge/alarms/verdicts/book.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import { catalogueOf, claim, told } from './desk.ts';

const simulated = (id: string, time: number, active = true) => ({
  ...claim(id, time, active),
  simulated: true as const,
});
const stored = (event: NewEvent): Event => ({ ...event, stream: 'events', epoch: 'e', sequence: 1 });

describe('an alarm of a simulated value', () => {
  it('says so first in both languages, in its event, and after a restart', () => {
    const register = new AlarmRegister(catalogueOf({ gas: { safety: true } }));
    const [change] = register.take(simulated('pit-1/gas', 1000));
    expect(change?.alarm).toMatchObject({
      ...{ safety: true, state: 'active-unacknowledged', finding: { simulated: true } },
      message: { zh: '【仿真】文', en: 'SIMULATED · text' },
    });
    expect(change?.event).toMatchObject({ type: 'alarm.raised', data: { simulated: true } });
    expect(alarmFromEvent(stored(change?.event as NewEvent))).toEqual(change?.alarm);
    const [measured] = register.take(claim('pit-2/gas', 1000));
    expect(Object.hasOwn(measured?.event.data ?? {}, 'simulated')).toBe(false);
  });

  it('gives way to the measured one of the same kind, which is raised anew by itself, acknowledged or not', () => {
    const register = new AlarmRegister(catalogueOf({ gas: { safety: true } }));
    register.take(simulated('pit-1/gas', 1000));
    register.acknowledge('pit-1/gas', 'op', 1500);
    expect(told(register.take(claim('pit-1/gas', 2000)))).toEqual(['cleared normal', 'raised active-unacknowledged']);
    expect(register.get('pit-1/gas')).toMatchObject({ message: { en: 'text' }, acknowledgedBy: undefined });
    expect(register.take(simulated('pit-1/gas', 3000))).toEqual([]);
    expect(register.get('pit-1/gas')?.finding.simulated).toBeUndefined();
  });

  it('is not held as chattering, and suppresses none that is measured', () => {
    const register = new AlarmRegister(catalogueOf({ minor: { suppressedBy: ['major'] } }));
    for (let second = 0; second < 10; second += 2) {
      register.take(simulated('a-1/high', second * 1000));
      expect(told(register.take(simulated('a-1/high', second * 1000 + 500, false)))).toEqual([
        'cleared returned-unacknowledged',
      ]);
    }
    register.take(simulated('a-1/major', 20_000));
    expect(told(register.take(claim('a-1/minor', 21_000)))).toEqual(['raised active-unacknowledged']);
    expect(told(register.take(simulated('a-1/minor', 22_000)))).toEqual([]);
    register.take(claim('a-1/minor', 23_000, false));
    expect(told(register.take(simulated('a-1/minor', 24_000)))).toEqual(['suppressed suppressed']);
  });

  it('makes no incident with measured ones, before, beside or after them', () => {
    const register = new AlarmRegister(catalogueOf());
    const book = new IncidentBook(catalogueOf());
    const incidentsOf = (finding: ReturnType<typeof claim>) =>
      register.take(finding).map((change) => book.take(change).event.data['incident']);
    const [real] = incidentsOf(claim('a-1/high', 1000));
    const [test] = incidentsOf(simulated('a-1/low', 2000));
    const [second] = incidentsOf(simulated('a-1/flow', 2500));
    expect(test).not.toBe(real);
    expect(second).toBe(test);
    // measured now: it leaves the test, which goes on
    expect(incidentsOf(claim('a-1/low', 3000))).toEqual([test, real]);
    incidentsOf({ ...simulated('a-1/flow', 4000, false) });
    expect(book.current().map(({ id }) => id)).toEqual([real]);
    expect(incidentsOf(claim('a-1/low', 5000, false))).toEqual([real]);
    incidentsOf(claim('a-1/high', 5000, false));
    expect(book.current()).toEqual([]);
    expect(incidentsOf(simulated('a-1/high', 6000))).toEqual(['a-1/high@6000']);
    expect(incidentsOf(claim('a-1/high', 7000)).at(-1)).toBe(real);
  });

  it('counts in no figure of the alarm system, and can be no verdict on a detector', () => {
    const register = new AlarmRegister(catalogueOf());
    const announcements = new Announcements();
    const verdicts = new VerdictBook(() => true);
    const hear = (finding: ReturnType<typeof claim>) => {
      for (const { event } of register.take(finding)) {
        announcements.hear(stored(event));
        verdicts.hear(stored(event));
      }
    };
    hear(simulated('a-1/high', 1000));
    hear(simulated('a-1/high', 2000, false));
    hear(claim('a-2/high', 3000));
    expect(announcements.all().map(({ id }) => id)).toEqual(['a-2/high']);
    expect([...verdicts.all()].map(({ asset }) => asset)).toEqual(['a-2']);
  });
});
