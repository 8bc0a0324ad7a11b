import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Asset } from '../../edge/core/asset.ts';
import { createBatch } from '../../edge/core/batch.ts';
import { realClock } from '../../edge/core/clock.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { type Log, silentLog } from '../../edge/core/log.ts';
import type { CentreOrder } from '../../edge/core/order.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { type TagDefinition, TagTable, vacantTag } from '../../edge/core/tag.ts';
import { textValue } from '../../edge/core/text-value.ts';
import type { Store } from '../../edge/store/api.ts';
import { openStore } from '../../edge/store/store.ts';
import type { Sink, SinkHost } from '../../edge/upstream/api.ts';
import { sinks } from '../../edge/upstream/registry.ts';

const tag = (device: string, point: string, more: Partial<TagDefinition> = {}): TagDefinition => ({
  ...{ ...vacantTag, name: `${device}/${point}`, device, point },
  ...more,
});

export const plantTags: readonly TagDefinition[] = [
  tag('ps-3', 'flow', { wire: 'float32', unit: 'm3/h', low: 0, high: 500, description: '进水流量' }),
  tag('ps-3', 'level', { wire: 'int16', scale: 0.1, unit: 'm' }),
  tag('ps-3', 'balance', { wire: 'int32' }),
  tag('ps-3', 'total', { wire: 'int64' }),
  tag('ps-3', 'run', { wire: 'bool', states: { 0: '停', 1: '运行' } }),
  tag('ps-3', 'serial', { shows: 'text' }),
  tag('ps-3', 'serviced', { shows: 'time' }),
  tag('ps-3', 'firmware', { wire: 'uint16' }),
  tag('ps-4', 'pressure', { wire: 'float32', unit: 'bar' }),
  tag('dma-2', 'net-inflow', {}),
];

export const plantAsset: Asset = {
  ...{ id: 'dma-2', type: 'water.district', name: '二区', grid: '230103005012', location: [126.64, 45.75] },
  ...{ upstreamOf: [], roles: { inflow: 0, outflow: 8 } },
};

/** A store of its own, which knows the plant's tags. */
export async function plantStore(): Promise<Store> {
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-sparkplug-'));
  const tags = new TagTable(plantTags);
  return openStore({ dir, tags, clock: realClock(), random: seededRandom(1), log: silentLog });
}

export interface Plant {
  readonly sink: Sink;
  readonly live: LiveTable;
  readonly orders: CentreOrder[];
  readonly warnings: string[];
  tags: TagTable;
  /** Whether each device's link is up. */
  device(id: string, online: boolean): void;
  /** New samples by tag name; NaN with a quality, or a text. */
  poll(device: string, values: Readonly<Record<string, number | string>>, quality?: number, timeMs?: number): void;
  /** Other tags and devices are in force from now on. */
  reconfigure(tags: readonly TagDefinition[], devices: readonly string[]): void;
}

/** A gateway's surroundings of one Sparkplug sink, with real store and clock. */
export function plant(store: Store, options: Record<string, unknown>): Plant {
  const devices = new Map([
    ['ps-3', true],
    ['ps-4', false],
  ]);
  let told: () => void = () => undefined;
  const orders: CentreOrder[] = [];
  const warnings: string[] = [];
  const live = new LiveTable(plantTags.length);
  const log: Log = { ...silentLog, warn: (fields, text) => void warnings.push(`${fields['code'] ?? ''} ${text}`) };
  const { journal, cursors, history, snapshots } = store;
  const host: SinkHost = {
    gateway: 'hrb-07',
    stateDir: '',
    tags: () => made.tags,
    assets: () => [plantAsset],
    guidance: () => ({}),
    live,
    devices: () => [...devices].map(([id, online]) => ({ id, online })),
    onDevices(changed) {
      told = changed;
      return () => {
        told = () => undefined;
      };
    },
    wants: () => true,
    wantsTag: () => true,
    alarms: () => ({ active: 0, unacknowledged: 0, safety: 0 }),
    heed(order) {
      orders.push(order);
      return Promise.resolve({ id: order.id, status: 'refused', reason: 'not here' });
    },
    history,
    documents: {},
    memory: { load: () => snapshots.load('sink/scada'), save: (bodies) => snapshots.save('sink/scada', bodies) },
    ...{ journal, cursors, clock: realClock(), random: seededRandom(1), log },
  };
  const kind = sinks.find(({ name }) => name === 'sparkplug')!;
  const made: Plant = {
    sink: kind.create('scada', kind.options.parse(options), host),
    ...{ live, orders, warnings, tags: new TagTable(plantTags) },
    device(id, online) {
      devices.set(id, online);
      told();
    },
    poll(device, values, quality = 0, timeMs = Date.now()) {
      const entries = Object.entries(values).map(([name, value]) => [made.tags.indexOf(name)!, value] as const);
      const texts = new Map(entries.flatMap(([index, value]) => (typeof value === 'string' ? [[index, value]] : [])));
      const batch = createBatch(device, entries.length, Date.now(), texts);
      entries.forEach(([index, value], row) => {
        batch.tags[row] = index;
        batch.values[row] = typeof value === 'string' ? textValue(value) : value;
        batch.quality[row] = quality;
        batch.times[row] = timeMs;
      });
      live.write(batch);
      store.history.append(batch);
      made.sink.publish(batch);
    },
    reconfigure(tags, ids) {
      const next = new TagTable(tags);
      const fresh = next.newIndexes(made.tags);
      made.tags = next;
      live.resize(next.size, fresh);
      devices.clear();
      for (const id of ids) devices.set(id, true);
      told();
    },
  };
  return made;
}
