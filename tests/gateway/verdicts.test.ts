import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { AlarmDesk } from '../../edge/alarm-desk.ts';
import { Topology } from '../../edge/alarms/incidents/topology.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { openStore } from '../../edge/store/store.ts';

const text = { zh: '文', en: 'text' };
const catalogue = {
  subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
  alarm: () =>
    ({ priority: 'high', riskLevel: 'III', safety: false, message: text, cause: text, response: text }) as const,
  topology: new Topology(new Map()),
};

it('a verdict is on disk when it is confirmed, and survives a restart with its report', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-verdicts-'));
  const clock = new VirtualClock(Date.UTC(2026, 0, 15));
  const open = async () => {
    const store = await openStore({ dir, tags: new TagTable([]), clock, random: seededRandom(1), log: silentLog });
    const desk = new AlarmDesk({
      ...{ gateway: 'gw', catalogue, journal: store.journal, clock, log: silentLog },
      onChange: () => undefined,
      onFinding: () => undefined,
    });
    await desk.replay();
    return { desk, store };
  };
  const first = await open();
  const claim = { asset: 'dma-2', kind: 'burst', from: 'district-burst', score: 1, evidence: [] };
  first.desk.take({ ...claim, active: true, time: clock.wallMs() });
  const given = { verdict: 'wrong-cause', note: '消防用水', by: '张工' } as const;
  expect(await first.desk.judge('dma-2/none', given)).toBe('unknown');
  expect(await first.desk.judge('dma-2/burst', given, 1)).toBe('raised-again');
  expect(await first.desk.judge('dma-2/burst', given, clock.wallMs())).toBe('done');
  expect((await first.store.journal.read(0, 9)).at(-1)).toMatchObject({ type: 'alarm.judged', subject: 'dma-2' });
  const report = first.desk.verdicts.report();
  expect(report.detectors).toMatchObject([{ detector: 'district-burst', raised: 1, wrongCause: 1, nuisance: 0 }]);
  await first.desk.stop();
  await first.store.close();
  const second = await open();
  expect(second.desk.verdicts.report()).toEqual(report);
  expect(second.desk.register.recent(1)[0]!.judgement).toEqual({ ...given, at: clock.wallMs() });
  await second.store.close();
  await rm(dir, { recursive: true });
});
