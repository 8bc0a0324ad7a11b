import type { SampleBatch } from '../../core/batch.ts';
import { delay, type Timer } from '../../core/clock.ts';
import { LifelineError } from '../../core/errors.ts';
import type { Sink, SinkHost, SinkState, SinkStatus } from '../api.ts';
import { mqttErrors } from '../errors.ts';
import { Forwarder } from '../forwarder.ts';
import { DataOutlet } from './data-outlet.ts';
import { type Link, openLink } from './link.ts';
import { dataMessage, eventMessage, stateMessage, type Topics } from './messages.ts';
import type { MqttJsonOptions } from './options.ts';

/** Pause before the first new attempt; doubled each time, with up to half of it taken off at random. */
const firstBackOffMs = 500;
const maxBackOffMs = 30_000;
/** A connection that lasted this long counts as good: the next pause is short again. */
const steadyMs = 10_000;
/** Events in flight and none acknowledged for this long: the connection is given up. */
const ackTimeoutMs = 30_000;
/** What `stop` grants to acknowledgements on their way. */
const farewellMs = 1_000;

/** Publishes to one broker: a new connection after each end, events by the cursor, live values while it lasts. */
export class MqttJsonSink implements Sink {
  private readonly id: string;
  private readonly options: MqttJsonOptions;
  private readonly host: SinkHost;
  private readonly topics: Topics;
  private readonly forwarder: Forwarder;
  private readonly data: DataOutlet;
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private link: Link | undefined;
  private state: SinkState = 'connecting';
  private trouble = '';

  constructor(id: string, options: MqttJsonOptions, host: SinkHost) {
    const { journal, cursors, clock, log, gateway } = host;
    this.id = id;
    this.options = options;
    this.host = host;
    this.topics = { prefix: options.prefix, gateway };
    this.forwarder = new Forwarder({ sink: id, journal, cursors, clock, log });
    this.data = new DataOutlet((batch, tags) => dataMessage(this.topics, batch, tags, options.data.qos));
  }

  async start(): Promise<void> {
    await this.forwarder.start();
    this.running = this.stayConnected();
  }

  publish(batch: SampleBatch): void {
    if (this.options.data.enabled) this.data.push(batch, this.host.tags());
  }

  status(): SinkStatus {
    const { forwarded, pending, oldestPendingMs } = this.forwarder;
    const { id, state, trouble: lastError } = this;
    return { id, sink: 'mqtt-json', endpoint: this.options.url, state, lastError, forwarded, pending, oldestPendingMs };
  }

  async stop(): Promise<void> {
    if (!this.stopping.signal.aborted) {
      const { link } = this;
      if (link) await Promise.race([this.farewell(link), delay(this.host.clock, farewellMs)]);
      this.stopping.abort();
      this.data.use(undefined);
      link?.cut();
    }
    await this.running;
    await this.forwarder.stop();
  }

  /** Waits until the journal is delivered, says that the gateway goes, and takes leave. */
  private async farewell(link: Link): Promise<void> {
    await this.forwarder.drained();
    await link.publish(stateMessage(this.topics, 'offline', this.host.clock.wallMs()));
    await link.leave();
  }

  private async stayConnected(): Promise<void> {
    const { clock, random } = this.host;
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
    const { clock, gateway } = this.host;
    const { url, username, password } = this.options;
    const will = stateMessage(this.topics, 'offline', clock.wallMs());
    const clientId = `lifeline-${gateway}-${this.id}`;
    let link: Link;
    try {
      link = await openLink({ url, clientId, username, password, will }, this.stopping.signal);
    } catch (error) {
      if (error instanceof LifelineError) return error;
      throw error;
    }
    this.link = link;
    this.state = 'online';
    this.trouble = '';
    this.host.log.info({ sink: this.id }, `connected to ${url}`);
    const ending = new AbortController();
    const starved = this.watchAcks(link);
    link.publish(stateMessage(this.topics, 'online', clock.wallMs())).catch(() => undefined);
    this.data.use(link);
    const forwarding = this.forwarder.run((event) => link.publish(eventMessage(this.topics, event)), ending.signal);
    const reason = await link.closed;
    ending.abort();
    await forwarding;
    this.link = undefined;
    this.data.use(undefined);
    return starved.stop() ?? reason;
  }

  /** Gives the connection up when events are in flight and none is acknowledged; `stop` returns the error if it did. */
  private watchAcks(link: Link): { stop(): LifelineError | undefined } {
    const { clock } = this.host;
    let error: LifelineError | undefined;
    let waited = false;
    let timer: Timer;
    const look = (before: number) => {
      timer = clock.after(ackTimeoutMs, () => {
        const { forwarded, inFlight } = this.forwarder;
        if (waited && forwarded === before && inFlight > 0) {
          const text = `send events to ${this.options.url}: ${inFlight} not acknowledged in ${ackTimeoutMs / 1000} s`;
          error = mqttErrors.create('NO-ACK', text);
          link.cut();
          return;
        }
        waited = inFlight > 0;
        look(forwarded);
      });
    };
    look(this.forwarder.forwarded);
    return {
      stop() {
        timer.cancel();
        return error;
      },
    };
  }

  private note(error: LifelineError): void {
    const text = `${error.code} ${error.message}; ${error.next}`;
    this.state = 'waiting';
    if (text !== this.trouble) {
      this.host.log.warn({ code: error.code, sink: this.id, next: error.next }, error.message);
    }
    this.trouble = text;
  }
}
