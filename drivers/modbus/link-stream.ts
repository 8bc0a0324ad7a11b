import type { Duplex } from 'node:stream';
import type { Clock, Timer } from '../../edge/core/clock.ts';
import { errorWithin, LifelineError } from '../../edge/core/errors.ts';
import { both, type Text } from '../../edge/core/text.ts';

/** What a link hears of its stream. */
export interface StreamEvents {
  data(chunk: Uint8Array): void;
  /** It was closed between polls and is open again. */
  reopened(): void;
  /** It ended, or could not be opened again. Called at most once. */
  lost(what: Text, cause?: unknown): void;
}

/**
 * The byte stream under a link. For devices that serve a single client it is closed as soon as nothing is on its way, and
 * opened when something is to be sent; what happens to a stream that rests concerns nobody.
 */
export class LinkStream {
  private readonly clock: Clock;
  private readonly events: StreamEvents;
  private readonly open: ((signal: AbortSignal) => Promise<Duplex>) | undefined;
  private readonly ending = new AbortController();
  private stream: Duplex | undefined;
  private outgoing: Uint8Array[] = [];
  private closesBetween = false;
  private opening = false;
  private resting: Timer | undefined;

  /** @param open opens it anew; without it the stream is never closed between polls */
  constructor(
    stream: Duplex,
    clock: Clock,
    events: StreamEvents,
    open?: ((signal: AbortSignal) => Promise<Duplex>) | undefined,
  ) {
    this.clock = clock;
    this.events = events;
    this.open = open;
    this.attach(stream);
  }

  get isOpen(): boolean {
    return this.stream !== undefined;
  }

  /** From now on the stream is open only while something is on its way. */
  closeBetween(): void {
    this.closesBetween = this.open !== undefined;
  }

  /** Whether something can be sent now; if not, `reopened` tells when. */
  ready(): boolean {
    if (this.stream || this.ending.signal.aborted) return this.isOpen;
    if (!this.opening) void this.reopen();
    return false;
  }

  /** Everything sent in one turn of the event loop leaves in one write. */
  write(frame: Uint8Array): void {
    this.resting?.cancel();
    this.resting = undefined;
    if (this.outgoing.push(frame) > 1) return;
    process.nextTick(() => {
      const frames = this.outgoing;
      this.outgoing = [];
      this.stream?.write(frames.length === 1 ? frames[0] : Buffer.concat(frames));
    });
  }

  /** Nothing is on its way. A poll may go on in the same turn of the event loop. */
  rest(): void {
    if (!this.closesBetween || this.resting || !this.stream) return;
    this.resting = this.clock.after(0, () => this.close());
  }

  destroy(): void {
    this.ending.abort();
    this.close();
  }

  private attach(stream: Duplex): void {
    this.stream = stream;
    const ended = (what: Text, cause?: unknown) => {
      if (this.stream !== stream) return;
      if (this.resting) return this.close();
      this.events.lost(what, cause);
    };
    stream.on('data', (chunk: Uint8Array) => this.stream === stream && this.events.data(chunk));
    stream.on('error', (cause: Error) => ended(withCause(both('the connection broke', '连接中断'), cause), cause));
    stream.on('end', () => ended(both('the device closed the connection', '设备关闭了连接')));
    stream.on('close', () => ended(both('the connection closed', '连接已关闭')));
  }

  private close(): void {
    this.resting?.cancel();
    this.resting = undefined;
    const { stream } = this;
    this.stream = undefined;
    stream?.destroy();
  }

  private async reopen(): Promise<void> {
    const { signal } = this.ending;
    this.opening = true;
    try {
      const stream = await this.open?.(signal);
      this.opening = false;
      if (!stream) return;
      if (signal.aborted) stream.destroy();
      else {
        this.attach(stream);
        this.events.reopened();
      }
    } catch (cause) {
      this.opening = false;
      const what = both('the connection could not be opened again', '连接未能重新建立');
      if (!signal.aborted) this.events.lost(withCause(what, cause), cause);
    }
  }
}

const withCause = (what: Text, cause: unknown): Text => {
  const { zh, en } = cause instanceof LifelineError ? cause.told : errorWithin(cause);
  return both(`${what.en} (${en})`, `${what.zh}（${zh}）`);
};
