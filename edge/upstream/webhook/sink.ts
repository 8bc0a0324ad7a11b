import type { Agent } from 'node:http';
import { delay } from '../../core/clock.ts';
import { parseDuration } from '../../core/duration.ts';
import type { LifelineError } from '../../core/errors.ts';
import type { Event } from '../../core/event.ts';
import type { Sink, SinkHost, SinkState, SinkStatus } from '../api.ts';
import { CallBacks } from '../call-back.ts';
import { type CloudEvent, eventId, toCloudEvent } from '../cloudevents.ts';
import { DeadLetters } from '../dead-letters.ts';
import { Forwarder } from '../forwarder.ts';
import { Heartbeats } from '../heartbeats.ts';
import { agentFor, post } from '../post.ts';
import { troubleFigures } from '../trouble.ts';
import { callBackSpec } from './call-back-spec.ts';
import { cityCase, isCase } from './city-case.ts';
import { Dispatcher } from './dispatcher.ts';
import type { Mapping } from './mapping-spec.ts';
import type { WebhookOptions } from './options.ts';
import { type Outcome, outcomeOf } from './outcome.ts';
import { objectionIn } from './platform-answer.ts';
import { isOffer, readOffer } from './platform-offer.ts';
import { readReport } from './platform-report.ts';
import { cloudEventsEnvelope, type Envelope, requestOf } from './request.ts';

/** What `stop` grants to requests on their way. */
const farewellMs = 1_000;

const duration = (text: string): number => parseDuration(text) ?? 0;

/** Posts events to one receiver; carries no live values. */
export class WebhookSink implements Sink {
  private readonly id: string;
  private readonly options: WebhookOptions;
  private readonly host: SinkHost;
  /** Cases of a platform instead of CloudEvents, one by one. */
  private readonly mapping: Mapping | undefined;
  private readonly forwarder: Forwarder;
  private readonly heartbeats: Heartbeats;
  readonly deadLetters: DeadLetters;
  /** Where the secret can show that a report is the platform's. */
  readonly callBack: CallBacks | undefined;
  private readonly dispatcher: Dispatcher;
  private readonly agent: Agent;
  private readonly stopping = new AbortController();
  private state: SinkState = 'connecting';
  private trouble: LifelineError | undefined;
  private running: Promise<void> | undefined;

  constructor(id: string, options: WebhookOptions, host: SinkHost) {
    const { clock, random, gateway, memory } = host;
    this.id = id;
    this.options = options;
    this.host = host;
    const mapping = host.documents['mapping'] as Mapping | undefined;
    this.mapping = mapping;
    this.forwarder = new Forwarder({
      ...{ ...host, sink: id },
      wants: (event) => host.wants(event) && (!mapping || isCase(mapping, event)),
    });
    const everyS = mapping ? 0 : options.heartbeatS; // a platform of cases knows no heartbeat
    this.heartbeats = new Heartbeats({ ...host, sink: id, heartbeatS: everyS, forwarder: this.forwarder });
    this.deadLetters = new DeadLetters({
      ...{ gateway, memory, clock, log: host.log },
      send: (event) => this.dispatcher.send(event),
    });
    const secret = textOf(host.documents['secretFile']);
    const spec = mapping?.callBack ?? callBackSpec.parse({});
    const here = { sink: id, gateway };
    const read = (body: unknown) => (isOffer(body) ? readOffer(body, here) : readReport(body, spec, here));
    this.callBack = secret === undefined ? undefined : new CallBacks({ ...host, sink: id, secret, read });
    this.agent = agentOf(options, host.documents);
    this.dispatcher = new Dispatcher(
      {
        ...{ clock, random, parallel: options.parallel, batch: mapping ? 1 : options.batch },
        deadLetterAfterMs: duration(options.deadLetterAfter),
        post: (events, signal) => this.post(events, signal),
        bury: (event, why) => this.deadLetters.add(event, why),
        onTry: (trouble) => this.note(trouble),
      },
      this.stopping.signal,
    );
  }

  async start(): Promise<void> {
    await this.deadLetters.open();
    await this.forwarder.start();
    const { signal } = this.stopping;
    const events = this.forwarder.run((event) => this.dispatcher.send(event), signal);
    this.running = Promise.all([events, this.heartbeats.run((beat) => this.beat(beat), signal)]).then(() => undefined);
  }

  publish(): void {
    // live values do not go this way
  }

  status(): SinkStatus {
    const { forwarded, pending, oldestPendingMs } = this.forwarder;
    const { id, state, heartbeats } = this;
    const figures = {
      ...{ forwarded, pending, oldestPendingMs, deadLetters: this.deadLetters.count },
      heartbeatOverdueMs: heartbeats.overdueMs,
    };
    return {
      id,
      sink: 'webhook',
      endpoint: this.options.url,
      state,
      ...troubleFigures(this.trouble ?? heartbeats.trouble),
      ...figures,
    };
  }

  async stop(): Promise<void> {
    if (!this.stopping.signal.aborted) {
      const drained = this.running ? this.forwarder.drained() : Promise.resolve();
      if (this.state !== 'waiting') await Promise.race([drained, delay(this.host.clock, farewellMs)]);
      this.stopping.abort();
      this.agent.destroy();
    }
    await this.running;
    await this.forwarder.stop();
  }

  private note(trouble: LifelineError | undefined): void {
    this.state = trouble ? 'waiting' : 'online';
    if (trouble && trouble.code !== this.trouble?.code) {
      this.host.log.warn({ code: trouble.code, sink: this.id, next: trouble.next }, trouble.message);
    }
    this.trouble = trouble;
  }

  private post(events: readonly Event[], signal: AbortSignal): Promise<Outcome> {
    const { gateway } = this.host;
    const ids = events.map((event) => eventId(gateway, event));
    return this.request(ids, this.envelope(events), signal);
  }

  /** Beside the events: one that the receiver fails at must not make the gateway look silent. */
  private async beat(beat: CloudEvent): Promise<void> {
    const outcome = await this.request([beat.id], this.cloudEvents([beat]), this.stopping.signal);
    if (outcome.kind !== 'taken') throw outcome.error;
    if (this.state === 'connecting') this.state = 'online';
  }

  private async request(ids: readonly string[], envelope: Envelope, signal: AbortSignal): Promise<Outcome> {
    const { clock, documents } = this.host;
    const { url, timeout } = this.options;
    const { mapping } = this;
    const posting = requestOf(ids, envelope, {
      ...{ url, timestampS: Math.floor(clock.wallMs() / 1000) },
      secret: textOf(documents['secretFile']),
      token: textOf(documents['tokenFile']),
    });
    const answer = await post(posting, { clock, agent: this.agent, timeoutMs: duration(timeout) }, signal);
    const [only] = ids;
    const what = ids.length === 1 && only !== undefined ? only : `${ids.length} events`;
    const objection = mapping && ((text: string) => objectionIn(text, mapping));
    return outcomeOf(answer, { url, what, nowMs: clock.wallMs() }, objection);
  }

  private cloudEvents(made: readonly CloudEvent[]): Envelope {
    return cloudEventsEnvelope(made, this.options.batch > 1);
  }

  private envelope(events: readonly Event[]): Envelope {
    const { gateway, assets } = this.host;
    const [first] = events;
    if (!this.mapping || !first) return this.cloudEvents(events.map((event) => toCloudEvent(gateway, event)));
    const assetName = (asset: string) => assets().find(({ id }) => id === asset)?.name ?? asset;
    const body = JSON.stringify(cityCase(this.mapping, first, { gateway, assetName }));
    return { contentType: 'application/json; charset=utf-8', body };
  }
}

const textOf = (content: unknown): string | undefined => (typeof content === 'string' ? content : undefined);

/** Keeps connections open between requests. */
function agentOf({ url, parallel }: WebhookOptions, documents: SinkHost['documents']): Agent {
  const [ca, cert, key] = ['ca', 'certificate', 'key'].map((name) => textOf(documents[name]));
  const certificates = Object.fromEntries(Object.entries({ ca, cert, key }).filter(([, text]) => text !== undefined));
  return agentFor(url, { keepAlive: true, maxSockets: parallel, ...certificates });
}
