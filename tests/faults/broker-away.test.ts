import { expect, it } from 'vitest';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { changedOnly, DeadbandState } from '../../edge/core/deadband.ts';
import type { Event } from '../../edge/core/event.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import { VirtualClock } from '../../edge/core/virtual-clock.ts';
import { openStore } from '../../edge/store/store.ts';
import { Forwarder } from '../../edge/upstream/forwarder.ts';
import { Telemetry } from '../../edge/upstream/telemetry/telemetry.ts';
import { heldDatabases } from '../../simulator/exam/held.ts';
import { eventOf, newFolder } from '../store/fixture.ts';
import { faultSeed, seed } from './seed.ts';

/** `DAYS=7 TAGS=5000 npm run test:faults -- broker-away` by hand. */
const days = Number(process.env['DAYS'] ?? 0.25);
const tagCount = Number(process.env['TAGS'] ?? 200);
const periodMs = 10_000;
const tagsPerDevice = 100;
const latencyMs = 20;
const startMs = Date.UTC(2026, 0, 15);
/** What counts as a change, and how much values move: one in six polls of a tag is one. */
const deadband = 1;
const valueAt = (tag: number, poll: number): number => Math.floor((poll + tag) / 6) * 2 + (poll % 2) * 0.5;

const devices = Array.from({ length: Math.ceil(tagCount / tagsPerDevice) }, (_, index) => `plc-${index}`);
const tags = new TagTable(
  Array.from({ length: tagCount }, (_, tag) => {
    const device = devices[Math.floor(tag / tagsPerDevice)] as string;
    return {
      ...{ name: `${device}/p${tag}`, device, point: `p${tag}`, unit: '', scale: 0.1, offset: 0, deadband, periodMs },
      ...{ low: -Infinity, high: Infinity, description: '' },
    };
  }),
);
const polls = Math.round((days * 86_400_000) / periodMs);

/** The centre: what it got, without keeping it. What is on the wire when it is cut is gone. */
class Centre {
  /** By tag and poll: 1 where a change was to be told, 2 where it was, 3 both. */
  readonly marks = new Uint8Array(tagCount * (polls + 100));
  readonly events: number[] = [];
  readonly liveDelaysMs: number[] = [];
  wrong = 0;
  disorder = 0;
  private readonly newest = { live: new Float64Array(tagCount), historical: new Float64Array(tagCount) };
  private newestEvent = 0;
  private ended = new AbortController();
  private readonly clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.clock = clock;
    this.ended.abort();
  }

  get up(): boolean {
    return !this.ended.signal.aborted;
  }

  cut(): void {
    this.ended.abort();
  }

  connect(telemetry: Telemetry, forwarder: Forwarder): void {
    this.ended = new AbortController();
    const { signal } = this.ended;
    this.newest.live.fill(0);
    this.newest.historical.fill(0);
    this.newestEvent = 0;
    const arrival = (take: () => void) =>
      new Promise<void>((resolve) => {
        this.clock.after(latencyMs, () => {
          if (signal.aborted) return;
          take();
          this.clock.after(latencyMs, () => void (signal.aborted || resolve()));
        });
      });
    void telemetry.run(
      {
        live: async (batch) => void arrival(() => this.take(batch, 'live')),
        historical: async (batch) => void arrival(() => this.take(batch, 'historical')),
        settled: () => arrival(() => undefined),
      },
      signal,
    );
    void forwarder.run((event) => arrival(() => this.hear(event)), signal);
  }

  private take({ tags: indexes, values, times }: SampleBatch, kind: 'live' | 'historical'): void {
    const newest = this.newest[kind];
    for (let row = 0; row < indexes.length; row++) {
      const [tag, time] = [indexes[row] as number, times[row] as number];
      const poll = Math.round((time - startMs) / periodMs);
      if (values[row] !== valueAt(tag, poll)) this.wrong++;
      if (time <= (newest[tag] as number)) this.disorder++;
      newest[tag] = time;
      this.marks[tag * (polls + 100) + poll] = (this.marks[tag * (polls + 100) + poll] as number) | 2;
    }
    if (kind === 'live') this.liveDelaysMs.push(this.clock.wallMs() - (times[0] as number));
  }

  private hear({ sequence }: Event): void {
    if (sequence <= this.newestEvent) this.disorder++;
    this.newestEvent = sequence;
    this.events.push(sequence);
  }
}

async function site() {
  const clock = new VirtualClock(startMs);
  const dir = await newFolder();
  const store = await openStore({
    ...{ dir, tags, clock, random: seededRandom(1), log: silentLog, openDatabase: heldDatabases(clock) },
  });
  const { journal, cursors, history, snapshots } = store;
  const shared = { journal, cursors, clock, log: silentLog };
  const telemetry = new Telemetry({
    ...{ ...shared, gateway: 'gw', sink: 'city', history, live: new LiveTable(tags.size), random: seededRandom(1) },
    ...{
      tags: () => tags,
      assets: () => [],
      guidance: () => ({}),
      devices: () => [],
      onDevices: () => () => undefined,
    },
    ...{ wants: () => true, wantsTag: () => true, documents: {}, stateDir: dir },
    alarms: () => ({ active: 0, unacknowledged: 0, safety: 0 }),
    heed: ({ id }) => Promise.resolve({ id, status: 'refused', reason: '' }),
    memory: { load: () => snapshots.load('sink/city'), save: (bodies) => snapshots.save('sink/city', bodies) },
    options: { backfill: true, buffer: { hours: 24 * 8, mb: 10_000 } },
  });
  await telemetry.start();
  const forwarder = new Forwarder({ ...shared, sink: 'city', wants: () => true });
  await forwarder.start();
  return { clock, store, telemetry, forwarder, centre: new Centre(clock) };
}

it(
  'R6: a broker that is away for days and flaps during the replay gets everything, in order, and new values at once',
  async () => {
    const { clock, store, telemetry, forwarder, centre } = await site();
    const random = faultSeed('broker-away');
    const band = new DeadbandState(tags.size);
    let [poll, written] = [0, 0];
    const poll10s = async () => {
      const restMs = periodMs / devices.length;
      for (const [index, device] of devices.entries()) {
        const first = index * tagsPerDevice;
        const count = Math.min(tagsPerDevice, tagCount - first);
        const batch = createBatch(device, count, startMs + poll * periodMs);
        for (let row = 0; row < count; row++) {
          batch.tags[row] = first + row;
          batch.values[row] = valueAt(first + row, poll);
          batch.times[row] = startMs + poll * periodMs;
        }
        store.history.append(batch);
        const changed = changedOnly(batch, tags, band);
        for (const tag of changed.tags) centre.marks[tag * (polls + 100) + poll] = 1;
        telemetry.push(changed);
      }
      if (random.next() < 0.2) {
        await clock.waitFor(store.journal.append([eventOf(poll)]));
        written++;
      }
      poll++;
      await clock.advance(restMs * devices.length);
    };
    centre.connect(telemetry, forwarder);
    for (let count = 0; count < 30; count++) await poll10s();
    centre.cut();
    const heapBefore = process.memoryUsage().heapUsed;
    while (poll < polls * 0.9) await poll10s();
    const grownMb = (process.memoryUsage().heapUsed - heapBefore) / 1e6;
    centre.liveDelaysMs.length = 0;
    while (poll < polls) {
      if (centre.up) centre.cut();
      else centre.connect(telemetry, forwarder);
      for (let count = random.integer(1, 30); count > 0 && poll < polls; count--) await poll10s();
      await clock.advance(0);
    }
    if (!centre.up) centre.connect(telemetry, forwarder);
    const replayFrom = clock.monotonicMs();
    while (telemetry.figures().backlogMs > 0 || forwarder.pending > 0) {
      if (clock.monotonicMs() - replayFrom > 6 * 3_600_000) break;
      await clock.advance(1_000);
    }
    await clock.advance(5_000);
    const delays = centre.liveDelaysMs.toSorted((a, b) => a - b);
    const figures = {
      ...{ samples: poll * tagCount, told: centre.marks.filter((mark) => (mark & 1) === 1).length, events: written },
      liveDelayP95Ms: delays[Math.floor(delays.length * 0.95)] ?? Number.NaN,
      replayS: (clock.monotonicMs() - replayFrom) / 1000,
      ...{ grownMb: Math.round(grownMb), rssMb: Math.round(process.memoryUsage().rss / 1e6) },
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
    expect(centre.marks.filter((mark) => mark === 1).length, `SEED=${seed} changes lost`).toBe(0);
    expect(new Set(centre.events).size, 'events').toBe(written);
    expect(centre).toMatchObject({ wrong: 0, disorder: 0 });
    expect(telemetry.figures()).toMatchObject({ dropped: 0, backlogMs: 0 });
    expect(figures.liveDelayP95Ms).toBeLessThanOrEqual(1_000);
    expect(grownMb).toBeLessThanOrEqual(100);
    await telemetry.stop();
    await forwarder.stop();
    await store.close();
  },
  6 * 3_600_000,
);
