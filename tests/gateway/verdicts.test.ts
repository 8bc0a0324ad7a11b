import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Topology } from '../../edge/alarms/incidents/topology.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { AlarmDesk } from '../../edge/gateway/alarm-desk.ts';
import { openStore } from '../../edge/store/store.ts';

const text = { zh: '文', en: 'text' };
const catalogue = {
  subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
  alarm: () =>
    ({ priority: 'high', riskLevel: 'III', safety: false, message: text, cause: text, response: text }) as const,
  topology: new Topology(new Map()),
};

/** A desk over a store on disk, as a gateway has it after its start. */
async function open(dir: string, clock: VirtualClock) {
  const store = await openStore({ dir, tags: new TagTable([]), clock, random: seededRandom(1), log: silentLog });
  const desk = new AlarmDesk({
    ...{ gateway: 'gw', catalogue, journal: store.journal, snapshots: store.snapshots, clock, log: silentLog },
    onChange: () => undefined,
    onFinding: () => undefined,
    follows: (detector) => detector === 'jump',
  });
  await desk.replay();
  return { desk, store };
}

it('a verdict is on disk when it is confirmed, and survives a restart with its report', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-verdicts-'));
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const first = await open(dir, clock);
  const claim = { asset: 'dma-2', kind: 'burst', from: 'district-burst', score: 1, evidence: [] };
  first.desk.take({ ...claim, active: true, time: clock.wallMs() });
  const given = { verdict: 'wrong-cause', note: '消防用水', by: '张工' } as const;
  expect(await first.desk.judge('dma-2/none', given)).toBe('unknown');
  expect(await first.desk.judge('dma-2/burst', given, 1)).toBe('raised-again');
  expect(await first.desk.judge('dma-2/burst', given, clock.wallMs())).toBe('done');
  expect((await first.store.journal.read(0, 9)).at(-1)).toMatchObject({ type: 'alarm.judged', subject: 'dma-2' });
  const report = first.desk.verdictReport();
  expect(report.detectors).toMatchObject([{ detector: 'district-burst', raised: 1, wrongCause: 1, nuisance: 0 }]);
  await first.desk.stop();
  await first.store.close();
  const second = await open(dir, clock);
  expect(second.desk.verdictReport()).toEqual(report);
  expect(second.desk.register.recent(1)[0]!.judgement).toEqual({ ...given, at: clock.wallMs() });
  await second.store.close();
  await rm(dir, { recursive: true });
});

it('three verdicts of nuisance widen the limits of that claim alone, journaled once, over restarts, until one of useful', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-verdicts-'));
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const { desk, store } = await open(dir, clock);
  const raise = async (kind: string, from: string) => {
    const claim = { asset: 'main-1', kind, from, score: 1, evidence: [], time: clock.wallMs() };
    desk.take({ ...claim, active: true });
    desk.take({ ...claim, active: false });
    await desk.acknowledge(`main-1/${kind}`, 'op');
    await clock.advance(3_600_000);
  };
  const by = { note: '', by: 'op' };
  for (let time = 0; time < 3; time++) {
    await raise('main-break', 'jump');
    await raise('pressure-low', 'limit');
    for (const kind of ['main-break', 'pressure-low'])
      await desk.judge(`main-1/${kind}`, { ...by, verdict: 'nuisance' });
  }
  expect(['main-break', 'pressure-low', 'burst'].map((kind) => desk.tolerances.of(`main-1/${kind}`))).toEqual([
    1.25, 1, 1,
  ]);
  expect(desk.verdictReport().widened).toMatchObject([{ asset: 'main-1', kind: 'main-break', factor: 1.25 }]);
  await desk.review();
  const moves = async (journal: typeof store.journal) =>
    (await journal.read(0, 99)).filter(({ type }) => type === 'detection.tolerance-changed');
  expect(await moves(store.journal)).toMatchObject([
    { subject: 'main-1', data: { kind: 'main-break', before: 1, factor: 1.25, why: 'nuisance' } },
  ]);
  expect((await moves(store.journal))[0]!.data['message']).toEqual({
    zh: 'main-1/main-break 的限值 × 1 → × 1.25：14 天内三次被评为误扰',
    en: 'limits of main-1/main-break × 1 → × 1.25: three times judged a nuisance within 14 days',
  });
  await desk.stop();
  await store.close();
  const again = await open(dir, clock);
  await again.desk.review();
  expect(again.desk.tolerances.of('main-1/main-break')).toBe(1.25);
  expect(await moves(again.store.journal)).toHaveLength(1);
  again.desk.take({
    asset: 'main-1',
    kind: 'main-break',
    from: 'jump',
    score: 1,
    evidence: [],
    time: clock.wallMs(),
    active: true,
  });
  await again.desk.judge('main-1/main-break', { ...by, verdict: 'useful' });
  expect(again.desk.tolerances.of('main-1/main-break')).toBe(1);
  expect((await moves(again.store.journal)).at(-1)!.data).toMatchObject({ before: 1.25, factor: 1, why: 'useful' });
  await again.desk.stop();
  await again.store.close();
  await rm(dir, { recursive: true });
});
