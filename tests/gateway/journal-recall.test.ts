import { expect, it } from 'vitest';
import { AlarmBooks } from '../../edge/alarms/books.ts';
import type { IncidentCatalogue } from '../../edge/alarms/incidents/incident-book.ts';
import { Topology } from '../../edge/alarms/incidents/topology.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { AlarmDesk } from '../../edge/gateway/alarm-desk.ts';
import { newFolder, open as openStore } from '../store/fixture.ts';

const text = { zh: '文', en: 'text' };
const catalogue: IncidentCatalogue = {
  subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
  alarm: () => ({
    priority: 'high',
    riskLevel: 'III',
    safety: false,
    message: text,
    cause: text,
    response: text,
    spreads: undefined,
  }),
  topology: new Topology(new Map()),
};
const assets = 400;
const cycles = 2_000;

async function open(dir: string, clock: VirtualClock) {
  const store = await openStore(dir, { clock });
  const desk = new AlarmDesk({
    ...{ gateway: 'gw', catalogue, journal: store.journal, snapshots: store.snapshots, clock, log: silentLog },
    onChange: () => undefined,
    onFinding: () => undefined,
    follows: () => true,
  });
  const [now, later]: [number[], number[]] = [[], []];
  const into = (list: number[]) => (event: Event) => void list.push(event.sequence);
  await desk.replay(into(now), into(later));
  const claim = (asset: number, active: boolean) =>
    desk.take({
      asset: `a-${asset}`,
      kind: 'low',
      from: 'limit',
      active,
      score: 1,
      evidence: [],
      time: clock.wallMs(),
    });
  return { desk, store, claim, now, later };
}

const seen = (desk: AlarmBooks | AlarmDesk, nowMs: number) => ({
  alarms: new Map(desk.register.recent(1e6).map((alarm) => [alarm.id, alarm])),
  verdicts: [...desk.verdicts.all()],
  report: desk.verdicts.report(nowMs),
  incidents: desk.incidents.current(),
  work: desk.work.over(),
  widened: desk.tolerances.widened(),
  maintenance: new Set(desk.maintenance.periods(nowMs)),
  flood: desk.flood.current,
});

/** Alarms that come and go: some are judged, worked on, and kept out of view meanwhile. */
async function work({ desk, claim }: Awaited<ReturnType<typeof open>>, clock: VirtualClock): Promise<void> {
  for (let cycle = 0; cycle < cycles; cycle++) {
    const asset = cycle % assets;
    const id = `a-${asset}/low`;
    claim(asset, true);
    const incident = desk.incidents.current()[0]?.id ?? '';
    const by = { by: '张工', note: '', at: clock.wallMs() };
    if (cycle % 7 === 0) {
      for (const did of ['acknowledged', 'closed-out'] as const)
        if (cycle % 14 === 0 || did === 'acknowledged') {
          const told = desk.work.act(incident, { did, ...by });
          if (told) void desk.record(told);
        }
    }
    void desk.acknowledge(id, '张工');
    claim(asset, false);
    if (cycle % 5 === 0) void desk.judge(id, { verdict: asset < 3 ? 'nuisance' : 'useful', by: '张工', note: '' });
    if (cycle % 50 === 0) await desk.hangTag(`plc-${cycle}`, { by: '张工', reason: '换模块', forMs: 86_400_000 });
    if (cycle % 50 === 10) await desk.takeTagOff(`plc-${cycle - 10}`, '张工');
    await clock.advance(2_000);
    if (cycle % 100 === 99) await desk.review();
  }
}

it('after a restart the newest events are there at once, and soon all that a whole replay would give', async () => {
  const dir = await newFolder();
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const first = await open(dir, clock);
  await work(first, clock);
  await first.desk.stop();
  const { last } = first.store.journal;
  const whole = new AlarmBooks(catalogue, () => true);
  for (const event of await first.store.journal.read(0, last)) whole.restore(event);
  const expected = seen(whole, clock.wallMs());
  expect(last).toBeGreaterThan(8_000);
  expect(expected.widened.length).toBeGreaterThan(0);
  expect(expected.work.closed.length).toBeGreaterThan(100);
  expect(expected.maintenance.size).toBe(cycles / 50);
  await first.store.close();

  const second = await open(dir, clock);
  expect(second.now.length).toBeLessThan(last - 2_000);
  expect(second.later).toEqual([]);
  const { widened, incidents } = expected;
  expect(seen(second.desk, clock.wallMs())).toMatchObject({ widened, incidents });
  expect([...second.desk.verdicts.all()].length).toBeLessThan(expected.verdicts.length);
  await second.desk.recalled();
  expect(second.later).toEqual(Array.from({ length: last }, (_, index) => index + 1));
  expect(seen(second.desk, clock.wallMs())).toEqual(expected);
  await second.store.close();
});

it('what comes before everything is recalled is not overwritten, and people reach alarms that are not recalled yet', async () => {
  const dir = await newFolder();
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const first = await open(dir, clock);
  first.claim(assets, true);
  first.claim(assets, false);
  await first.desk.acknowledge(`a-${assets}/low`, '张工');
  first.claim(assets + 1, true);
  first.claim(assets + 1, false);
  await first.desk.acknowledge(`a-${assets + 1}/low`, '张工');
  await work(first, clock);
  await first.store.close();

  const second = await open(dir, clock);
  expect(second.desk.register.get(`a-${assets}/low`)).toBeUndefined();
  second.claim(assets, true);
  const raised = second.desk.register.get(`a-${assets}/low`);
  const judged = await second.desk.judge(`a-${assets + 1}/low`, { verdict: 'useful', by: '李工', note: '' });
  expect(judged).toBe('done');
  expect(second.desk.register.get(`a-${assets}/low`)).toEqual(raised);
  expect(second.desk.register.get(`a-${assets + 1}/low`)?.judgement?.verdict).toBe('useful');
  const verdicts = [...second.desk.verdicts.all()].filter(({ asset }) => asset === `a-${assets}`);
  expect(verdicts.map(({ clearedAt }) => clearedAt !== undefined)).toEqual([true, false]);
  await second.store.close();
});
