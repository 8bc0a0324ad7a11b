import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { AlarmRegister } from '../../edge/alarms/register.ts';
import { learningOf } from '../../edge/cli/calibrate/by-itself.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { Event, NewEvent } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable, vacantTag } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { type Calibration, parseCalibration } from '../../edge/detection/calibration.ts';
import { learntFile } from '../../edge/detection/index.ts';
import { SelfLearning } from '../../edge/gateway/self-learning.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { openStore } from '../../edge/store/store.ts';

/** A Monday. */
const startMs = Date.UTC(2026, 0, 5);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;
const points = ['temperature', 'cable-temperature', 'oxygen', 'co', 'ch4'] as const;
const units = { temperature: 'Cel', 'cable-temperature': 'Cel', oxygen: '%', co: '[ppm]', ch4: '%' } as const;
const rows = points.map((point, index) => `${point},holding,${2 * index},float32,abcd,${units[point]},60s`);
const table = ['tag,table,address,type,order,unit,group', ...rows, ''].join('\n');
const yaml = `gateway: { id: gw, timezone: Asia/Shanghai }
devices:
  - { id: plc, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: plc.csv }
assets:
  - { id: zone-1, type: gallery.compartment, grid: "1", location: [126, 45], roles: { ${points.map((role) => `${role}: plc/${role}`).join(', ')} } }
`;

/** A gallery zone whose gateway writes its minutes down; `until` goes on doing so. */
async function zone(spoil: (hour: number, values: number[]) => void = () => undefined) {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-learning-'));
  const config = join(folder, 'gateway.yaml');
  await writeFile(config, yaml);
  await writeFile(join(folder, 'plc.csv'), table);
  const dataDir = join(folder, 'data');
  const clock = new VirtualClock(startMs);
  const tags = new TagTable(
    points.map((point) => ({ ...vacantTag, name: `plc/${point}`, device: 'plc', point, periodMs: minuteMs })),
  );
  const store = await openStore({ dir: dataDir, tags, clock, random: seededRandom(1), log: silentLog });
  const random = seededRandom(1, 'zone');
  const valuesAt = (hour: number) => {
    const air = 15 + 2 * Math.sin((hour / 24) * 2 * Math.PI) + 0.05 * random.normal();
    const gases = [20.9 + 0.02 * random.normal(), 5 + 0.3 * random.normal(), 0.1 + 0.01 * random.normal()];
    const values = [air, air + 8 + 0.1 * random.normal(), ...gases];
    spoil(hour, values);
    return values;
  };
  return {
    ...{ config, dataDir, clock, store },
    async until(timeMs: number) {
      while (clock.wallMs() < timeMs) {
        const hour = (clock.wallMs() - startMs) / hourMs;
        const batch = createBatch('plc', points.length, clock.wallMs());
        batch.tags.set([...points.keys()]);
        batch.values.set(valuesAt(hour));
        batch.times.fill(clock.wallMs());
        store.history.append(batch);
        await clock.advance(minuteMs);
        // what the disk is given comes to it in real time
        if (Number.isInteger(hour)) await store.history.begin();
      }
      await clock.advance(minuteMs);
      await store.history.begin();
    },
  };
}

const calibrationOf = (dataDir: string) =>
  existsSync(learntFile(dataDir)) ? parseCalibration(JSON.parse(readFileSync(learntFile(dataDir), 'utf8'))) : undefined;

const text = { zh: '', en: '' };
const catalogue = {
  subject: (id: string) => ({ id, name: id, utility: 'water', grid: '', location: undefined }),
  alarm: () =>
    ({ priority: 'high', riskLevel: 'III', safety: false, message: text, cause: text, response: text }) as const,
};

type Zone = Awaited<ReturnType<typeof zone>>;

/** What learns by the zone's own history, as a gateway does that has just been started. */
function learner({ config, dataDir, clock, store }: Zone, told: NewEvent[], wanted = true) {
  return new SelfLearning({
    ...{ gateway: 'gw', clock, log: silentLog, dataDir, learn: learningOf(config, dataDir), wanted: () => wanted },
    ...{ calibration: () => calibrationOf(dataDir), historySince: () => store.history.begin(), adopt: () => undefined },
    record: async (event) => told.push(event),
  });
}

async function look(learning: SelfLearning): Promise<void> {
  await learning.look();
  await learning.idle();
}

describe('a gateway without a calibration', () => {
  it('learns from three hours, from two days and from two weeks, over restarts, and says so', async () => {
    const told: NewEvent[] = [];
    const own = await zone();
    await own.until(startMs + 2.9 * hourMs);
    const first = learner(own, told);
    await look(first);
    expect(first.status()).toEqual({
      ...{ stage: null, share: null, problem: null },
      next: { stage: 'first-hours', at: startMs + 3 * hourMs },
    });
    await own.until(startMs + 3.1 * hourMs);
    await look(first);
    expect(first.status()).toMatchObject({
      stage: 'first-hours',
      next: { stage: 'first-days', at: startMs + 2 * dayMs },
    });
    const hours = calibrationOf(own.dataDir)!;
    expect(hours.assets).toEqual({});
    expect(hours.tags['plc/oxygen']).toMatchObject({ caution: { factor: 3 } });

    await own.until(startMs + 2.01 * dayMs);
    const second = learner(own, told);
    expect(second.status().stage).toBe('first-hours');
    await look(second);
    const days = calibrationOf(own.dataDir)!;
    expect(days.made).toMatchObject({ by: 'lifeline run', stage: 'first-days' });
    expect(days.tags['plc/oxygen']!.caution!.factor).toBeLessThan(3);
    const claimsOf = ({ assets }: Calibration) => Object.keys(assets['zone-1']?.residuals ?? {});
    // a joint follows the course of the day, and no Sunday was seen yet
    expect(claimsOf(days)).toEqual(['oxygen-loss']);

    await own.until(startMs + 14.01 * dayMs);
    const third = learner(own, told);
    await look(third);
    expect(third.status()).toEqual({ stage: 'full', next: null, share: null, problem: null });
    const weeks = calibrationOf(own.dataDir)!;
    expect(weeks.tags['plc/oxygen']!.caution).toBeUndefined();
    expect(claimsOf(weeks).sort()).toEqual(['hot-joint', 'oxygen-loss']);
    const [wide, narrow] = [days, weeks].map(({ assets }) => assets['zone-1']!.residuals!['oxygen-loss']!.limit);
    expect(narrow).toBeLessThan(wide!);
    await look(third);
    expect(told.map(({ type, data }) => [type, data['stage']])).toEqual([
      ['detection.calibrated', 'first-hours'],
      ['detection.calibrated', 'first-days'],
      ['detection.calibrated', 'full'],
    ]);
    await own.store.close();
  }, 120_000);

  it('learns nothing of an asset from the time of its alarms', async () => {
    const own = await zone((hour, values) => {
      if (hour >= 10 && hour < 15.9) values[2]! -= 3 + (values[2]! - 20.9) * 20;
    });
    await own.until(startMs + 10 * hourMs);
    const register = new AlarmRegister(catalogue);
    for (const [active, hour] of [
      [true, 10],
      [false, 16],
    ] as const) {
      const claim = { asset: 'zone-1', kind: 'low-oxygen', from: 'limit', score: 1, evidence: [] };
      const [change] = register.take({ ...claim, active, time: startMs + hour * hourMs });
      await own.store.journal.append([change!.event]);
    }
    await own.until(startMs + 2.01 * dayMs);
    await look(learner(own, []));
    const { made, assets, tags } = calibrationOf(own.dataDir)!;
    expect(made['notes']).toEqual(['1 alarm excluded, each of its asset']);
    expect(tags['plc/oxygen']!.range!.low).toBeGreaterThan(20.7);
    for (const { scale } of assets['zone-1']!.residuals!['oxygen-loss']!.parts) expect(scale).toBeLessThan(0.5);
    await own.store.close();
  }, 60_000);

  it('says what came to nothing, and when it is tried again; and learns nothing where it is told not to', async () => {
    const own = await zone();
    await own.until(startMs + hourMs);
    await own.clock.advance(3 * hourMs);
    const off = learner(own, [], false);
    await look(off);
    expect(off.status()).toEqual({ stage: null, next: null, share: null, problem: null });
    const told: NewEvent[] = [];
    const learning = learner(own, told);
    await look(learning);
    expect(learning.status()).toMatchObject({
      ...{
        stage: null,
        problem: {
          en: expect.stringContaining('LL-PAST-ROWS learn from 3 h: 1.0 h'),
          zh: expect.stringContaining('1.0 h'),
        },
      },
      next: { stage: 'first-hours', at: own.clock.wallMs() + 6 * hourMs },
    });
    expect([told, existsSync(learntFile(own.dataDir))]).toEqual([[], false]);
    await own.store.close();
  }, 60_000);

  it('takes up what it learnt while it runs, and again when it is started anew', async () => {
    const own = await zone();
    await own.until(startMs + 3.1 * hourMs);
    await own.store.close();
    const { gateway: loaded } = await loadGateway(own.config, loadContext);
    const start = async () => {
      const clock = new VirtualClock(own.clock.wallMs());
      const { config, dataDir } = own;
      const events: Event[] = [];
      const observer = { finding: () => undefined, event: (event: Event) => void events.push(event) };
      const host = { clock, random: seededRandom(2), log: silentLog, dataDir, version: '0', observer };
      const gateway = await buildGateway(loaded!, { ...host, learn: learningOf(config, dataDir) }, { console: false });
      await gateway.start();
      return { gateway, clock, events };
    };
    const first = await start();
    expect(first.gateway.status().detection.calibrated).toBe(false);
    await first.clock.advance(61_000);
    await vi.waitFor(() => expect(first.gateway.status().learning.stage).toBe('first-hours'), 30_000);
    expect(first.gateway.status().detection.calibrated).toBe(true);
    await vi.waitFor(() => expect(first.events.map(({ type }) => type)).toContain('detection.calibrated'));
    await first.gateway.stop();
    const second = await start();
    expect(second.gateway.status()).toMatchObject({
      ...{ detection: { calibrated: true }, learning: { stage: 'first-hours', next: { stage: 'first-days' } } },
    });
    await second.gateway.stop();
  }, 60_000);
});
