import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IncidentBook } from '../../edge/alarms/incidents/incident-book.ts';
import { untouched, type WorkInput, worked, workTransition } from '../../edge/alarms/incidents/work.ts';
import { WorkBook } from '../../edge/alarms/incidents/work-book.ts';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { StandingEvents } from '../../edge/alarms/standing.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import { type WorkEntry, type WorkStage, workStages } from '../../edge/core/incident-work.ts';
import { catalogueOf, claim } from './desk.ts';

const by = '张工';
const inputs = ['acknowledge', 'dispatch', 'close', 'reopen'] as const satisfies readonly WorkInput[];

/** The reference: an incident is described by what is true of it. */
function reference(sequence: readonly WorkInput[]): WorkStage {
  let [taken, sent, done] = [false, false, false];
  for (const input of sequence) {
    if (input === 'reopen' && done) [taken, sent, done] = [false, false, false];
    else if (done || input === 'reopen') continue;
    else if (input === 'close') done = true;
    else if (input === 'dispatch') [taken, sent] = [true, true];
    else taken = true;
  }
  return done ? 'closed' : sent ? 'dispatched' : taken ? 'acknowledged' : 'open';
}

describe('the stages of the work on an incident', () => {
  it('are those of the reference model after any sequence, and all are reached', () => {
    const reached = new Set<WorkStage>();
    const sequences = fc.array(fc.constantFrom(...inputs), { maxLength: 12 });
    fc.assert(
      fc.property(sequences, (sequence) => {
        const stage = sequence.reduce<WorkStage>((now, input) => workTransition(now, input) ?? now, 'open');
        reached.add(stage);
        expect(stage).toBe(reference(sequence));
      }),
      { numRuns: 20_000 },
    );
    expect([...reached].sort()).toEqual([...workStages].sort());
  });

  it('change nothing by a tick, which is made and taken back once', () => {
    const tick = (did: 'step-done' | 'step-undone', step: number): WorkEntry => ({
      ...{ did, by, at: 1, note: '', alarm: 'pump/tripped', step },
    });
    const once = worked(untouched, tick('step-done', 1));
    expect(once).toMatchObject({ stage: 'open', ticks: [{ alarm: 'pump/tripped', step: 1, by, at: 1 }] });
    expect(worked(once!, tick('step-done', 1))).toBeUndefined();
    expect(worked(once!, tick('step-undone', 0))).toBeUndefined();
    expect(worked(once!, tick('step-undone', 1))).toMatchObject({ ticks: [], entries: { length: 2 } });
  });
});

/** A register with its incidents and the work on them, and everything that was journaled. */
function city() {
  const catalogue = catalogueOf({ grave: { riskLevel: 'I' }, slight: { riskLevel: 'IV' } });
  const register = new AlarmRegister(catalogue);
  const incidents = new IncidentBook(catalogue);
  const work = new WorkBook();
  const journal: Event[] = [];
  const append = (events: readonly NewEvent[]) => {
    for (const event of events) journal.push({ ...event, stream: 'events', epoch: 'e', sequence: journal.length + 1 });
  };
  let clock = 0;
  const say = (id: string, active = true): string => {
    clock += 1_000;
    let incident = '';
    for (const change of register.take(claim(id, clock, active))) {
      const { event, told } = incidents.take(change);
      append([event, ...work.follow(event, told, 'gw')]);
      if (typeof event.data['incident'] === 'string') incident = event.data['incident'];
    }
    return incident;
  };
  const act = (id: string, entry: Partial<WorkEntry> & Pick<WorkEntry, 'did'>) => {
    clock += 1_000;
    const event = work.act(id, { by, at: clock, note: '', ...entry } as WorkEntry);
    append(event ? [event] : []);
    return event?.type;
  };
  const acknowledgeAll = () => {
    for (const { id } of register.current()) register.acknowledge(id, by, clock);
  };
  return { say, act, acknowledgeAll, work, incidents, journal, stage: (id: string) => work.get(id)?.work.stage };
}

const typesOf = (journal: readonly Event[]) =>
  journal.flatMap(({ type }) => (type.startsWith('incident.') ? [type.slice('incident.'.length)] : []));

describe('work on incidents', () => {
  it('tells with each event who did what, and the whole of the work', () => {
    const { say, act, journal } = city();
    const id = say('pump/tripped');
    act(id, { did: 'acknowledged' });
    act(id, { did: 'dispatched', to: '抢修二班', note: '带应急泵' });
    expect(act(id, { did: 'acknowledged' })).toBeUndefined();
    act(id, { did: 'closed-out', note: '已复电' });
    expect(typesOf(journal)).toEqual(['opened', 'acknowledged', 'dispatched', 'closed-out']);
    expect(journal.at(-2)).toMatchObject({ type: 'incident.dispatched', subject: 'pump' });
    expect(journal.at(-2)?.data).toMatchObject({
      ...{ incident: id, asset: 'pump', kind: 'tripped', members: ['pump/tripped'], endedAt: null },
      ...{ by, to: '抢修二班', note: '带应急泵', work: { stage: 'dispatched', entries: { length: 2 } } },
    });
  });

  it('stays closed while its alarms stand, and is open again, unacknowledged, when one comes or comes back', () => {
    const { say, act, stage, journal } = city();
    const id = say('pump/tripped');
    act(id, { did: 'closed-out', note: '误报' });
    expect(stage(id)).toBe('closed');
    expect(say('pump/noise')).toBe(id);
    expect(stage(id)).toBe('open');
    expect(journal.at(-1)).toMatchObject({
      ...{ type: 'incident.reopened', data: { by: 'gw', why: 'new-alarm', alarm: 'pump/noise' } },
    });
    act(id, { did: 'closed-out', note: '再次关闭' });
    say('pump/tripped', false);
    expect(stage(id)).toBe('closed');
    say('pump/tripped');
    expect(journal.at(-1)?.data).toMatchObject({ why: 'raised-again', alarm: 'pump/tripped' });
    expect(stage(id)).toBe('open');
  });

  it('is opened again by a person, with a reason, and by nobody where it is not closed', () => {
    const { say, act, journal } = city();
    const id = say('pump/tripped');
    const again = { did: 'reopened', why: 'person', alarm: '', note: '复查' } as const;
    expect(act(id, again)).toBeUndefined();
    act(id, { did: 'closed-out', note: '完' });
    expect(act(id, again)).toBe('incident.reopened');
    expect(journal.at(-1)?.data).toMatchObject({ by, why: 'person', note: '复查' });
  });

  it('goes on when nothing stands any more, until somebody closes it; what nobody touched goes', () => {
    const { say, act, acknowledgeAll, work, stage } = city();
    const [taken, left] = [say('pump/tripped'), say('lamp/dark')];
    act(taken, { did: 'dispatched', to: '一班' });
    acknowledgeAll();
    say('pump/tripped', false);
    say('lamp/dark', false);
    expect([stage(taken), stage(left)]).toEqual(['dispatched', undefined]);
    expect(work.over().unclosed.map(({ id, endedAt }) => [id, endedAt])).toEqual([[taken, 4_000]]);
    act(taken, { did: 'closed-out', note: '恢复供水' });
    const { unclosed, closed } = work.over();
    expect([unclosed.length, closed.map(({ id }) => id)]).toEqual([0, [taken]]);
  });

  it('is closed by the gateway, oldest first and journaled, when more than 500 are over and nobody closes them', () => {
    const { say, act, work, journal } = city();
    const ids = Array.from({ length: 502 }, (_, index) => {
      const id = say(`pump-${index}/tripped`);
      act(id, { did: 'noted', note: '看过' });
      say(`pump-${index}/tripped`, false);
      return id;
    });
    expect(work.over().unclosed).toHaveLength(500);
    const closed = journal.filter(({ type }) => type === 'incident.closed-out');
    expect(closed.map(({ data }) => [data['incident'], data['by']])).toEqual(ids.slice(0, 2).map((id) => [id, 'gw']));
  });

  it('is after a restart as it was, from the whole journal and from what stands alone', () => {
    const ids = ['pump/tripped', 'pump/noise', 'lamp/dark', 'valve/stuck'] as const;
    const acts = [
      { did: 'acknowledged' },
      { did: 'dispatched', to: '一班' },
      { did: 'closed-out', note: '完' },
      { did: 'reopened', why: 'person', alarm: '', note: '再看' },
      { did: 'noted', note: '看过' },
      { did: 'step-done', alarm: 'pump/tripped', step: 0 },
    ] as const;
    const step = fc.oneof(
      fc.record({ id: fc.constantFrom(...ids), active: fc.boolean() }),
      fc.record({ of: fc.constantFrom(...ids), act: fc.constantFrom(...acts) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        const { say, act, work, incidents, journal } = city();
        const incidentOf = new Map<string, string>();
        for (const one of steps) {
          if ('id' in one) incidentOf.set(one.id, say(one.id, one.active) || (incidentOf.get(one.id) ?? ''));
          else act(incidentOf.get(one.of) ?? '', one.act);
        }
        const shelves = (book: WorkBook, open: IncidentBook) => ({
          standing: open.current().map(({ id }) => [id, book.get(id)?.work]),
          unclosed: book.over().unclosed.map(({ id, endedAt, work }) => [id, endedAt, work]),
        });
        const restored = (events: readonly Event[]) => {
          const [again, open] = [new WorkBook(), new IncidentBook(catalogueOf())];
          for (const event of events) {
            open.restore(event);
            again.restore(event);
          }
          open.replayed();
          return shelves(again, open);
        };
        const standing = new StandingEvents();
        for (const event of journal) standing.hear(event);
        const { sequences } = standing.record();
        const sorted = (shelf: ReturnType<typeof shelves>) => ({
          standing: shelf.standing.toSorted(),
          unclosed: shelf.unclosed.toSorted(),
        });
        expect(restored(journal)).toEqual(shelves(work, incidents));
        expect(sorted(restored(sequences.map((sequence) => journal[sequence - 1]!)))).toEqual(
          sorted(shelves(work, incidents)),
        );
      }),
      { numRuns: 400 },
    );
  });
});
