import { LifelineError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { Sink, SinkHost, SinkStatus } from '../api.ts';
import { toCloudEvent } from '../cloudevents.ts';
import { ConnectionKeeper } from '../connection-keeper.ts';
import { Forwarder } from '../forwarder.ts';
import { natsErrors } from './errors.ts';
import { type NatsLink, openLink } from './link.ts';
import type { NatsOptions } from './options.ts';
import { eventSubject } from './subjects.ts';

/** What `stop` grants to acknowledgements on their way. */
const farewellMs = 1_000;

/** Publishes the events of the journal to one JetStream stream, by the cursor. */
export class NatsSink implements Sink {
  private readonly id: string;
  private readonly options: NatsOptions;
  private readonly host: SinkHost;
  private readonly forwarder: Forwarder;
  private readonly keeper: ConnectionKeeper<NatsLink>;
  private refused = 0;

  constructor(id: string, options: NatsOptions, host: SinkHost) {
    const { clock, log, random, gateway } = host;
    this.id = id;
    this.options = options;
    this.host = host;
    this.forwarder = new Forwarder({ ...host, sink: id });
    this.keeper = new ConnectionKeeper<NatsLink>({
      ...{ sink: id, endpoint: options.url, clock, random, log },
      open: (signal) => openLink(options, `lifeline-${gateway}-${id}`, signal),
      use: (link, ended) => this.forwarder.run((event) => this.send(link, event), ended),
      acks: () => ({ done: this.forwarder.forwarded, inFlight: this.forwarder.inFlight }),
      silent: (text) => natsErrors.create('NO-ACK', text),
    });
  }

  async start(): Promise<void> {
    await this.forwarder.start();
    this.keeper.start();
  }

  /** Carries events alone. */
  publish(): void {}

  status(): SinkStatus {
    const { forwarded, pending, oldestPendingMs } = this.forwarder;
    const { state, trouble: lastError } = this.keeper;
    const { id, refused } = this;
    return {
      ...{ id, sink: 'nats', endpoint: this.options.url, state, lastError },
      ...{ forwarded, pending, oldestPendingMs, refused },
    };
  }

  async stop(): Promise<void> {
    await this.keeper.stop(() => this.forwarder.drained(), farewellMs);
    await this.forwarder.stop();
  }

  /**
   * What the stream does not take ends the connection, so that all from there on is sent again in order; but for an event
   * that is too large for ever, which must not hold up the others.
   */
  private async send(link: NatsLink, event: Event): Promise<void> {
    const { gateway, log } = this.host;
    const cloudEvent = toCloudEvent(gateway, event);
    try {
      await link.publish({
        subject: eventSubject({ prefix: this.options.prefix, gateway }, event),
        payload: JSON.stringify(cloudEvent),
        id: cloudEvent.id,
        contentType: 'application/cloudevents+json',
      });
    } catch (error) {
      if (!(error instanceof LifelineError)) throw error;
      if (error.code !== 'LL-NATS-TOO-LARGE') {
        link.fail(error);
        throw error;
      }
      this.refused++;
      log.warn({ sink: this.id, code: error.code, next: error.next }, error.message);
    }
  }
}
