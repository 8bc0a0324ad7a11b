import { once } from 'node:events';
import { mkdtemp } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createBatch, type SampleBatch } from '../../edge/core/batch.ts';
import { type Clock, realClock } from '../../edge/core/clock.ts';
import type { NewEvent } from '../../edge/core/event.ts';
import { LiveTable } from '../../edge/core/live-table.ts';
import { silentLog } from '../../edge/core/log.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { TagTable } from '../../edge/core/tag.ts';
import type { Store } from '../../edge/store/api.ts';
import { openStore } from '../../edge/store/store.ts';
import type { Sink, SinkHost } from '../../edge/upstream/api.ts';
import { sinks } from '../../edge/upstream/registry.ts';

export const gateway = 'gw-1';

export const tags = new TagTable(
  ['flow', 'p-out', 'scan-clock'].map((point) => ({
    ...{ name: `ps-3/${point}`, device: 'ps-3', point, unit: '', scale: 1, offset: 0, low: -Infinity, high: Infinity },
    ...{ deadband: 0, periodMs: 1000, description: '' },
  })),
);

/** So many points of one device, all wanted, and samples of all of them. */
export function manyPoints(count: number) {
  const definitions = Array.from({ length: count }, (_, index) => ({ ...tags.at(0), ...nameOf(index) }));
  const table = new TagTable(definitions);
  const poll = (value: number): SampleBatch => {
    const made = createBatch('ps-3', count, Date.now());
    for (let row = 0; row < count; row++) made.tags[row] = row;
    made.values.fill(value);
    made.times.fill(Date.now());
    return made;
  };
  return { table, poll, host: { tags: () => table, live: new LiveTable(count) } };
}

const nameOf = (index: number) => ({ name: `ps-3/p-${index}`, point: `p-${index}` });

export async function newStore(dir?: string): Promise<Store> {
  const folder = dir ?? (await mkdtemp(join(tmpdir(), 'lifeline-upstream-')));
  return openStore({ dir: folder, tags, clock: realClock(), random: seededRandom(1), log: silentLog });
}

/** A sink as the gateway makes it: from the registry, with checked options; without heartbeats unless they are asked for. */
export function newSink(
  store: Store,
  options: Record<string, unknown>,
  sink = 'mqtt-json',
  given: Partial<SinkHost> = {},
): Sink {
  const kind = sinks.find(({ name }) => name === sink);
  const { journal, cursors, history, snapshots } = store;
  const host: SinkHost = {
    gateway,
    tags: () => tags,
    assets: () => [],
    guidance: () => ({}),
    live: new LiveTable(tags.size),
    devices: () => [{ id: 'ps-3', online: true }],
    onDevices: () => () => undefined,
    wants: () => true,
    wantsTag: () => true,
    alarms: () => ({ active: 2, unacknowledged: 1, safety: 0 }),
    heed: (order) => Promise.resolve({ id: order.id, status: 'refused', reason: 'a sink alone carries out nothing' }),
    history,
    memory: {
      load: () => snapshots.load('sink/city'),
      save: (bodies) => snapshots.save('sink/city', bodies),
    },
    journal,
    cursors,
    stateDir: '',
    clock: realClock(),
    random: seededRandom(1),
    log: silentLog,
    documents: {},
    ...given,
  };
  return kind!.create(
    'city',
    kind!.options.parse('heartbeatS' in kind!.options.shape ? { heartbeatS: 0, ...options } : options),
    host,
  );
}

export function eventOf(number: number): NewEvent {
  const data = { number, message: { zh: '水管爆裂', en: 'burst main' } };
  return { type: 'alarm.raised', time: 1_700_000_000_000 + number, subject: 'dma-2', utility: 'water', data };
}

/** The machine's clock with intervals so many times shorter; the time of day is as it is. */
export function hurriedClock(times: number): Clock {
  const real = realClock();
  return {
    wallMs: () => real.wallMs(),
    monotonicMs: () => real.monotonicMs() * times,
    after: (delayMs, run) => real.after(delayMs / times, run),
  };
}

export const many = (from: number, count: number) => Array.from({ length: count }, (_, index) => eventOf(from + index));

export function batch(values: readonly number[], quality = values.map(() => 0)): SampleBatch {
  const made = createBatch('ps-3', values.length, Date.now());
  values.forEach((value, row) => {
    made.tags[row] = row;
    made.values[row] = value;
    made.quality[row] = quality[row]!;
    made.times[row] = Date.UTC(2026, 0, 15, 8);
  });
  return made;
}

/** Resolves when `holds` does, looked at after each `tell`. */
export class Watch {
  private readonly waiting = new Set<() => void>();

  readonly tell = () => {
    for (const look of this.waiting) look();
  };

  until(holds: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = () => {
        if (!holds()) return;
        this.waiting.delete(look);
        resolve();
      };
      this.waiting.add(look);
      look();
    });
  }
}

/** A wire between sink and broker that can be cut, and whose way back can be held: new connections are refused while it is down. */
export async function cuttable(port: number) {
  const pairs = new Set<Socket>();
  let up = true;
  let bytesUntilCut = Number.POSITIVE_INFINITY;
  let bytesSent = 0;
  let connections = 0;
  let answers = true;
  const answering = new Set<Socket>();
  const drop = () => {
    up = false;
    for (const socket of pairs) socket.destroy();
  };
  const server = createServer((near) => {
    if (!up) {
      near.destroy();
      return;
    }
    const far = connect(port, '127.0.0.1');
    connections++;
    for (const [from, to] of [[near, far] as const, [far, near] as const]) {
      pairs.add(from);
      from.on('error', () => undefined);
      from.on('close', () => {
        pairs.delete(from);
        to.destroy();
      });
    }
    answering.add(far);
    far.on('close', () => answering.delete(far));
    near.on('data', (part) => {
      bytesUntilCut -= part.length;
      bytesSent += part.length;
      if (bytesUntilCut < 0) drop();
      else far.write(part);
    });
    far.on('data', (part) => near.write(part));
    if (!answers) far.pause();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`,
    drop,
    /** Cuts by itself once this many more bytes went towards the broker. */
    cutAfter(bytes: number) {
      bytesUntilCut = bytes;
    },
    /** Towards the broker, of all connections so far. */
    get bytesSent() {
      return bytesSent;
    },
    /** Made so far. */
    get connections() {
      return connections;
    },
    /** Whether what the broker says comes through; it waits meanwhile. */
    letAnswers(through: boolean) {
      answers = through;
      for (const socket of answering)
        if (through) socket.resume();
        else socket.pause();
    },
    restore() {
      bytesUntilCut = Number.POSITIVE_INFINITY;
      up = true;
    },
    close() {
      drop();
      server.close();
    },
  };
}
