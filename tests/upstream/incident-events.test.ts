import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { IncidentBook } from '../../edge/alarms/incidents/incident-book.ts';
import { WorkBook } from '../../edge/alarms/incidents/work-book.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import type { WorkEntry } from '../../edge/core/incident-work.ts';
import { toCloudEvent } from '../../edge/upstream/cloudevents.ts';
import { eventMessage } from '../../edge/upstream/mqtt-json/messages.ts';
import { defaultTopics } from '../../edge/upstream/mqtt-json/topic-template.ts';
import { eventSubject } from '../../edge/upstream/nats/subjects.ts';
import { catalogueOf, claim } from '../alarms/desk.ts';

const gateway = 'hrb-07';
const golden = JSON.parse(readFileSync(new URL('golden/incident-work.json', import.meta.url), 'utf8'));

/** What the journal has of a burst that people deal with, as the desk brings it about. */
function burst(): readonly Event[] {
  const base = catalogueOf({ burst: { spreads: 'both', explains: ['pressure-low'] } });
  const subject = (id: string) => ({ ...base.subject(id), grid: '230103005012', location: [126.64, 45.75] as const });
  const catalogue = { ...base, subject };
  const [register, incidents, work] = [new AlarmRegister(catalogue), new IncidentBook(catalogue), new WorkBook()];
  const journal: Event[] = [];
  const append = (events: readonly NewEvent[]) => {
    for (const event of events) {
      journal.push({ ...event, stream: 'events', epoch: 'mk4z1c2a-00112233aabbccdd', sequence: journal.length + 1 });
    }
  };
  let at = Date.UTC(2026, 0, 15, 8);
  const say = (id: string, active = true) => {
    at += 60_000;
    for (const change of register.take(claim(id, at, active))) {
      const { event, told } = incidents.take(change);
      append([event, ...work.follow(event, told, gateway)]);
    }
  };
  const act = (entry: Partial<WorkEntry> & Pick<WorkEntry, 'did'>) => {
    at += 60_000;
    const event = work.act(incident, { by: '张工', at, note: '', ...entry } as WorkEntry);
    append(event ? [event] : []);
  };
  say('dma-2/burst');
  const incident = String(journal[0]?.data['incident']);
  act({ did: 'acknowledged' });
  act({ did: 'dispatched', to: '抢修二班', note: '带听漏仪' });
  act({ did: 'step-done', alarm: 'dma-2/burst', step: 0 });
  act({ did: 'step-undone', alarm: 'dma-2/burst', step: 0 });
  act({ did: 'noted', note: '阀门锈死' });
  act({ did: 'closed-out', note: '转抢修' });
  say('dma-2/pressure-low');
  say('dma-2/burst', false);
  say('dma-2/pressure-low', false);
  return journal.filter(({ type }) => type.startsWith('incident.'));
}

describe('the events of an incident and of the work on it', () => {
  const events = burst();

  it('equal their golden file as CloudEvents', () => {
    expect(events.map((event) => toCloudEvent(gateway, event))).toEqual(golden);
  });

  it('are of every type that there is but one, which the place of the root or its level brings', () => {
    expect(events.map(({ type }) => type.slice('incident.'.length))).toEqual([
      ...['opened', 'acknowledged', 'dispatched', 'step-done', 'step-undone', 'noted', 'closed-out', 'reopened'],
      'closed',
    ]);
  });

  it('go to the topic and the subject of the asset of their root', () => {
    for (const event of events) {
      expect(eventMessage({ prefix: 'lifeline', gateway }, defaultTopics.events, event).topic).toBe(
        'lifeline/hrb-07/events/water/dma-2',
      );
      expect(eventSubject({ prefix: 'lifeline', gateway }, event)).toBe('lifeline.hrb-07.events.water.230103.dma-2');
    }
  });
});
