import { createBatch, type SampleBatch } from '../../../edge/core/batch.ts';
import { realClock } from '../../../edge/core/clock.ts';
import { LiveTable } from '../../../edge/core/live-table.ts';
import { silentLog } from '../../../edge/core/log.ts';
import { seededRandom } from '../../../edge/core/random.ts';
import { TagTable, vacantTag } from '../../../edge/core/tag.ts';
import type { Store } from '../../../edge/store/api.ts';
import type { Sink } from '../../../edge/upstream/api.ts';
import { sinks } from '../../../edge/upstream/registry.ts';

export const deviceCount = 10;
export const tagsPerDevice = 10_000;

export const plantTags: TagTable = new TagTable(
  Array.from({ length: deviceCount * tagsPerDevice }, (_, index) => {
    const device = `plc-${Math.floor(index / tagsPerDevice)}`;
    const point = `point-${index % tagsPerDevice}`;
    return { ...vacantTag, name: `${device}/${point}`, device, point, wire: 'float32' as const };
  }),
);

/** A sink of a gateway that has nothing else, and what sends values to it. */
export interface PlantSink {
  readonly sink: Sink;
  /** Values of so many tags of a device; another turn, other values. */
  send(device: number, from: number, count: number, turn: number): void;
}

/** @param options keys of its entry under `sinks:` */
export function plantSink(name: string, options: object, store: Store): PlantSink {
  const kind = sinks.find((one) => one.name === name);
  if (!kind) throw new Error(`${name} is not registered`);
  const { journal, cursors, history, snapshots } = store;
  const live = new LiveTable(plantTags.size);
  const devices = Array.from({ length: deviceCount }, (_, index) => ({ id: `plc-${index}`, online: true }));
  const sink = kind.create('bench', kind.options.parse(options), {
    ...{ gateway: 'bench', stateDir: '', journal, cursors, history, live, clock: realClock() },
    ...{ random: seededRandom(1), log: silentLog, documents: {} },
    ...{ tags: () => plantTags, assets: () => [], guidance: () => ({}), devices: () => devices },
    ...{ onDevices: () => () => undefined, wants: () => true, wantsTag: () => true },
    alarms: () => ({ active: 0, unacknowledged: 0, safety: 0 }),
    heed: ({ id }) => Promise.resolve({ id, status: 'refused', reason: 'nothing is ordered here' }),
    memory: { load: () => snapshots.load(name), save: (bodies) => snapshots.save(name, bodies) },
  });
  return {
    sink,
    send(device, from, count, turn) {
      const nowMs = realClock().wallMs();
      const batch: SampleBatch = createBatch(`plc-${device}`, count, nowMs);
      for (let row = 0; row < count; row++) {
        batch.tags[row] = device * tagsPerDevice + from + row;
        batch.values[row] = Math.fround(20 + turn * 0.5 + row * 0.25);
        batch.times[row] = nowMs;
      }
      live.write(batch);
      sink.publish(batch);
    },
  };
}
