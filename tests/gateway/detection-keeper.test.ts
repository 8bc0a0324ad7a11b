import { expect, it } from 'vitest';
import type { LoadedGateway } from '../../edge/config/load.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { Finding } from '../../edge/core/finding.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import type { Pack } from '../../edge/core/pack.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { createDetection } from '../../edge/detection/index.ts';
import { DetectionKeeper } from '../../edge/gateway/detection-keeper.ts';
import { limit } from '../detection/plant.ts';
import { newFolder, open as openStore } from '../store/fixture.ts';

const startMs = Date.UTC(2026, 4, 12);
const text = { zh: '', en: '' };
const tag = {
  ...{ name: 'plc/value', device: 'plc', point: 'value', unit: 'kPa', scale: 1, offset: 0, low: 0, high: 100 },
  ...{ deadband: 0, periodMs: 1000, description: '' },
};
const thing = {
  ...{ name: text, roles: { value: { name: text, unit: 'kPa', required: true } }, detectors: [], alarms: {} },
  limits: [limit({ onDelayS: 30 })],
};

/** The detection of a gateway whose store lies in a folder, started at a wall time; its monotonic clock begins at 0. */
async function start(dir: string, wallMs: number, version = '1', definition = tag) {
  const clock = new VirtualClock(wallMs);
  const store = await openStore(dir, { clock });
  const tags = new TagTable([definition]);
  const pack: Pack = { pack: 'test', version: 1, name: text, figures: [], assets: { thing } };
  const asset = {
    id: 'a-1',
    type: 'test.thing',
    name: 'A',
    grid: '',
    location: undefined,
    upstreamOf: [],
    roles: { value: 0 },
  };
  const loaded = {
    ...{ assets: [asset], packs: new Map([['test', pack]]), tags, folder: dir, config: { detection: {} } },
  } as unknown as LoadedGateway;
  const keeper = await DetectionKeeper.open({ snapshots: store.snapshots, clock, log: silentLog, version });
  const live = new LiveTable(1);
  const findings: Finding[] = [];
  const detection = createDetection({
    ...{ assets: loaded.assets, packs: loaded.packs, tags, live, clock: keeper.clock, log: silentLog },
    ...{ calibrationFile: undefined, modelsFolder: '/nowhere', onNotice: () => undefined },
    onFinding: (finding) => {
      keeper.note(finding.from);
      findings.push(finding);
    },
  });
  keeper.resume(detection, loaded);
  const pass = async (seconds: number, value: number) => {
    for (let second = 0; second < seconds; second++) {
      const batch = createBatch('plc', 1, clock.wallMs());
      batch.values[0] = value;
      batch.times[0] = clock.wallMs();
      live.write(batch);
      detection.batch(batch);
      detection.tick();
      keeper.tick(detection);
      await clock.advance(1000);
    }
  };
  /** What is not written down by now is lost. */
  const leave = async () => {
    await detection.stop();
    await store.close();
  };
  const stop = async () => {
    await keeper.stop(detection);
    await leave();
  };
  return { pass, stop, leave, findings, keeper, clock: keeper.clock, detection, store };
}

it('what detectors had begun to see goes on after a restart, by a clock that goes on too', async () => {
  const dir = await newFolder();
  const before = await start(dir, startMs);
  await before.pass(20, 11);
  before.keeper.noteOwnWrite('plc');
  await before.stop();
  const after = await start(dir, startMs + 25_000);
  expect(after.clock.monotonicMs()).toBe(25_000);
  expect(after.keeper.lastOwnWriteMs('plc')).toBe(20_000);
  await after.pass(5, 11);
  expect(after.findings).toEqual([]);
  await after.pass(2, 11);
  expect(after.findings).toMatchObject([{ active: true, time: startMs + 30_000 }]);
  await after.stop();
  const later = await start(dir, startMs + 40_000);
  expect(later.detection.status().active).toEqual(['a-1/high']);
  await later.stop();
});

it('what another version has seen is nothing to go on with', async () => {
  const dir = await newFolder();
  const before = await start(dir, startMs);
  await before.pass(40, 11);
  expect(before.findings).toMatchObject([{ active: true }]);
  await before.stop();
  const after = await start(dir, startMs + 45_000, '2');
  expect(after.detection.status().active).toEqual([]);
  await after.pass(25, 11);
  expect(after.findings).toEqual([]);
  await after.stop();
});

it('a claim that stands is on disk at once, without a stop', async () => {
  const dir = await newFolder();
  const before = await start(dir, startMs);
  await before.pass(10, 1);
  await before.pass(31, 11);
  await before.pass(5, 11);
  await before.leave();
  const after = await start(dir, startMs + 50_000);
  expect(after.detection.status().active).toEqual(['a-1/high']);
  await after.stop();
});

it('what was just read is not written anew, and what detectors remember is a minute old at most', async () => {
  const gateway = await start(await newFolder(), startMs);
  const kept = async () => [...(await gateway.store.snapshots.load('detection')).keys()];
  await gateway.pass(59, 1);
  expect(await kept()).toEqual([]);
  await gateway.pass(3, 1);
  expect(await kept()).toEqual(expect.arrayContaining([...gateway.detection.detectors, 'own writes']));
  await gateway.leave();
});

it('what was seen of a tag with another range is nothing to go on with', async () => {
  const dir = await newFolder();
  const before = await start(dir, startMs);
  await before.pass(40, 11);
  await before.stop();
  const after = await start(dir, startMs + 45_000, '1', { ...tag, high: 200 });
  expect(after.detection.status().active).toEqual([]);
  await after.stop();
});
