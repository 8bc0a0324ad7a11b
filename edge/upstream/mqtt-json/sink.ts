import type { SampleBatch } from '../../core/batch.ts';
import type { Sink, SinkHost, SinkStatus } from '../api.ts';
import { ConnectionKeeper } from '../connection-keeper.ts';
import { mqttErrors } from '../errors.ts';
import { Forwarder } from '../forwarder.ts';
import { type Link, openLink } from '../mqtt-link.ts';
import { DataOutlet } from './data-outlet.ts';
import { dataMessage, eventMessage, stateMessage, type Topics } from './messages.ts';
import type { MqttJsonOptions } from './options.ts';

/** What `stop` grants to acknowledgements on their way. */
const farewellMs = 1_000;

/** Publishes to one broker: events by the cursor, live values while a connection lasts. */
export class MqttJsonSink implements Sink {
  private readonly id: string;
  private readonly options: MqttJsonOptions;
  private readonly host: SinkHost;
  private readonly topics: Topics;
  private readonly forwarder: Forwarder;
  private readonly data: DataOutlet;
  private readonly keeper: ConnectionKeeper<Link>;

  constructor(id: string, options: MqttJsonOptions, host: SinkHost) {
    const { clock, log, random, gateway } = host;
    this.id = id;
    this.options = options;
    this.host = host;
    this.topics = { prefix: options.prefix, gateway };
    this.forwarder = new Forwarder({ ...host, sink: id });
    this.data = new DataOutlet((batch, tags) => dataMessage(this.topics, batch, tags, options.data.qos));
    this.keeper = new ConnectionKeeper<Link>({
      ...{ sink: id, endpoint: options.url, clock, random, log },
      open: (signal) => this.open(signal),
      use: (link, ended) => this.use(link, ended),
      acks: () => ({ done: this.forwarder.forwarded, inFlight: this.forwarder.inFlight }),
      silent: (text) => mqttErrors.create('NO-ACK', text),
    });
  }

  async start(): Promise<void> {
    await this.forwarder.start();
    this.keeper.start();
  }

  publish(batch: SampleBatch): void {
    if (this.options.data.enabled) this.data.push(batch, this.host.tags());
  }

  status(): SinkStatus {
    const { forwarded, pending, oldestPendingMs } = this.forwarder;
    const { state, trouble: lastError } = this.keeper;
    const { id } = this;
    return { id, sink: 'mqtt-json', endpoint: this.options.url, state, lastError, forwarded, pending, oldestPendingMs };
  }

  async stop(): Promise<void> {
    await this.keeper.stop((link) => this.farewell(link), farewellMs);
    await this.forwarder.stop();
  }

  private open(signal: AbortSignal): Promise<Link> {
    const { clock, gateway } = this.host;
    const { url, username, password } = this.options;
    const will = stateMessage(this.topics, 'offline', clock.wallMs());
    return openLink({ url, clientId: `lifeline-${gateway}-${this.id}`, username, password, will }, signal);
  }

  private async use(link: Link, ended: AbortSignal): Promise<void> {
    link.publish(stateMessage(this.topics, 'online', this.host.clock.wallMs())).catch(() => undefined);
    this.data.use(link);
    await this.forwarder.run((event) => link.publish(eventMessage(this.topics, event)), ended);
    this.data.use(undefined);
  }

  /** Waits until the journal is delivered, says that the gateway goes, and takes leave. */
  private async farewell(link: Link): Promise<void> {
    await this.forwarder.drained();
    await link.publish(stateMessage(this.topics, 'offline', this.host.clock.wallMs()));
    await link.leave();
  }
}
