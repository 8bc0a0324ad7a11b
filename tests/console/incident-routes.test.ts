import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { IncidentsView, IncidentView } from '../../edge/console/incident-wire.ts';
import { type Console, type ConsoleOptions, createConsole } from '../../edge/console/server.ts';
import type { AlarmsView } from '../../edge/console/wire.ts';
import type { AuditLog } from '../../edge/core/audit.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createFixture, type Fixture, onLoopback } from './fixture.ts';

const steps = [
  { zh: '现场警戒，疏散行人车辆', en: 'Guard the place, lead people and traffic away' },
  { zh: '关闭两侧阀门', en: 'Shut the valves on both sides' },
];

let clock: VirtualClock;
let city: Fixture;
let server: Console;
let url: string;
let audit: AuditLog;

beforeEach(() => {
  clock = new VirtualClock(Date.UTC(2026, 0, 15, 4));
  city = createFixture(clock, { spareTags: 2 });
  return serve('operator');
});
afterEach(() => server.stop());

async function serve(role: ConsoleOptions['localRole']): Promise<void> {
  await server?.stop();
  const options = onLoopback(role);
  audit = options.audit;
  server = createConsole({ ...options, source: city.source, clock });
  url = (await server.start()).url;
}

const read = async <T>(path: string) => (await (await fetch(`${url}/api/${path}`)).json()) as T;
const incidents = () => read<IncidentsView>('incidents');
const incident = (id: string) => read<IncidentView>(`incident?${new URLSearchParams({ id })}`);

async function act(what: string, body: object) {
  await clock.advance(60_000);
  const headers = { 'content-type': 'application/json', origin: url };
  const init = { method: 'POST', headers, body: JSON.stringify({ by: '张工', ...body }) };
  const response = await fetch(`${url}/api/incident-${what}`, init);
  const answer = (await response.json()) as { readonly code?: string; readonly result?: string };
  return [response.status, answer.code ?? answer.result];
}

describe('an incident', () => {
  it('is taken, somebody is sent, steps are ticked, it is closed with a note, and open again when an alarm comes', async () => {
    city.raise({ asset: 'dma-3', kind: 'burst', steps, message: { zh: '爆管', en: 'Burst' } });
    const id = (await incidents()).incidents[0]!.id;
    expect((await incidents()).incidents[0]).toMatchObject({ stage: 'open', crew: '', steps: 2, stepsDone: 0 });

    expect(await act('acknowledge', { incident: id, note: '已知' })).toEqual([200, 'done']);
    expect(await act('acknowledge', { incident: id })).toEqual([200, 'already']);
    expect(await act('dispatch', { incident: id, to: '抢修二班' })).toEqual([200, 'done']);
    expect(await act('step', { incident: id, alarm: 'dma-3/burst', step: 0, done: true })).toEqual([200, 'done']);
    expect((await incidents()).incidents[0]).toMatchObject({ stage: 'dispatched', crew: '抢修二班', stepsDone: 1 });
    expect(await act('close', { incident: id, note: '阀门已关，转抢修' })).toEqual([200, 'done']);
    const { alarms } = await read<AlarmsView>('alarms');
    expect(alarms).toMatchObject([{ id: 'dma-3/burst', state: 'active-acknowledged', acknowledgedBy: '张工' }]);

    city.raise({ asset: 'dma-3', kind: 'pressure-low' });
    const { stage, work, checklist } = await incident(id);
    expect([stage, checklist]).toEqual(['open', [{ alarm: 'dma-3/burst', steps }]]);
    expect(work.ticks).toMatchObject([{ alarm: 'dma-3/burst', step: 0, by: '张工' }]);
    expect(work.entries.map(({ did, by }) => [did, by])).toEqual([
      ...['acknowledged', 'dispatched', 'step-done', 'closed-out'].map((did) => [did, '张工']),
      ['reopened', 'hrb-07'],
    ]);
    expect(work.entries.at(-1)).toMatchObject({ why: 'new-alarm', alarm: 'dma-3/pressure-low' });
  });

  it('stands among those that are closed once it is over, and can still be looked at', async () => {
    const alarm = city.raise({ asset: 'dma-3', kind: 'burst' });
    const id = (await incidents()).incidents[0]!.id;
    await act('acknowledge', { incident: id });
    city.clear(alarm);
    expect(await incidents()).toMatchObject({ total: 1, incidents: [{ id, standing: 0 }], closed: [] });
    expect(await act('close', { incident: id, note: '恢复供水' })).toEqual([200, 'done']);
    expect(await incidents()).toMatchObject({ total: 0, incidents: [], closed: [{ id, stage: 'closed' }] });
    expect((await incident(id)).alarms).toMatchObject([{ id: alarm }]);
    expect(await act('reopen', { incident: id, note: '复查' })).toEqual([200, 'done']);
    expect(await incidents()).toMatchObject({ total: 1, closed: [] });
  });

  it('leaves alarms of safety to be acknowledged one by one, and is not closed while one of them stands', async () => {
    const gas = city.raise({ asset: 'reg-1', kind: 'methane-high', safety: true, steps });
    const other = city.raise({ asset: 'reg-1', kind: 'fan-failed' });
    const id = (await incidents()).incidents[0]!.id;
    await act('acknowledge', { incident: id });
    const states = (await read<AlarmsView>('alarms')).alarms.map((one) => [one.id, one.state]);
    expect(Object.fromEntries(states)).toEqual({ [gas]: 'active-unacknowledged', [other]: 'active-acknowledged' });
    expect(await act('close', { incident: id, note: '完' })).toEqual([409, 'LL-ALARM-INCIDENT-SAFETY']);
    city.clear(gas);
    expect(await act('close', { incident: id, note: '浓度归零，复测合格' })).toEqual([200, 'done']);
  });

  it('shows where the cases of the platform stand, the one that changed last first', async () => {
    const of = { stage: 'filed', unit: '供水集团', note: '', by: 'city' } as const;
    city.raise({ asset: 'dma-3', kind: 'burst', cityCase: { ...of, number: 'A-1', at: 1 } });
    city.raise({ asset: 'dma-3', kind: 'pressure-low', cityCase: { ...of, number: 'A-2', stage: 'closed', at: 2 } });
    expect((await incidents()).incidents[0]?.cases.map(({ number, stage }) => [number, stage])).toEqual([
      ['A-2', 'closed'],
      ['A-1', 'filed'],
    ]);
  });

  it('has in the audit log who did what, and how it stood before and after', async () => {
    city.raise({ asset: 'dma-3', kind: 'burst', steps });
    const id = (await incidents()).incidents[0]!.id;
    await act('dispatch', { incident: id, to: '一班', note: '带泵' });
    const [entry] = await audit.list(Number.MAX_SAFE_INTEGER, 1);
    expect(entry).toMatchObject({
      ...{ who: '张工', action: '/api/incident-dispatch', target: id, outcome: 'done' },
      before: { stage: 'open', over: false, stepsDone: 0 },
      after: { stage: 'dispatched', to: '一班', note: '带泵' },
    });
  });

  it.each([
    ['acknowledge', { incident: 'none@1' }, 404],
    ['dispatch', { to: ' ' }, 400],
    ['dispatch', {}, 400],
    ['close', { note: '' }, 400],
    ['close', { note: 'a\u0007b' }, 400],
    ['step', { alarm: 'dma-3/burst', step: 2, done: true }, 404],
    ['step', { alarm: 'dma-4/burst', step: 0, done: true }, 404],
    ['step', { alarm: 'dma-3/burst', step: -1, done: true }, 400],
    ['note', { note: 'x'.repeat(501) }, 400],
    ['reopen', { note: '再', more: 1 }, 400],
  ])('is left alone where it is asked wrongly: %s %j', async (what, body, status) => {
    city.raise({ asset: 'dma-3', kind: 'burst', steps });
    const id = (await incidents()).incidents[0]!.id;
    expect((await act(what, { incident: id, ...body }))[0]).toBe(status);
    expect((await incident(id)).work).toEqual({ stage: 'open', entries: [], ticks: [] });
  });

  it('is nothing that a viewer changes', async () => {
    await serve('viewer');
    city.raise({ asset: 'dma-3', kind: 'burst' });
    const id = (await incidents()).incidents[0]!.id;
    expect(await act('acknowledge', { incident: id })).toEqual([403, 'LL-CONSOLE-ROLE']);
  });
});
