import type { SampleBatch } from '../../core/batch.ts';
import { errorWithin, errorWithNext, LifelineError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import { both } from '../../core/text.ts';
import type { Sink, SinkHost, SinkStatus } from '../api.ts';
import { certificatesOf } from '../broker-certificates.ts';
import { ConnectionKeeper } from '../connection-keeper.ts';
import { DeadLetters } from '../dead-letters.ts';
import { DropSuspect } from '../drop-suspect.ts';
import { mqttErrors } from '../errors.ts';
import { Forwarder } from '../forwarder.ts';
import { Heartbeats } from '../heartbeats.ts';
import { fitsInto, type Link, type Message, type MessageProperties, openLink } from '../mqtt-link.ts';
import { OrderInbox } from '../orders.ts';
import { Receipts } from '../receipts.ts';
import { noteRefusal } from '../refusal.ts';
import { orEnded } from '../telemetry/or-ended.ts';
import type { TelemetryRoad } from '../telemetry/road.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { troubleFigures } from '../trouble.ts';
import {
  dataMessages,
  eventMessage,
  gatewayTopic,
  type Home,
  heartbeatMessage,
  historicalMessages,
  inParts,
  replyMessage,
  stateMessage,
  type ValueDelivery,
} from './messages.ts';
import type { MqttJsonOptions } from './options.ts';
import { ValueTopics } from './value-topics.ts';

/** What `stop` grants to acknowledgements on their way. */
const farewellMs = 1_000;
/** Historical messages handed to the connection before it has room for more. */
const maxUnsentMessages = 64;

/** By which a broker knows a sink. */
export const clientIdOf = (gateway: string, sink: string): string => `lifeline-${gateway}-${sink}`;

/** Publishes to one broker: events by the cursor, values as they come and from history. */
export class MqttJsonSink implements Sink {
  private readonly id: string;
  private readonly options: MqttJsonOptions;
  private readonly host: SinkHost;
  private readonly home: Home;
  private readonly delivery: ValueDelivery;
  private readonly forwarder: Forwarder;
  private readonly heartbeats: Heartbeats;
  private readonly telemetry: Telemetry;
  /** Where the receiver has to confirm. */
  private readonly receipts: Receipts | undefined;
  /** Where the centre has a way to show that an order is its own. */
  private readonly orders: OrderInbox | undefined;
  /** What the broker has acknowledged of events, and what it owes on the present connection. */
  private acks = { done: 0, inFlight: 0 };
  /** What the broker says of values that it does not take; undefined when it takes them. */
  private valueTrouble: LifelineError | undefined;
  /** Events that the broker will never take. */
  private tooLarge = 0;
  readonly deadLetters: DeadLetters;
  private readonly drops = new DropSuspect();
  /** Resolves once the event that has to go alone on the present connection has gone. */
  private others: Promise<void> = Promise.resolve();
  private readonly keeper: ConnectionKeeper<Link>;

  constructor(id: string, options: MqttJsonOptions, host: SinkHost) {
    const { clock, log, random, gateway } = host;
    this.id = id;
    this.options = options;
    this.host = host;
    this.home = { prefix: options.prefix, gateway };
    const topics = new ValueTopics(options.topics.values, this.home);
    this.delivery = {
      ...options.data,
      topicOfDevice: (device) => topics.ofDevice(device),
      topicOf: (tag, tags) => topics.of(tag, tags, host.assets()),
    };
    this.forwarder = new Forwarder({ ...host, sink: id });
    const { heartbeatS } = options;
    this.heartbeats = new Heartbeats({ ...host, sink: id, heartbeatS, forwarder: this.forwarder });
    const resendAfterMs = options.resendAfterS * 1000;
    this.receipts = options.confirm === 'receiver' ? new Receipts({ ...host, sink: id, resendAfterMs }) : undefined;
    const { ordersKey: key, trustBroker: trustRoad } = options;
    this.orders = key !== undefined || trustRoad ? new OrderInbox({ ...host, sink: id, key, trustRoad }) : undefined;
    this.deadLetters = new DeadLetters({ ...host, send: (event) => this.sendAgain(event) });
    this.telemetry = new Telemetry({ ...host, sink: id, options: options.data, repeatsAll: options.data.retain });
    this.keeper = new ConnectionKeeper<Link>({
      ...{ sink: id, endpoint: options.url, clock, random, log },
      open: (signal) => this.open(signal),
      use: (link, ended) => this.use(link, ended),
      acks: () => (this.acks.inFlight > 0 ? this.acks : this.telemetry.acks()),
      silent: (text) => mqttErrors.create('NO-ACK', text),
    });
  }

  async start(): Promise<void> {
    await this.deadLetters.open();
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
      ...troubleFigures(keeper.trouble ?? receipts?.trouble ?? this.valueTrouble ?? this.heartbeats.trouble),
      heartbeatOverdueMs: this.heartbeats.overdueMs,
      ...{ forwarded, pending, oldestPendingMs, refused: this.tooLarge + (receipts?.refused ?? 0) },
      deadLetters: this.deadLetters.count,
      ...(receipts ? { unconfirmed: receipts.unconfirmed } : {}),
      ...this.telemetry.figures(),
    };
  }

  async stop(): Promise<void> {
    await this.keeper.stop((link) => this.farewell(link), farewellMs);
    await this.forwarder.stop();
    await this.telemetry.stop();
  }

  private async open(signal: AbortSignal): Promise<Link> {
    const { host, options, home, id } = this;
    const { url, protocol, username, password, sessionExpiryS } = options;
    const certificates = certificatesOf(options, host.documents);
    const will = stateMessage(home, 'offline', host.clock.wallMs());
    const account = { clientId: clientIdOf(host.gateway, id), username, password, certificates };
    const link = await openLink({ url, protocol, ...account, will, sessionExpiryS }, signal);
    if (link.protocol !== 5 && protocol === 'auto') host.log.info({ sink: id }, `${url} does not speak MQTT 5`);
    return link;
  }

  private async use(link: Link, ended: AbortSignal): Promise<void> {
    this.acks = { done: this.acks.done, inFlight: 0 };
    this.valueTrouble = undefined;
    link.publish(stateMessage(this.home, 'online', this.host.clock.wallMs())).catch(() => undefined);
    void this.hear(link);
    const alone = this.drops.sequence;
    let letOthers: () => void = () => undefined;
    this.others = alone === undefined ? Promise.resolve() : new Promise((resolve) => (letOthers = resolve));
    const values = this.options.data.enabled ? this.carryValues(link, ended) : undefined;
    const beats = this.heartbeats.run((beat) => this.acknowledged(heartbeatMessage(this.home, beat), link), ended);
    await this.forwarder.run(async (event) => {
      if (event.sequence === alone) await link.roundTrip();
      else await this.others;
      await this.forward(event, link, ended);
      if (event.sequence === alone) letOthers();
    }, ended);
    this.drops.ended(await link.closed, this.host.clock.monotonicMs());
    await values;
    await beats;
  }

  private async carryValues(link: Link, ended: AbortSignal): Promise<void> {
    await orEnded(this.others, ended);
    await this.telemetry.run(this.road(link), ended);
  }

  private road(link: Link): TelemetryRoad {
    const { delivery } = this;
    return {
      live: (batch, tags) => Promise.all(this.sendValues(dataMessages(batch, tags, delivery), link)),
      historical: async (batch, tags) => {
        let sending = [];
        for (const sent of this.sendValues(historicalMessages(batch, tags, delivery), link)) {
          sending.push(sent);
          if (sending.length < maxUnsentMessages) continue;
          await Promise.all(sending);
          sending = [];
        }
        await Promise.all(sending);
      },
      settled: async () => {
        await link.roundTrip();
        this.valueTrouble = undefined;
      },
    };
  }

  private *sendValues(messages: Iterable<Message>, link: Link): Generator<Promise<void>> {
    const takes = (message: Message) => fitsInto(message, link.maxPacketBytes);
    for (const message of messages) {
      for (const part of inParts(message, takes)) {
        yield link.publish(part, 'values').catch((error: unknown) => {
          if (error instanceof LifelineError) this.valueTrouble = error;
          throw error;
        });
      }
    }
  }

  /** Sends an event until it is confirmed; one that the broker never takes must not hold up the others. */
  private forward(event: Event, link: Link, ended: AbortSignal): Promise<unknown> {
    const { receipts, options } = this;
    const { url } = options;
    const message = this.messageOf(event);
    const dead = this.drops.verdict(event.sequence, url);
    if (dead) return this.bury(event, dead, link);
    if (!fitsInto(message, link.maxPacketBytes)) {
      const bytes = Buffer.byteLength(message.payload);
      const why = both(
        `send an event of ${bytes} bytes to ${url}: it is larger than the ${link.maxPacketBytes} bytes that it takes`,
        `向 ${url} 发送 ${bytes} 字节的事件：超过其上限 ${link.maxPacketBytes} 字节`,
      );
      return this.bury(event, mqttErrors.create('TOO-LARGE', why), link);
    }
    const send = () => this.send(event, message, link);
    return receipts ? receipts.deliver(event, send, ended) : send();
  }

  private messageOf(event: Event): Message {
    const { receipts, home, options } = this;
    return eventMessage(home, options.topics.events, event, receipts && gatewayTopic(home, 'receipts'));
  }

  /** Keeps an event that does not go as a dead letter, and tells of it; what keeps it from that ends the connection. */
  private async bury(event: Event, why: LifelineError, link: Link): Promise<void> {
    const { host, id } = this;
    try {
      await this.deadLetters.add(event, why);
      await noteRefusal({ ...host, sink: id }, event, errorWithNext(why));
    } catch (error) {
      if (error instanceof LifelineError) link.cut(error);
      throw error;
    }
    this.tooLarge++;
    this.drops.forget();
  }

  /** Tries a dead letter once more, whether or not the broker has said what it takes. */
  private async sendAgain(event: Event): Promise<boolean> {
    const link = this.keeper.connection;
    if (!link) return false;
    const sent = link.publish(this.messageOf(event)).then(
      () => true,
      () => false,
    );
    return Promise.race([sent, link.closed.then(() => false)]);
  }

  /** What the broker does not take ends the connection, so that all from there on is sent again in order. */
  private async send({ sequence }: Event, message: Message, link: Link): Promise<void> {
    const { drops } = this;
    drops.sent(sequence, Buffer.byteLength(message.payload), this.host.clock.monotonicMs());
    try {
      await this.acknowledged(message, link);
    } catch (error) {
      if (error instanceof LifelineError) link.cut(error);
      throw error;
    }
    drops.taken(sequence);
  }

  /** Publishes what the broker owes an answer to, so that one which gives none is noticed. */
  private async acknowledged(message: Message, link: Link): Promise<void> {
    const { acks } = this;
    acks.inFlight++;
    try {
      await link.publish(message);
    } finally {
      acks.inFlight--;
      acks.done++;
    }
  }

  /** Listens to what comes back; a broker that does not let us is of no use. */
  private async hear(link: Link): Promise<void> {
    const { receipts, orders, home } = this;
    const heard = new Map<string, (payload: Buffer, properties: MessageProperties) => void>();
    if (receipts) {
      heard.set(gatewayTopic(home, 'receipts'), (payload, { correlationData }) =>
        receipts.take(payload, correlationData?.toString('utf8')),
      );
    }
    if (orders) {
      heard.set(gatewayTopic(home, 'commands'), async (payload, properties) => {
        const reply = await orders.take(payload);
        await link.publish(replyMessage(home, reply, properties)).catch(() => undefined); // asked again, it is answered again
      });
    }
    if (heard.size === 0) return;
    const topics = [...heard.keys()];
    try {
      await link.subscribe(topics, (topic, payload, properties) => heard.get(topic)?.(payload, properties));
    } catch (error) {
      const { url } = this.options;
      const why = errorWithin(error);
      const text = both(
        `listen to ${topics.join(' and ')} at ${url}: ${why.en}`,
        `在 ${url} 订阅 ${topics.join('、')}：${why.zh}`,
      );
      link.cut(mqttErrors.create('TOPIC', text));
    }
  }

  /** Waits until the journal is delivered, says that the gateway goes, and takes leave. */
  private async farewell(link: Link): Promise<void> {
    await Promise.all([this.forwarder.drained(), this.telemetry.drained()]);
    await link.publish(stateMessage(this.home, 'offline', this.host.clock.wallMs()));
    await link.leave();
  }
}
