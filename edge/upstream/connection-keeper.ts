import { type Clock, delay, type Timer } from '../core/clock.ts';
import { LifelineError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import { both, type Text } from '../core/text.ts';
import type { SinkState } from './api.ts';

/** Pause before the first new attempt; doubled each time, with up to half of it taken off at random. */
const firstBackOffMs = 500;
const maxBackOffMs = 30_000;
/** A connection that lasted this long counts as good: the next pause is short again. */
const steadyMs = 10_000;
/** Something in flight and nothing acknowledged for this long: the connection is given up. */
const ackTimeoutMs = 30_000;

/** One connection to a far end, from its accept to its end; never comes back. */
export interface Connection {
  /** Resolves with the reason when the connection ends. */
  readonly closed: Promise<LifelineError>;
  /** Ends it at once. */
  cut(): void;
}

/** What is acknowledged on a connection and what waits for it. */
export interface AckFigures {
  /** Acknowledged since start. */
  readonly done: number;
  readonly inFlight: number;
}

/** What a keeper needs of a sink. */
export interface KeeperParts<Made extends Connection> {
  readonly sink: string;
  readonly endpoint: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  /** Connects once; rejects with a coded error. The signal gives up. */
  open(signal: AbortSignal): Promise<Made>;
  /** Uses a connection; resolves soon after the signal tells that it has ended. */
  use(connection: Made, ended: AbortSignal): Promise<void>;
  acks(): AckFigures;
  /** What to say of a far end that keeps the connection and acknowledges nothing. */
  silent(text: Text): LifelineError;
}

/** Seeks a connection, uses it until it ends, seeks the next; for as long as the sink runs. */
export class ConnectionKeeper<Made extends Connection> {
  state: SinkState = 'connecting';
  trouble: LifelineError | undefined;
  /** The connection in use. */
  connection: Made | undefined;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private readonly parts: KeeperParts<Made>;

  constructor(parts: KeeperParts<Made>) {
    this.parts = parts;
  }

  start(): void {
    this.running ??= this.stayConnected();
  }

  /**
   * Ends for good; may be called twice.
   * @param farewell what is said on a connection before it is cut, for at most `farewellMs`
   */
  async stop(farewell: (connection: Made) => Promise<unknown>, farewellMs: number): Promise<void> {
    if (!this.stopping.signal.aborted) {
      const { connection } = this;
      if (connection) {
        const said = farewell(connection).catch(() => undefined);
        await Promise.race([said, delay(this.parts.clock, farewellMs)]);
      }
      this.stopping.abort();
      connection?.cut();
    }
    await this.running;
  }

  private async stayConnected(): Promise<void> {
    const { clock, random } = this.parts;
    const { signal } = this.stopping;
    let backOffMs = firstBackOffMs;
    while (!signal.aborted) {
      this.state = 'connecting';
      const startedMs = clock.monotonicMs();
      const error = await this.connectOnce();
      if (signal.aborted) break;
      this.note(error);
      if (clock.monotonicMs() - startedMs > steadyMs) backOffMs = firstBackOffMs;
      await delay(clock, backOffMs * (1 - random.next() / 2), signal);
      backOffMs = Math.min(maxBackOffMs, backOffMs * 2);
    }
  }

  /** One connection from beginning to end; resolves with the reason of its end. */
  private async connectOnce(): Promise<LifelineError> {
    const { open, use, endpoint, log, sink } = this.parts;
    let connection: Made;
    try {
      connection = await open(this.stopping.signal);
    } catch (error) {
      if (error instanceof LifelineError) return error;
      throw error;
    }
    this.connection = connection;
    this.state = 'online';
    this.trouble = undefined;
    log.info({ sink }, `connected to ${endpoint}`);
    const ended = new AbortController();
    const silence = this.watchAcks(connection);
    const using = use(connection, ended.signal);
    const reason = await connection.closed;
    ended.abort();
    await using;
    this.connection = undefined;
    return silence.stop() ?? reason;
  }

  /** Gives the connection up when something is in flight and nothing is acknowledged; `stop` returns the error if it did. */
  private watchAcks(connection: Made): { stop(): LifelineError | undefined } {
    const { clock, acks, silent, endpoint } = this.parts;
    let error: LifelineError | undefined;
    let waited = false;
    let timer: Timer;
    const look = (before: number) => {
      timer = clock.after(ackTimeoutMs, () => {
        const { done, inFlight } = acks();
        if (waited && done === before && inFlight > 0) {
          const waitedS = ackTimeoutMs / 1000;
          error = silent(
            both(
              `send to ${endpoint}: ${inFlight} not acknowledged in ${waitedS} s`,
              `发往 ${endpoint}：${waitedS} s 内有 ${inFlight} 条未获确认`,
            ),
          );
          connection.cut();
          return;
        }
        waited = inFlight > 0;
        look(done);
      });
    };
    look(acks().done);
    return {
      stop() {
        timer.cancel();
        return error;
      },
    };
  }

  private note(error: LifelineError): void {
    this.state = 'waiting';
    if (error.message !== this.trouble?.message) {
      const { log, sink } = this.parts;
      log.warn({ code: error.code, sink, next: error.next }, error.message);
    }
    this.trouble = error;
  }
}
