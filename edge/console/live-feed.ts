import type { WebSocket } from '@fastify/websocket';
import type { Clock, Timer } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { alarmsView } from './alarm-routes.ts';
import type { ConsoleChange, ConsoleSource } from './api.ts';
import { encodeFrame, frameBytes, type LiveColumns } from './live-frame.ts';
import { devicesView } from './routes.ts';
import type { LiveMessage } from './wire.ts';

const framePeriodMs = 1_000;
/** Changes within this time go out as one message, so that an alarm flood costs five lists a second at most. */
const gatherMs = 200;
/** Counters of devices move all the time; they are shown fresh this often. */
const devicesEveryFrames = 5;
const maxClients = 32;
/** Unsent bytes at which a client is dropped; it never gets less than two full frames. */
const maxBacklogBytes = 1_048_576;

/** What the feed needs. */
export interface LiveFeedOptions {
  readonly source: ConsoleSource;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Sends every page what changed: once a second a binary frame of values, and lists as soon as they change. A page that
 * does not keep up is dropped and comes back by itself with a full frame; nothing is queued for it beyond the limit.
 */
export class LiveFeed {
  private readonly options: LiveFeedOptions;
  private readonly clients = new Set<WebSocket>();
  private readonly dirty = new Set<ConsoleChange>();
  private readonly sentTexts = new Map<number, string>();
  private sent: { values: Float64Array; quality: Uint8Array; times: Float64Array };
  private frames = 0;
  private startedMs = 0;
  private frameTimer: Timer | undefined;
  private flushTimer: Timer | undefined;
  private unsubscribe: (() => void) | undefined;

  constructor(options: LiveFeedOptions) {
    this.options = options;
    this.sent = copyOf(options.source.live);
  }

  start(): void {
    this.startedMs = this.options.clock.monotonicMs();
    this.unsubscribe = this.options.source.onChange((what) => this.markDirty(what));
    this.scheduleFrame();
  }

  stop(): void {
    this.unsubscribe?.();
    this.frameTimer?.cancel();
    this.flushTimer?.cancel();
    for (const client of this.clients) client.terminate();
    this.clients.clear();
  }

  /** Takes a new page in and gives it the whole picture; refuses it (close code 1013) when too many are connected. */
  add(client: WebSocket): void {
    if (this.clients.size >= maxClients) {
      client.close(1013, `LL-CONSOLE-CLIENTS: ${maxClients} pages are connected`);
      return;
    }
    this.clients.add(client);
    const leave = () => this.clients.delete(client);
    client.on('close', leave);
    client.on('error', leave);
    for (const what of ['description', 'alarms', 'devices', 'events'] as const) this.send(client, this.message(what));
    const { live } = this.options.source;
    this.sendTexts([...live.textTags()], (message) => this.send(client, message));
    const all = Int32Array.from(live.values.keys());
    this.send(client, encodeFrame(this.options.clock.wallMs(), all, live));
  }

  private markDirty(what: ConsoleChange): void {
    this.dirty.add(what);
    this.flushTimer ??= this.options.clock.after(gatherMs, () => {
      this.flushTimer = undefined;
      this.flush();
    });
  }

  private flush(): void {
    if (this.clients.size > 0) for (const what of this.dirty) this.broadcast(this.message(what));
    this.dirty.clear();
  }

  /** Frames keep to the seconds since start, however long one took. */
  private scheduleFrame(): void {
    const elapsedMs = this.options.clock.monotonicMs() - this.startedMs;
    const dueMs = (Math.floor(elapsedMs / framePeriodMs) + 1) * framePeriodMs;
    this.frameTimer = this.options.clock.after(dueMs - elapsedMs, () => {
      this.scheduleFrame();
      this.frame();
    });
  }

  private frame(): void {
    this.frames++;
    if (this.clients.size === 0) return;
    this.sendTexts(this.changedTexts(), (message) => this.broadcast(message));
    this.broadcast(encodeFrame(this.options.clock.wallMs(), this.changed(), this.options.source.live));
    if (this.frames % devicesEveryFrames === 0) this.broadcast(this.message('devices'));
  }

  /** Tags with another text than was sent last; takes them over as sent. */
  private changedTexts(): number[] {
    const { live } = this.options.source;
    const found: number[] = [];
    for (const tag of live.textTags()) {
      const text = live.textOf(tag);
      if (text === undefined || this.sentTexts.get(tag) === text) continue;
      found.push(tag);
      this.sentTexts.set(tag, text);
    }
    return found;
  }

  private sendTexts(tags: readonly number[], send: (message: string) => void): void {
    if (tags.length === 0) return;
    const { live } = this.options.source;
    const message: LiveMessage = { type: 'texts', texts: tags.map((tag) => [tag, live.textOf(tag) ?? '']) };
    send(JSON.stringify(message));
  }

  /** Tags whose value, quality or time differs from what was sent last; takes them over as sent. */
  private changed(): Int32Array {
    const { live } = this.options.source;
    const { values, quality, times } = live;
    // of another configuration: pages take it whole when they connect anew
    if (this.sent.values.length !== values.length) this.sent = copyOf(live);
    const { sent } = this;
    const found: number[] = [];
    for (let tag = 0; tag < values.length; tag++) {
      const same =
        sent.times[tag] === times[tag] &&
        sent.quality[tag] === quality[tag] &&
        Object.is(sent.values[tag], values[tag]);
      if (same) continue;
      found.push(tag);
      sent.values[tag] = values[tag] as number;
      sent.quality[tag] = quality[tag] as number;
      sent.times[tag] = times[tag] as number;
    }
    return Int32Array.from(found);
  }

  private message(what: ConsoleChange): string {
    const { source } = this.options;
    if (what === 'description') {
      const { id, configuredAt } = source.description.gateway;
      return JSON.stringify({ type: 'hello', gateway: id, configuredAt } as LiveMessage);
    }
    if (what === 'alarms') return JSON.stringify({ type: 'alarms', ...alarmsView(source) });
    if (what === 'devices') return JSON.stringify({ type: 'devices', ...devicesView(source) });
    return JSON.stringify({ type: 'events', events: source.recentEvents() });
  }

  private broadcast(message: string | ArrayBuffer): void {
    for (const client of this.clients) this.send(client, message);
  }

  private send(client: WebSocket, message: string | ArrayBuffer): void {
    if (client.readyState !== client.OPEN) return;
    const limitBytes = Math.max(maxBacklogBytes, 2 * frameBytes(this.sent.values.length));
    if (client.bufferedAmount > limitBytes) {
      this.options.log.warn(
        { code: 'LL-CONSOLE-SLOW-CLIENT', backlogBytes: client.bufferedAmount, limitBytes },
        'a page does not keep up with the live feed and was dropped; it connects again by itself',
      );
      this.clients.delete(client);
      client.terminate();
      return;
    }
    client.send(message, { binary: typeof message !== 'string' });
  }
}

const copyOf = ({ values, quality, times }: LiveColumns) => ({
  values: values.slice(),
  quality: quality.slice(),
  times: times.slice(),
});
