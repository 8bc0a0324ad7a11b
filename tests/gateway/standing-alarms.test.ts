import { expect, it } from 'vitest';
import type { IncidentCatalogue } from '../../edge/alarms/incidents/incident-book.ts';
import { Topology } from '../../edge/alarms/incidents/topology.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { AlarmDesk } from '../../edge/gateway/alarm-desk.ts';
import { newFolder, open as openStore } from '../store/fixture.ts';

const text = { zh: '文', en: 'text' };
const catalogue: IncidentCatalogue = {
  subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
  alarm: () => ({
    ...{ priority: 'high', riskLevel: 'III', safety: false, message: text, cause: text, response: text },
    spreads: 'downstream',
    spreadsAs: ['*'],
  }),
  topology: new Topology(new Map([['station', ['dma-1', 'dma-2']]])),
};

async function open(dir: string, clock: VirtualClock) {
  const store = await openStore(dir, { clock });
  const desk = new AlarmDesk({
    ...{ gateway: 'gw', catalogue, journal: store.journal, snapshots: store.snapshots, clock, log: silentLog },
    onChange: () => undefined,
    onFinding: () => undefined,
    follows: () => false,
  });
  /** Values set by hand that a restart tells of. */
  const values = new Set<unknown>();
  await desk.replay(({ type, data }) => {
    if (type === 'value.substituted') values.add(data['tag']);
    if (type === 'value.restored') values.delete(data['tag']);
  });
  const claim = (asset: string, active: boolean) =>
    desk.take({ asset, kind: 'low-pressure', from: 'limit', active, score: 1, evidence: [], time: clock.wallMs() });
  return { desk, store, claim, values };
}

const other = (time: number): NewEvent => ({
  type: 'order.refused',
  ...{ time, subject: 'gw', utility: 'gateway', data: { id: String(time) } },
});

/** So many events that are about no alarm, a review after each few thousand as once a minute in a gateway. */
async function pass({ desk, store }: Awaited<ReturnType<typeof open>>, events: number, clock: VirtualClock) {
  for (let written = 0; written < events; written += 4_000) {
    await store.journal.append(Array.from({ length: 4_000 }, (_, index) => other(clock.wallMs() + index)));
    await clock.advance(60_000);
    await desk.review();
  }
}

const byHand = (type: 'value.substituted' | 'value.restored', tag: string): NewEvent => ({
  ...{ type, time: 0, subject: 'plc', utility: 'gateway', data: { tag } },
});

const seen = ({ desk }: Awaited<ReturnType<typeof open>>) => ({
  alarms: desk.register.current(),
  incidents: desk.incidents.current(),
  maintenance: desk.maintenance.current(),
});

it('alarms and incidents that stand are as they were after a restart, however many events came since', async () => {
  const dir = await newFolder();
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const first = await open(dir, clock);
  first.claim('dma-1', true);
  await clock.advance(1_000);
  first.claim('station', true);
  await clock.advance(1_000);
  first.claim('dma-2', true);
  await first.desk.acknowledge('dma-1/low-pressure', '张工');
  first.claim('dma-2', false);
  await first.desk.acknowledge('dma-2/low-pressure', '张工');
  first.claim('elsewhere', true);
  await first.desk.acknowledge('elsewhere/low-pressure', '张工');
  first.claim('elsewhere', false);
  for (const subject of ['plc-7', 'plc-8'])
    await first.desk.hangTag(subject, { by: '张工', reason: '换模块', forMs: 86_400_000 });
  await first.desk.takeTagOff('plc-8', '张工');
  for (const tag of ['plc/p', 'plc/q']) await first.desk.record(byHand('value.substituted', tag));
  await first.desk.record(byHand('value.restored', 'plc/q'));
  await pass(first, 60_000, clock);
  const before = seen(first);
  expect(before.alarms.map(({ id }) => id)).toEqual(['station/low-pressure', 'dma-1/low-pressure']);
  expect(before.incidents).toMatchObject([{ root: 'station/low-pressure' }]);
  expect(before.incidents[0]?.members.size).toBe(3);
  await first.store.close(); // no goodbye of the desk: a kill writes down nothing more

  const second = await open(dir, clock);
  expect(seen(second)).toEqual(before);
  expect(before.maintenance.map(({ subject }) => subject)).toEqual(['plc-7']);
  expect([...second.values]).toEqual(['plc/p']);
  await pass(second, 60_000, clock);
  await second.store.close();
  const third = await open(dir, clock);
  expect(seen(third)).toEqual(before);
  third.claim('dma-1', false);
  third.claim('station', false);
  await third.desk.acknowledge('station/low-pressure', '李工');
  await third.desk.takeTagOff('plc-7', '李工');
  await third.desk.record(byHand('value.restored', 'plc/p'));
  await pass(third, 60_000, clock);
  await third.store.close();
  const fourth = await open(dir, clock);
  expect(seen(fourth)).toEqual({ alarms: [], incidents: [], maintenance: [] });
  expect([...fourth.values]).toEqual([]);
  await fourth.store.close();
});

it('a journal of many events in which nothing was written down of what stands is replayed from its beginning', async () => {
  const dir = await newFolder();
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const first = await open(dir, clock);
  first.claim('dma-1', true);
  await first.desk.record(other(clock.wallMs()));
  await first.store.journal.append(Array.from({ length: 60_000 }, (_, index) => other(index)));
  const before = seen(first);
  await first.store.close();
  const second = await open(dir, clock);
  expect(seen(second)).toEqual(before);
  await second.store.close();
});
