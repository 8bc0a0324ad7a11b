import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { afterEach, expect, it, vi } from 'vitest';
import { loadContext } from '../../edge/cli/product.ts';
import { loadGateway } from '../../edge/config/load.ts';
import { realClock } from '../../edge/core/clock.ts';
import type { Event } from '../../edge/core/event.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { buildGateway } from '../../edge/gateway.ts';

const endings: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

/** A gateway on a folder, with what it journals; `sinks` brokers read its journal, and none of them is there. */
async function gatewayIn(folder: string, seed: number, sinks: number) {
  await writeFile(join(folder, 'p.csv'), 'tag,table,address,type\nflow,holding,0,float32\n');
  const roads = Array.from(
    { length: sinks },
    (_, index) => `  - { id: far-${index}, sink: mqtt-json, url: "mqtt://127.0.0.1:1" }\n`,
  );
  await writeFile(
    join(folder, 'g.yaml'),
    `gateway: { id: gw }\nconsole: { enabled: false }\ndevices:\n  - { id: ps-1, driver: modbus, endpoint: "tcp://127.0.0.1:1", points: p.csv }\nsinks:\n${roads.join('')}`,
  );
  const { gateway: loaded } = await loadGateway(join(folder, 'g.yaml'), loadContext);
  const raised: Event[] = [];
  const observer = {
    finding: () => undefined,
    event: (event: Event) => {
      if (event.type === 'alarm.raised') raised.push(event);
    },
  };
  const gateway = await buildGateway(loaded!, {
    ...{ clock: realClock(), random: seededRandom(seed), log: silentLog, dataDir: join(folder, 'data'), version: '0' },
    observer,
  });
  endings.push(() => gateway.stop());
  await gateway.start();
  const damage = () => raised.filter(({ data }) => data['kind'] === 'store-damaged');
  return { gateway, damage, raised };
}

it('a damaged record raises one alarm, however many sinks come upon it and however often it starts', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-damaged-'));
  endings.push(() => rm(folder, { recursive: true, force: true }));
  const first = await gatewayIn(folder, 1, 1);
  await vi.waitFor(() => expect(first.raised.map(({ data }) => data['kind'])).toContain('lost'), 20_000);
  await first.gateway.stop();
  await new Promise<void>((resolve, reject) => {
    const database = new sqlite3.Database(join(folder, 'data/journal.db'));
    database.exec(
      `UPDATE events SET body = replace(body, 'gateway.started', 'gateway.stopped') WHERE sequence = 1`,
      (error) => database.close(() => (error ? reject(error) : resolve())),
    );
  });
  const second = await gatewayIn(folder, 2, 5);
  await vi.waitFor(() => expect(second.damage()).toHaveLength(1), 20_000);
  expect(second.gateway.status().store.damagedRecords).toBe(1);
  await second.gateway.stop();
  const third = await gatewayIn(folder, 3, 5);
  const waiting = () => third.gateway.status().sinks.filter(({ state, pending }) => state === 'waiting' && pending > 0);
  await vi.waitFor(() => expect(waiting()).toHaveLength(5), 20_000);
  expect(third.gateway.status().store.damagedRecords).toBe(0);
  expect(third.damage()).toEqual([]);
});
