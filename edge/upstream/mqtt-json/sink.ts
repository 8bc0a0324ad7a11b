import type { SampleBatch } from '../../core/batch.ts';
import { describeError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { Sink, SinkHost, SinkStatus } from '../api.ts';
import { ConnectionKeeper } from '../connection-keeper.ts';
import { mqttErrors } from '../errors.ts';
import { Forwarder } from '../forwarder.ts';
import { type Link, openLink } from '../mqtt-link.ts';
import { OrderInbox } from '../orders.ts';
import { Receipts } from '../receipts.ts';
import type { TelemetryRoad } from '../telemetry/road.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import {
  dataMessage,
  eventMessage,
  gatewayTopic,
  historicalMessages,
  replyMessage,
  stateMessage,
  type Topics,
} from './messages.ts';
import type { MqttJsonOptions } from './options.ts';

/** What `stop` grants to acknowledgements on their way. */
const farewellMs = 1_000;
/** Historical messages handed to the connection before it has room for more. */
const maxUnsentMessages = 64;

/** Publishes to one broker: events by the cursor, live values while a connection lasts. */
export class MqttJsonSink implements Sink {
  private readonly id: string;
  private readonly options: MqttJsonOptions;
  private readonly host: SinkHost;
  private readonly topics: Topics;
  private readonly forwarder: Forwarder;
  private readonly telemetry: Telemetry;
  /** Where the receiver has to confirm. */
  private readonly receipts: Receipts | undefined;
  /** Where the centre has a way to show that an order is its own. */
  private readonly orders: OrderInbox | undefined;
  /** What the broker has acknowledged of events, and what it owes on the present connection. */
  private acks = { done: 0, inFlight: 0 };
  private readonly keeper: ConnectionKeeper<Link>;

  constructor(id: string, options: MqttJsonOptions, host: SinkHost) {
    const { clock, log, random, gateway } = host;
    this.id = id;
    this.options = options;
    this.host = host;
    this.topics = { prefix: options.prefix, gateway };
    this.forwarder = new Forwarder({ ...host, sink: id });
    const resendAfterMs = options.resendAfterS * 1000;
    this.receipts = options.confirm === 'receiver' ? new Receipts({ ...host, sink: id, resendAfterMs }) : undefined;
    const { ordersKey: key, trustBroker: trustRoad } = options;
    this.orders = key !== undefined || trustRoad ? new OrderInbox({ ...host, sink: id, key, trustRoad }) : undefined;
    this.telemetry = new Telemetry({ ...host, sink: id, options: options.data });
    this.keeper = new ConnectionKeeper<Link>({
      ...{ sink: id, endpoint: options.url, clock, random, log },
      open: (signal) => this.open(signal),
      use: (link, ended) => this.use(link, ended),
      acks: () => (this.acks.inFlight > 0 ? this.acks : this.telemetry.acks()),
      silent: (text) => mqttErrors.create('NO-ACK', text),
    });
  }

  async start(): Promise<void> {
    await this.forwarder.start();
    if (this.options.data.enabled) await this.telemetry.start();
    this.keeper.start();
  }

  publish(batch: SampleBatch): void {
    if (this.options.data.enabled) this.telemetry.push(batch);
  }

  status(): SinkStatus {
    const { id, receipts, forwarder, keeper } = this;
    const { forwarded, pending, oldestPendingMs } = forwarder;
    return {
      ...{ id, sink: 'mqtt-json', endpoint: this.options.url, state: keeper.state },
      ...{ lastError: keeper.trouble || (receipts?.trouble ?? ''), forwarded, pending, oldestPendingMs },
      ...(receipts ? { unconfirmed: receipts.unconfirmed, refused: receipts.refused } : {}),
      ...this.telemetry.figures(),
    };
  }

  async stop(): Promise<void> {
    await this.keeper.stop((link) => this.farewell(link), farewellMs);
    await this.forwarder.stop();
    await this.telemetry.stop();
  }

  private open(signal: AbortSignal): Promise<Link> {
    const { clock, gateway } = this.host;
    const { url, username, password } = this.options;
    const will = stateMessage(this.topics, 'offline', clock.wallMs());
    return openLink({ url, clientId: `lifeline-${gateway}-${this.id}`, username, password, will }, signal);
  }

  private async use(link: Link, ended: AbortSignal): Promise<void> {
    this.acks = { done: this.acks.done, inFlight: 0 };
    link.publish(stateMessage(this.topics, 'online', this.host.clock.wallMs())).catch(() => undefined);
    void this.hear(link);
    const values = this.options.data.enabled ? this.telemetry.run(this.road(link), ended) : undefined;
    const send = (event: Event) => this.send(event, link);
    const { receipts } = this;
    await this.forwarder.run(receipts ? (event) => receipts.deliver(event, send, ended) : send, ended);
    await values;
  }

  private road(link: Link): TelemetryRoad {
    const { qos } = this.options.data;
    return {
      live: (batch, tags) => link.publish(dataMessage(this.topics, batch, tags, qos)),
      historical: async (batch, tags) => {
        let sending = [];
        for (const message of historicalMessages(this.topics, batch, tags, qos)) {
          sending.push(link.publish(message));
          if (sending.length < maxUnsentMessages) continue;
          await Promise.all(sending);
          sending = [];
        }
        await Promise.all(sending);
      },
      settled: () => link.roundTrip(),
    };
  }

  private async send(event: Event, link: Link): Promise<void> {
    const { acks } = this;
    acks.inFlight++;
    await link.publish(eventMessage(this.topics, event));
    acks.inFlight--;
    acks.done++;
  }

  /** Listens to what comes back; a broker that does not let us is of no use. */
  private async hear(link: Link): Promise<void> {
    const { receipts, orders } = this;
    const heard = new Map<string, (payload: Buffer) => void>();
    if (receipts) heard.set(gatewayTopic(this.topics, 'receipts'), (payload) => receipts.take(payload));
    if (orders) {
      heard.set(gatewayTopic(this.topics, 'commands'), async (payload) => {
        const reply = await orders.take(payload);
        await link.publish(replyMessage(this.topics, reply)).catch(() => undefined); // asked again, it is answered again
      });
    }
    if (heard.size === 0) return;
    const topics = [...heard.keys()];
    try {
      await link.subscribe(topics, (topic, payload) => heard.get(topic)?.(payload));
    } catch (error) {
      const text = `listen to ${topics.join(' and ')} at ${this.options.url}: ${describeError(error)}`;
      link.cut(mqttErrors.create('TOPIC', text));
    }
  }

  /** Waits until the journal is delivered, says that the gateway goes, and takes leave. */
  private async farewell(link: Link): Promise<void> {
    await Promise.all([this.forwarder.drained(), this.telemetry.drained()]);
    await link.publish(stateMessage(this.topics, 'offline', this.host.clock.wallMs()));
    await link.leave();
  }
}
