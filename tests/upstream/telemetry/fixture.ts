import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatch, type SampleBatch } from '../../../edge/core/batch.ts';
import { changedOnly, DeadbandState } from '../../../edge/core/deadband.ts';
import { LiveTable } from '../../../edge/core/live-table.ts';
import { silentLog } from '../../../edge/core/log.ts';
import { seededRandom } from '../../../edge/core/random.ts';
import { TagTable } from '../../../edge/core/tag.ts';
import { VirtualClock } from '../../../edge/core/virtual-clock.ts';

import { openStore, type StoreOptions } from '../../../edge/store/store.ts';
import type { TelemetryRoad } from '../../../edge/upstream/telemetry/road.ts';
import { Telemetry } from '../../../edge/upstream/telemetry/telemetry.ts';
import { heldDatabases } from '../../../simulator/exam/held.ts';

export const startMs = Date.UTC(2026, 0, 15);

/** A sample as the far end has it. */
export interface Received {
  readonly tag: string;
  readonly timeMs: number;
  readonly value: number;
  readonly historical: boolean;
  /** When it came, ms since epoch. */
  readonly atMs: number;
  /** Number of the connection it came over. */
  readonly connection: number;
}

/** The far end of a wire that takes some time one way; what is on it when it is cut is gone. */
export class FarEnd {
  readonly received: Received[] = [];
  private connection = 0;
  private ended = new AbortController();
  private readonly clock: VirtualClock;
  private readonly latencyMs: number;

  constructor(clock: VirtualClock, latencyMs: number) {
    this.clock = clock;
    this.latencyMs = latencyMs;
    this.ended.abort();
  }

  get up(): boolean {
    return !this.ended.signal.aborted;
  }

  /** Connects; the telemetry uses the road until `cut`. */
  connect(telemetry: Telemetry): void {
    this.ended = new AbortController();
    this.connection++;
    void telemetry.run(this.road(this.ended.signal, this.connection), this.ended.signal);
  }

  cut(): void {
    this.ended.abort();
  }

  private road(signal: AbortSignal, connection: number): TelemetryRoad {
    const arrive = (batch: SampleBatch, tags: TagTable, historical: boolean) => {
      const rows = Array.from(batch.tags, (tag, row) => ({
        ...{ tag: tags.at(tag).name, timeMs: batch.times[row]!, value: batch.values[row]!, historical, connection },
      }));
      this.clock.after(this.latencyMs, () => {
        if (signal.aborted) return;
        for (const row of rows) this.received.push({ ...row, atMs: this.clock.wallMs() });
      });
      return Promise.resolve();
    };
    return {
      live: (batch, tags) => arrive(batch, tags, false),
      historical: (batch, tags) => arrive(batch, tags, true),
      settled: () =>
        new Promise((resolve) => {
          this.clock.after(2 * this.latencyMs, () => {
            if (!signal.aborted) resolve(undefined);
          });
        }),
    };
  }
}

export interface PlantOptions {
  readonly deadband?: number;
  /** Time of the wire, one way; 20 ms when left out. */
  readonly latencyMs?: number;
  /** Between two polls; a second when left out. */
  readonly periodMs?: number;
  readonly retention?: StoreOptions['retention'];
  readonly buffer?: { readonly hours: number; readonly mb: number };
  readonly heartbeatS?: number;
  /** Value of a tag at a second. */
  readonly value?: (tag: number, second: number) => number;
}

/** Two devices of two points each, polled every second into a store, and the telemetry of one sink; all in virtual time. */
export async function plant(options: PlantOptions = {}) {
  const clock = new VirtualClock(startMs);
  const periodMs = options.periodMs ?? 1_000;
  const points = ['ps-1/flow', 'ps-1/level', 'ps-2/flow', 'ps-2/level'];
  const tags = new TagTable(
    points.map((name) => {
      const [device, point] = name.split('/') as [string, string];
      return {
        ...{ name, device, point, unit: '', scale: 1, offset: 0, low: -Infinity, high: Infinity },
        ...{ deadband: options.deadband ?? 0, periodMs, description: '' },
      };
    }),
  );
  const dir = await mkdtemp(join(tmpdir(), 'lifeline-telemetry-'));
  const store = await openStore({
    ...{ dir, tags, clock, random: seededRandom(1), log: silentLog, openDatabase: heldDatabases(clock) },
    ...(options.retention ? { retention: options.retention } : {}),
  });
  const live = new LiveTable(tags.size);
  const deadband = new DeadbandState(tags.size);
  const sent: { tag: string; timeMs: number; value: number }[] = [];
  const valueAt = options.value ?? ((tag, second) => tag * 1_000_000 + second);
  let second = 0;
  let power = { on: true };

  /** A sink's telemetry as it starts; the one before is cut off from the disk, as by a crash. */
  async function newTelemetry(buffer = options.buffer): Promise<Telemetry> {
    power.on = false;
    const supply = { on: true };
    power = supply;
    const { journal, cursors, history, snapshots } = store;
    const telemetry = new Telemetry({
      ...{ gateway: 'gw-1', sink: 'city', journal, cursors, history, clock, live, log: silentLog },
      random: seededRandom(1),
      stateDir: '',
      tags: () => tags,
      assets: () => [],
      guidance: () => ({}),
      devices: () => [],
      onDevices: () => () => undefined,
      wants: () => true,
      wantsTag: () => true,
      alarms: () => ({ active: 0, unacknowledged: 0, safety: 0 }),
      heed: ({ id }) => Promise.resolve({ id, status: 'refused', reason: '' }),
      documents: {},
      memory: {
        load: () => snapshots.load('sink/city'),
        save: async (bodies) => (supply.on ? snapshots.save('sink/city', bodies) : undefined),
      },
      options: { backfill: true, buffer: buffer ?? { hours: 168, mb: 1_000 }, heartbeatS: options.heartbeatS },
    });
    await telemetry.start();
    return telemetry;
  }

  /** One period: every device is polled, half a period apart. */
  async function poll(telemetry: Telemetry): Promise<void> {
    for (const device of ['ps-1', 'ps-2']) {
      const rows = tags.definitions.flatMap((definition, tag) => (definition.device === device ? [tag] : []));
      const batch = createBatch(device, rows.length, clock.wallMs());
      rows.forEach((tag, row) => {
        batch.tags[row] = tag;
        batch.values[row] = valueAt(tag, second);
        batch.times[row] = clock.wallMs();
      });
      live.write(batch);
      store.history.append(batch);
      const changed = changedOnly(batch, tags, deadband);
      changed.tags.forEach((tag, row) => {
        sent.push({ tag: tags.at(tag).name, timeMs: changed.times[row]!, value: changed.values[row]! });
      });
      if (changed.tags.length > 0) telemetry.push(changed);
      await clock.advance(periodMs / 2);
    }
    second++;
  }

  async function polls(telemetry: Telemetry, periods: number): Promise<void> {
    for (let count = 0; count < periods; count++) await poll(telemetry);
  }
  return { clock, store, newTelemetry, polls, sent, far: new FarEnd(clock, options.latencyMs ?? 20) };
}

/** How often the far end has each sample that the deadband let through. */
export function compare(
  sent: readonly { tag: string; timeMs: number; value: number }[],
  received: readonly Received[],
): { lost: number; repeated: number; wrong: number } {
  const times = new Map<string, number>();
  const values = new Map(sent.map(({ tag, timeMs, value }) => [`${tag}@${timeMs}`, value]));
  let wrong = 0;
  for (const { tag, timeMs, value } of received) {
    const key = `${tag}@${timeMs}`;
    times.set(key, (times.get(key) ?? 0) + 1);
    if (values.get(key) !== value) wrong++;
  }
  const lost = [...values.keys()].filter((key) => !times.has(key)).length;
  const repeated = [...times.values()].reduce((sum, count) => sum + count - 1, 0);
  return { lost, repeated, wrong };
}
