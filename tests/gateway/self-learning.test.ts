import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { learningOf } from '../../edge/cli/calibrate/by-itself.ts';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { createBatch } from '../../edge/core/batch.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable, vacantTag } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { buildGateway } from '../../edge/gateway.ts';
import { openStore } from '../../edge/store/store.ts';

/** A Monday. */
const startMs = Date.UTC(2026, 0, 5);
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
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
async function zone() {
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
    return [air, air + 8 + 0.1 * random.normal(), ...gases];
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

describe('a gateway without a calibration', () => {
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
    await vi.waitFor(() => expect(first.gateway.status().learning.stage).toBe('first-hours'), 100_000);
    expect(first.gateway.status().detection.calibrated).toBe(true);
    await vi.waitFor(() => expect(first.events.map(({ type }) => type)).toContain('detection.calibrated'));
    await first.gateway.stop();
    const second = await start();
    expect(second.gateway.status()).toMatchObject({
      ...{ detection: { calibrated: true }, learning: { stage: 'first-hours', next: { stage: 'first-days' } } },
    });
    await second.gateway.stop();
  }, 150_000);
});
