import type { WebSocket } from '@fastify/websocket';
import type { Clock, Timer } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { asText } from '../core/text.ts';
import { alarmsView } from './alarm-list.ts';
import type { ConsoleChange, ConsoleSource } from './api.ts';
import { consoleErrors } from './errors.ts';
import { decodeTags, encodeFrame, frameBytes, type LiveColumns } from './live-frame.ts';
import { devicesView } from './routes.ts';
import type { LiveMessage } from './wire.ts';

const framePeriodMs = 1_000;
/** Changes within this time go out as one message, so that an alarm flood costs five lists a second at most. */
const gatherMs = 200;
/** Alarms in such a list; a page asks for what else it shows. */
const maxAlarmsFed = 200;
/** Counters of devices move all the time; they are shown fresh this often. */
const devicesEveryFrames = 5;
/** How the feed is closed to a page whose reader may not see it any more. */
export const signedOut = [4401, 'LL-CONSOLE-SIGN-IN'] as const;
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
 * Sends every page what changed: once a second a binary frame of values, those of the tags that it shows once it has said
 * which, and lists as soon as they change. A page that does not keep up is dropped and comes back by itself with a full
 * frame; nothing is queued for it beyond the limit.
 */
export class LiveFeed {
  private readonly options: LiveFeedOptions;
  /** By page, which tags it is told of, by index; undefined for all. */
  private readonly clients = new Map<WebSocket, Uint8Array | undefined>();
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
    for (const client of this.clients.keys()) client.terminate();
    this.clients.clear();
  }

  /** Takes a new page in and gives it the whole picture; refuses it (close code 1013) when too many are connected. */
  add(client: WebSocket): void {
    if (this.clients.size >= maxClients) {
      client.close(1013, `LL-CONSOLE-CLIENTS: ${maxClients} pages are connected`);
      return;
    }
    this.clients.set(client, undefined);
    const leave = () => this.clients.delete(client);
    client.on('close', leave);
    client.on('error', leave);
    client.on('message', (data: Buffer) => this.narrow(client, data));
    for (const what of ['description', 'alarms', 'devices', 'events'] as const) this.send(client, this.message(what));
    const { live } = this.options.source;
    this.sendTexts([...live.textTags()], (message) => this.send(client, message));
    this.send(client, encodeFrame(this.options.clock.wallMs(), all(live), live));
  }

  /** Tells the page of the tags that it asks for from now on, and at once of those that it was not told of before. */
  private narrow(client: WebSocket, message: Uint8Array): void {
    if (!this.clients.has(client)) return;
    const { live } = this.options.source;
    try {
      const tags = decodeTags(message);
      const before = this.clients.get(client);
      const shown = tags && new Uint8Array(live.values.length);
      for (const tag of tags ?? []) if (tag >= 0 && tag < live.values.length) (shown as Uint8Array)[tag] = 1;
      this.clients.set(client, shown);
      const fresh = before ? all(live).filter((tag) => !before[tag] && (!shown || shown[tag])) : new Int32Array();
      this.send(client, encodeFrame(this.options.clock.wallMs(), fresh, live));
    } catch (error) {
      client.close(1007, consoleErrors.create('REQUEST', asText((error as Error).message)).code);
    }
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
    this.sendChanged(this.changed());
    if (this.frames % devicesEveryFrames === 0) this.broadcast(this.message('devices'));
  }

  /** One frame for all that are told of every tag, and one for each of the others. */
  private sendChanged(changed: Int32Array): void {
    const now = this.options.clock.wallMs();
    const { live } = this.options.source;
    const frame = (tags: Int32Array) => encodeFrame(now, tags, live);
    let whole: ArrayBuffer | undefined;
    for (const [client, shown] of this.clients) {
      if (!shown) whole ??= frame(changed);
      this.send(client, shown ? frame(changed.filter((tag) => shown[tag])) : (whole as ArrayBuffer));
    }
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
    if (what === 'alarms') return JSON.stringify({ type: 'alarms', ...alarmsView(source, maxAlarmsFed) });
    if (what === 'devices') return JSON.stringify({ type: 'devices', ...devicesView(source) });
    return JSON.stringify({ type: 'events', events: source.recentEvents() });
  }

  private broadcast(message: string | ArrayBuffer): void {
    for (const client of this.clients.keys()) this.send(client, message);
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

/** Every tag of a table. */
const all = ({ values }: LiveColumns): Int32Array => Int32Array.from(values.keys());

const copyOf = ({ values, quality, times }: LiveColumns) => ({
  values: values.slice(),
  quality: quality.slice(),
  times: times.slice(),
});
