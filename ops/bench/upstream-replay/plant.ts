import { createBatch, type SampleBatch } from '../../../edge/core/batch.ts';
import { realClock } from '../../../edge/core/clock.ts';
import { LiveTable } from '../../../edge/core/live-table.ts';
import { silentLog } from '../../../edge/core/log.ts';
import { type Random, seededRandom } from '../../../edge/core/random.ts';
import { TagTable } from '../../../edge/core/tag.ts';
import type { Store } from '../../../edge/store/api.ts';
import { openStore } from '../../../edge/store/store.ts';
import type { Sink } from '../../../edge/upstream/api.ts';
import { sinks } from '../../../edge/upstream/registry.ts';

/** How long the broker was away, s. */
export const awayS = 3_600;
export const deviceCount = 100;
export const tagsPerDevice = 100;
export const gateway = 'bench';

/** The store of the gateway that is measured. */
export const openPlantStore = (dir: string): Promise<Store> =>
  openStore({ dir, tags: plantTags, clock: realClock(), random: seededRandom(1), log: silentLog });

const plantTags = new TagTable(
  Array.from({ length: deviceCount * tagsPerDevice }, (_, tag) => {
    const [device, point] = [`d${Math.floor(tag / tagsPerDevice)}`, `t${tag % tagsPerDevice}`];
    return {
      ...{ name: `${device}/${point}`, device, point, unit: 'bar', scale: 0.01, offset: 0, low: 0, high: 100 },
      ...{ deadband: 0, periodMs: 1_000, description: '' },
    };
  }),
);

/** Transmitters in hundredths that move with every poll. */
export class Plant {
  private readonly random: Random = seededRandom(1);
  private readonly counts = new Int32Array(deviceCount * tagsPerDevice).fill(4_000);
  private readonly store: Store;
  private readonly sink: Sink;

  constructor(store: Store, sink: Sink) {
    this.store = store;
    this.sink = sink;
  }

  poll(device: number, timeMs: number): void {
    const batch: SampleBatch = createBatch(`d${device}`, tagsPerDevice, timeMs);
    for (let row = 0; row < tagsPerDevice; row++) {
      const tag = device * tagsPerDevice + row;
      const step = this.random.integer(1, 5);
      this.counts[tag] = (this.counts[tag] as number) + (this.random.next() < 0.5 ? step : -step);
      batch.tags[row] = tag;
      batch.values[row] = (this.counts[tag] as number) * 0.01;
      batch.times[row] = timeMs;
    }
    this.store.history.append(batch);
    this.sink.publish(batch);
  }
}

/** The road that is measured. */
export function newSink(store: Store, url: string): Sink {
  const kind = sinks.find(({ name }) => name === 'mqtt-json');
  if (!kind) throw new Error('mqtt-json is not registered');
  const { journal, cursors, history, snapshots } = store;
  return kind.create('city', kind.options.parse({ url }), {
    ...{ gateway, journal, cursors, history, clock: realClock(), random: seededRandom(1), log: silentLog },
    ...{
      live: new LiveTable(plantTags.size),
      tags: () => plantTags,
      assets: () => [],
      guidance: () => ({}),
      devices: () => [],
    },
    documents: {},
    stateDir: '',
    onDevices: () => () => undefined,
    wants: () => true,
    wantsTag: () => true,
    alarms: () => ({ active: 0, unacknowledged: 0, safety: 0 }),
    heed: ({ id }) => Promise.resolve({ id, status: 'refused', reason: '' }),
    memory: { load: () => snapshots.load('sink/city'), save: (bodies) => snapshots.save('sink/city', bodies) },
  });
}
