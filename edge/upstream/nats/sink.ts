import type { SampleBatch } from '../../core/batch.ts';
import { errorWithNext, LifelineError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { TagTable } from '../../core/tag.ts';
import type { Sink, SinkHost, SinkStatus } from '../api.ts';
import { type CloudEvent, toCloudEvent } from '../cloudevents.ts';
import { ConnectionKeeper } from '../connection-keeper.ts';
import { DeadLetters } from '../dead-letters.ts';
import { Forwarder } from '../forwarder.ts';
import { Heartbeats } from '../heartbeats.ts';
import { OrderInbox } from '../orders.ts';
import { Receipts } from '../receipts.ts';
import { ServerWalk } from '../server-walk.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { troubleFigures } from '../trouble.ts';
import { natsErrors } from './errors.ts';
import { type NatsLink, openLink, type StreamMessage } from './link.ts';
import { type NatsOptions, serversOf } from './options.ts';
import { allOf, eventSubject, gatewaySubject, type Subjects } from './subjects.ts';
import { type Belongings, belongingsOf, valuesMessages } from './values.ts';

/** What `stop` grants to acknowledgements on their way. */
const farewellMs = 1_000;

/** Publishes to JetStream: the events of the journal by the cursor, values to a stream of their own. */
export class NatsSink implements Sink {
  private readonly id: string;
  private readonly options: NatsOptions;
  private readonly host: SinkHost;
  private readonly subjects: Subjects;
  private readonly forwarder: Forwarder;
  private readonly heartbeats: Heartbeats;
  private readonly telemetry: Telemetry;
  private readonly servers: ServerWalk;
  private readonly keeper: ConnectionKeeper<NatsLink>;
  /** Where the receiver has to confirm. */
  private readonly receipts: Receipts | undefined;
  /** Where the centre has a way to show that an order is its own. */
  private readonly orders: OrderInbox | undefined;
  /** What the stream has acknowledged of events, and what it owes on the present connection. */
  private acks = { done: 0, inFlight: 0 };
  private tooLarge = 0;
  readonly deadLetters: DeadLetters;
  /** What keeps values, or orders and receipts, from their way. */
  private trouble: { values?: LifelineError | undefined; hearing?: LifelineError } = {};
  private assets: ReturnType<SinkHost['assets']> | undefined;
  private belongings: Belongings = new Map();

  constructor(id: string, options: NatsOptions, host: SinkHost) {
    const { clock, log, random, gateway } = host;
    const { prefix, confirm, resendAfterS, ordersKey: key, trustServer: trustRoad } = options;
    this.id = id;
    this.options = options;
    this.host = host;
    this.subjects = { prefix, gateway };
    this.forwarder = new Forwarder({ ...host, sink: id });
    const { heartbeatS } = options;
    this.heartbeats = new Heartbeats({ ...host, sink: id, heartbeatS, forwarder: this.forwarder });
    this.deadLetters = new DeadLetters({ ...host, send: (event) => this.sendAgain(event) });
    this.telemetry = new Telemetry({ ...host, sink: id, options: options.data });
    const resendAfterMs = resendAfterS * 1000;
    this.receipts = confirm === 'receiver' ? new Receipts({ ...host, sink: id, resendAfterMs }) : undefined;
    this.orders = key !== undefined || trustRoad ? new OrderInbox({ ...host, sink: id, key, trustRoad }) : undefined;
    const servers = new ServerWalk(serversOf(options));
    this.servers = servers;
    this.keeper = new ConnectionKeeper<NatsLink>({
      ...{ sink: id, clock, random, log },
      get endpoint() {
        return servers.current;
      },
      open: (signal) => this.open(signal),
      use: (link, ended) => this.use(link, ended),
      acks: () => this.acks,
      silent: (text) => natsErrors.create('NO-ACK', text),
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
    const { forwarded, pending, oldestPendingMs } = this.forwarder;
    const { id, receipts, keeper, trouble, tooLarge, heartbeats } = this;
    const last = keeper.trouble ?? trouble.hearing ?? receipts?.trouble ?? trouble.values ?? heartbeats.trouble;
    return {
      ...{ id, sink: 'nats', endpoint: this.servers.current, state: keeper.state, ...troubleFigures(last) },
      ...{ forwarded, pending, oldestPendingMs, refused: tooLarge + (receipts?.refused ?? 0) },
      ...{ deadLetters: this.deadLetters.count, heartbeatOverdueMs: heartbeats.overdueMs },
      ...(receipts ? { unconfirmed: receipts.unconfirmed } : {}),
      ...(this.options.data.enabled ? this.telemetry.figures() : {}),
    };
  }

  async stop(): Promise<void> {
    await this.keeper.stop(() => Promise.all([this.forwarder.drained(), this.telemetry.drained()]), farewellMs);
    await this.forwarder.stop();
    await this.telemetry.stop();
  }

  private async open(signal: AbortSignal): Promise<NatsLink> {
    const { servers, options, host, id } = this;
    try {
      return await openLink(servers.current, options, host.documents, `lifeline-${host.gateway}-${id}`, signal);
    } catch (error) {
      servers.next();
      throw error;
    }
  }

  private async use(link: NatsLink, ended: AbortSignal): Promise<void> {
    this.acks = { done: this.acks.done, inFlight: 0 };
    this.trouble = {};
    this.hear(link);
    const values = this.options.data.enabled ? this.carryValues(link, ended) : undefined;
    const { receipts } = this;
    const deliver = (event: Event) =>
      receipts?.deliver(event, (one, again) => this.send(link, one, again), ended) ?? this.send(link, event, false);
    const beats = this.heartbeats.run((beat) => this.beat(link, beat), ended);
    await this.forwarder.run(deliver, ended);
    this.servers.next();
    await values;
    await beats;
  }

  /** Listens to what comes back. Events go on where the server does not let us. */
  private hear(link: NatsLink): void {
    const { receipts, orders, subjects } = this;
    const deaf = (why: LifelineError) => this.note('hearing', why);
    if (receipts) link.listen(gatewaySubject(subjects, 'receipts'), (payload) => receipts.take(payload), deaf);
    if (!orders) return;
    const take = async (payload: Uint8Array, answerTo = gatewaySubject(subjects, 'replies')) =>
      link.say(answerTo, JSON.stringify(await orders.take(payload)));
    link.listen(gatewaySubject(subjects, 'commands'), (payload, answerTo) => void take(payload, answerTo), deaf);
  }

  private async carryValues(link: NatsLink, ended: AbortSignal): Promise<void> {
    const { stream } = this.options.data;
    if (stream.create) {
      const subjects = allOf(this.options.prefix, 'values');
      await link.provide(stream, subjects).catch((error) => this.note('values', error));
    }
    await this.telemetry.run(this.road(link), ended);
  }

  /** Values are acknowledged one message after another: what is sent is with the stream, and nothing is left to settle. */
  private road(link: NatsLink) {
    return {
      live: (batch: SampleBatch, tags: TagTable) => this.sendValues(link, batch, tags, false),
      historical: (batch: SampleBatch, tags: TagTable) => this.sendValues(link, batch, tags, true),
      settled: () => Promise.resolve(),
    };
  }

  private async sendValues(link: NatsLink, batch: SampleBatch, tags: TagTable, historical: boolean): Promise<void> {
    const stream = this.options.data.stream.name;
    const parts = { ...this.subjects, tags, belongings: this.belongingsInForce(), historical };
    try {
      await Promise.all(
        valuesMessages(batch, parts).map((message) =>
          link.publish({ stream, ...message, contentType: 'application/json' }, 'values'),
        ),
      );
      this.trouble.values = undefined;
    } catch (error) {
      this.note('values', error);
      throw error;
    }
  }

  private belongingsInForce(): Belongings {
    const assets = this.host.assets();
    if (assets !== this.assets) [this.assets, this.belongings] = [assets, belongingsOf(assets)];
    return this.belongings;
  }

  /**
   * What the stream does not take ends the connection, so that all from there on is sent again in order; but for an event
   * that is too large for ever, which is a dead letter and must not hold up the others.
   * @param again the receiver did not answer: under an id of its own, or the stream would take it for what it has
   */
  private async send(link: NatsLink, event: Event, again: boolean): Promise<void> {
    const { clock, log } = this.host;
    const { acks } = this;
    const message = this.messageOf(event);
    acks.inFlight++;
    try {
      await link.publish(again ? { ...message, id: `${message.id}@${clock.wallMs()}` } : message);
    } catch (error) {
      if (!(error instanceof LifelineError)) throw error;
      if (error.code !== 'LL-NATS-TOO-LARGE') {
        link.fail(error);
        throw error;
      }
      log.warn({ sink: this.id, code: error.code, next: error.next }, error.message);
      await this.deadLetters.add(event, error).catch((why: unknown) => {
        if (why instanceof LifelineError) link.fail(why);
        throw why;
      });
      if (this.receipts) this.receipts.settle({ id: message.id, status: 'refused', reason: errorWithNext(error) });
      else this.tooLarge++;
    } finally {
      acks.inFlight--;
      acks.done++;
    }
  }

  /** Not to a stream, which would keep what is of no use once the next one has come. */
  private async beat(link: NatsLink, beat: CloudEvent): Promise<void> {
    const { acks } = this;
    acks.inFlight++;
    try {
      await link.tell(gatewaySubject(this.subjects, 'heartbeat'), JSON.stringify(beat), 'application/cloudevents+json');
    } finally {
      acks.inFlight--;
      acks.done++;
    }
  }

  private messageOf(event: Event): StreamMessage {
    const cloudEvent = toCloudEvent(this.host.gateway, event);
    return {
      ...{ stream: this.options.stream.name, subject: eventSubject(this.subjects, event), id: cloudEvent.id },
      ...{ payload: JSON.stringify(cloudEvent), contentType: 'application/cloudevents+json' },
    };
  }

  /** Tries a dead letter once more. */
  private async sendAgain(event: Event): Promise<boolean> {
    const sent = this.keeper.connection?.publish(this.messageOf(event)).then(
      () => true,
      () => false,
    );
    return (await sent) ?? false;
  }

  private note(what: 'values' | 'hearing', error: unknown): void {
    if (!(error instanceof LifelineError)) throw error;
    const before = this.trouble[what];
    this.trouble[what] = error;
    if (before?.code === error.code) return;
    this.host.log.warn({ sink: this.id, code: error.code, next: error.next }, error.message);
  }
}
