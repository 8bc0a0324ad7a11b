import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { loadPacks } from '../../edge/config/packs.ts';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { packAssetOf } from '../../edge/core/pack.ts';
import { Quality } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection } from '../../edge/detection/index.ts';
import { AlarmDesk } from '../../edge/gateway/alarm-desk.ts';
import { safetyWatch } from '../../edge/gateway/safety-watch.ts';
import { ManualValues } from '../../edge/pipeline/manual-values.ts';
import { createPipeline } from '../../edge/pipeline/pipeline.ts';
import { openStore } from '../../edge/store/store.ts';
import { catalogueOf } from '../alarms/desk.ts';

const startMs = Date.UTC(2026, 0, 15);
const asset: Asset = {
  ...{ id: 'manhole-3', type: 'drainage.manhole', name: '3号井', grid: '', location: undefined, upstreamOf: [] },
  ...{ roles: { ch4: 0 }, lawfulClients: [] },
};

/** Pipeline, detectors, alarms and journal of a manhole with its methane transmitter, as the gateway has them. */
async function manhole(dir: string) {
  const { packs } = await loadPacks('models');
  const clock = new VirtualClock(startMs);
  const tags = new TagTable([
    ...[{ name: 'rtu/ch4', device: 'rtu', point: 'ch4', unit: '%', scale: 0.1, offset: 0, low: 0, high: 100 }].map(
      (definition) => ({ ...definition, deadband: 0, periodMs: 1000, description: '' }),
    ),
  ]);
  const live = new LiveTable(tags.size);
  const store = await openStore({ dir, tags, clock, random: seededRandom(1), log: silentLog });
  const known = catalogueOf();
  const desk = new AlarmDesk({
    ...{ gateway: 'gw', journal: store.journal, snapshots: store.snapshots, clock, log: silentLog },
    catalogue: { ...known, alarm: (_, kind) => packAssetOf(packs, asset.type)?.alarms[kind] },
    ...{ follows: () => false, onChange: () => undefined, onFinding: () => undefined },
  });
  const manual: ManualValues = new ManualValues({
    ...safetyWatch(() => ({ assets: [asset], packs, calculated: [], tags }), live),
    ...{ clock, tags: () => tags, onChange: () => undefined, push: (batch) => pipeline.push(batch) },
    live,
    record: (event) => desk.record(event),
  });
  const pipeline = createPipeline(tags, live, manual);
  const detection = createDetection({
    ...{
      assets: [asset],
      packs,
      tags,
      live,
      clock,
      log: silentLog,
      calibrationFile: undefined,
      modelsFolder: '/nowhere',
    },
    ...{ simulated: (tag) => manual.simulated(tag), onNotice: () => undefined },
    onFinding: (finding) => desk.take(finding),
  });
  pipeline.samples.subscribe((batch) => {
    store.history.append(batch);
    detection.batch(batch);
  });
  const poll = async (percent: number, seconds = 1) => {
    for (let second = 0; second < seconds; second++) {
      const batch = createBatch('rtu', 1, clock.wallMs());
      batch.values[0] = percent * 10;
      batch.times[0] = clock.wallMs();
      pipeline.push(batch);
      detection.tick();
      desk.tick();
      manual.tick();
      await clock.advance(1000);
    }
  };
  const alarm = (kind: string) => desk.register.get(`manhole-3/${kind}`);
  const close = async () => {
    await detection.stop();
    await desk.stop();
    await store.close();
  };
  return { clock, manual, poll, alarm, desk, store, close };
}

it('a simulated gas value is tried through to the operator, and a true one beside it ends the test and alarms by itself', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-loop-'));
  const { manual, poll, alarm, desk, store, close } = await manhole(dir);
  await poll(0.4, 5);
  const wish = { tag: 'rtu/ch4', by: '李工', reason: '回路试验', forMs: 20 * 60_000, simulated: true };
  await manual.set({ ...wish, value: 120 });
  await poll(0.4, 3);
  // beyond the range: the safety alarms act, the early warning is silent, as with a broken transmitter
  expect(alarm('methane-very-high')).toMatchObject({
    ...{ state: 'active-unacknowledged', safety: true, finding: { simulated: true } },
    message: { zh: expect.stringMatching(/^【仿真】/), en: expect.stringMatching(/^SIMULATED · /) },
  });
  expect(alarm('gas-ingress')).toBeUndefined();
  expect(manual.current()[0]?.real).toBeCloseTo(0.4);
  expect(await desk.acknowledge('manhole-3/methane-very-high', '值班员')).toBe('done');

  await poll(63);
  expect(manual.current()).toEqual([]);
  expect(alarm('methane-very-high')).toMatchObject({ state: 'active-unacknowledged', value: 63 });
  expect(alarm('methane-very-high')?.finding.simulated).toBeUndefined();
  await desk.stop();
  const events = (await store.journal.read(0, 999)).filter(({ data }) => data['kind'] === 'methane-very-high');
  const raised = events.filter(({ type }) => type === 'alarm.raised').map(({ data }) => data['simulated'] ?? false);
  expect(raised).toEqual([true, false]);
  const history = await store.history.query('rtu/ch4', startMs, startMs + 60_000, 1000);
  expect([...history.quality].filter((code) => code === Quality.substituted).length).toBeGreaterThan(0);
  expect([...history.values].filter((value, row) => value > 100 && history.quality[row] === Quality.good)).toEqual([]);
  await close();
  await rm(dir, { recursive: true });
}, 30_000);
