import type { SampleBatch } from '../../core/batch.ts';
import { delay, type Timer } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import { asText, both } from '../../core/text.ts';
import type { Sink, SinkHost, SinkStatus } from '../api.ts';
import { certificatesOf } from '../broker-certificates.ts';
import { ConnectionKeeper } from '../connection-keeper.ts';
import { mqttErrors } from '../errors.ts';
import { type Link, openLink } from '../mqtt-link.ts';
import { ServerWalk } from '../server-walk.ts';
import { orEnded } from '../telemetry/or-ended.ts';
import { Telemetry } from '../telemetry/telemetry.ts';
import { troubleFigures } from '../trouble.ts';
import { AliasBook } from './alias-book.ts';
import { alikeNames } from './announcement.ts';
import { nodeDeath } from './certificates.ts';
import { readCommand, type Wanted } from './commands.ts';
import { EdgeNode } from './edge-node.ts';
import { sparkplugErrors } from './errors.ts';
import type { SparkplugOptions } from './options.ts';
import { loadCodec, type PayloadCodec } from './payload.ts';
import { afterCounter } from './session.ts';
import { heardOn, type NodeName, nodeNameOf, readHostState, stateTopic, topicOf } from './topics.ts';

/** What `stop` grants to the node's last word. */
const farewellMs = 1_000;
/** How long the primary host may be away on a broker before the next one is tried, where there are several. */
const hostWaitMs = 10_000;
/** Births in answer to hosts that ask for them come no faster than this. */
const rebirthPauseMs = 1_000;
/** A command that is older is not carried out any more. */
const commandLifetimeMs = 30_000;
/** Writes asked for and not yet answered; more are refused. */
const maxPendingOrders = 100;
const bdSeqName = 'bdSeq';

/** One edge node: births, values and deaths to one broker at a time, commands back. */
export class SparkplugSink implements Sink {
  private readonly id: string;
  private readonly options: SparkplugOptions;
  private readonly host: SinkHost;
  private readonly name: NodeName;
  private readonly servers: ServerWalk;
  private readonly book: AliasBook;
  private readonly keeper: ConnectionKeeper<Link>;
  private readonly telemetry: Telemetry;
  private codec: PayloadCodec | undefined;
  private node: EdgeNode | undefined;
  /** bdSeq of the present connection, and of the next. */
  private bdSeq = 0;
  private nextBdSeq = 0;
  /** Changes of configuration and devices are taken up one after another. */
  private turn: Promise<unknown> = Promise.resolve();
  private stopListening: () => void = () => undefined;
  private rebirthTimer: Timer | undefined;
  private bornMs = Number.NEGATIVE_INFINITY;
  private pendingOrders = 0;

  constructor(id: string, options: SparkplugOptions, host: SinkHost) {
    const { clock, log, random, gateway, memory } = host;
    this.id = id;
    this.options = options;
    this.host = host;
    this.name = nodeNameOf(options, gateway);
    this.servers = new ServerWalk(options.servers);
    this.book = new AliasBook(memory, log);
    this.telemetry = new Telemetry({
      ...{ ...host, sink: id, options: options.data },
      reaches: (device) => this.node?.reaches(device) === true,
    });
    const { servers } = this;
    this.keeper = new ConnectionKeeper<Link>({
      ...{ sink: id, clock, random, log },
      get endpoint() {
        return servers.current;
      },
      open: (signal) => this.open(signal),
      use: (link, ended) => this.use(link, ended),
      acks: () => this.telemetry.acks(),
      silent: (text) => mqttErrors.create('NO-ACK', text),
    });
  }

  async start(): Promise<void> {
    const { host, name, book, options } = this;
    this.codec = await loadCodec();
    const kept = await host.memory.load();
    book.restore(kept);
    this.nextBdSeq = Number(kept.get(bdSeqName) ?? 0);
    this.node = new EdgeNode({ name, codec: this.codec, book, assets: options.assets, host });
    this.stopListening = host.onDevices(() => this.refresh());
    this.refresh();
    await this.turn;
    await this.telemetry.start();
    this.keeper.start();
  }

  publish(batch: SampleBatch): void {
    this.telemetry.push(batch);
  }

  status(): SinkStatus {
    const { id, keeper, node } = this;
    const { primaryHost } = this.options;
    const unborn = keeper.state === 'online' && node?.session.phase !== 'born';
    const away = sparkplugErrors.create('HOST-AWAY', both(`wait for host ${primaryHost}`, `等待主站 ${primaryHost}`));
    const waits = unborn && primaryHost !== undefined;
    return {
      ...{ id, sink: 'sparkplug', endpoint: this.servers.current },
      state: waits ? 'waiting' : unborn ? 'connecting' : keeper.state,
      ...troubleFigures(waits ? away : keeper.trouble),
      ...{ forwarded: 0, pending: 0, oldestPendingMs: 0 },
      ...this.telemetry.figures(),
    };
  }

  async stop(): Promise<void> {
    this.stopListening();
    this.rebirthTimer?.cancel();
    await this.keeper.stop((link) => this.farewell(link), farewellMs);
    await this.turn;
    await this.telemetry.stop();
  }

  /** Every connection has a number of its own, on disk before it is used (tck-id-topics-nbirth-bdseq-increment). */
  private async open(signal: AbortSignal): Promise<Link> {
    const { servers, host, options, codec } = this;
    this.bdSeq = this.nextBdSeq;
    this.nextBdSeq = afterCounter(this.bdSeq);
    await host.memory
      .save(new Map([[bdSeqName, String(this.nextBdSeq)]]))
      .catch((error: unknown) => host.log.warn({ sink: this.id }, `keep bdSeq: ${describeError(error)}`));
    const payload = codec?.encode(nodeDeath(this.bdSeq, host.clock.wallMs())) ?? Buffer.alloc(0);
    const will = { topic: topicOf(this.name, 'NDEATH'), payload, qos: 1, retain: false } as const;
    const { username, password, protocol } = options;
    const certificates = certificatesOf(options, host.documents);
    const account = { clientId: `lifeline-${host.gateway}-${this.id}`, username, password, certificates };
    try {
      return await openLink({ url: servers.current, protocol, ...account, will, leavesWithWill: true }, signal);
    } catch (error) {
      servers.next();
      throw error;
    }
  }

  private async use(link: Link, ended: AbortSignal): Promise<void> {
    const { node, servers, options, host } = this;
    const { primaryHost } = options;
    if (!node) return;
    const topics = [topicOf(this.name, 'NCMD'), topicOf(this.name, 'DCMD', '+')];
    if (primaryHost !== undefined) topics.push(stateTopic(primaryHost));
    const early: [string, Buffer][] = [];
    let hear = (topic: string, payload: Buffer): void => {
      if (early.length < topics.length) early.push([topic, payload]);
    };
    try {
      await orEnded(
        link.subscribe(topics, (topic, payload) => hear(topic, payload)),
        ended,
      );
    } catch (error) {
      servers.next();
      link.cut(
        sparkplugErrors.create(
          'SUBSCRIBE',
          both(`subscribe at ${servers.current}`, `在 ${servers.current} 订阅`),
          error,
        ),
      );
      return over(ended);
    }
    if (ended.aborted) return;
    node.use(link);
    node.tell({ kind: 'connected', bdSeq: this.bdSeq, awaitsHost: primaryHost !== undefined });
    this.bornMs = host.clock.monotonicMs();
    let values: Promise<void> | undefined;
    const goOn = () => {
      if (node.session.phase === 'born') values ??= this.telemetry.run(node.road(link), ended);
    };
    hear = (topic, payload) => {
      this.hear(link, topic, payload);
      goOn();
    };
    goOn();
    for (const [topic, payload] of early) hear(topic, payload);
    const walking = primaryHost !== undefined && servers.several ? this.walkUnlessBorn(link, ended) : undefined;
    await over(ended);
    node.tell({ kind: 'lost' });
    node.use(undefined);
    await walking;
    await values;
  }

  /** Goes on to the next broker when the primary host does not come to this one. */
  private async walkUnlessBorn(link: Link, ended: AbortSignal): Promise<void> {
    await delay(this.host.clock, hostWaitMs, ended);
    if (!ended.aborted && this.node?.session.phase === 'waiting') await this.part(link);
  }

  private hear(link: Link, topic: string, payload: Buffer): void {
    const heard = heardOn(topic, this.name, this.options.primaryHost);
    if (heard?.kind === 'command') this.obey(payload, heard.device);
    const state = heard?.kind === 'state' ? readHostState(payload) : undefined;
    const { node } = this;
    if (!state || !node) return;
    const before = node.session.phase;
    node.tell({ kind: 'host', ...state });
    if (before === 'born' && node.session.phase === 'away') void this.part(link);
  }

  /** Leaves a broker on which the primary host is not. */
  private async part(link: Link): Promise<void> {
    const { servers, options, host } = this;
    const text = both(
      `host ${options.primaryHost} is not at ${servers.current}`,
      `主站 ${options.primaryHost} 不在 ${servers.current} 上`,
    );
    const why = sparkplugErrors.create('HOST-AWAY', text);
    servers.next();
    await Promise.race([link.leave(why), delay(host.clock, farewellMs)]);
    link.cut(why);
  }

  private obey(bytes: Buffer, device: string | undefined): void {
    const { node, codec, host } = this;
    if (!node?.births || !codec) return;
    const command = readCommand(codec, bytes, device, node.births.announcement);
    const { rebirth, wanted, timeMs } = command;
    const refused = [...command.refused];
    if (rebirth) this.rebirth();
    for (const one of wanted) {
      if (this.pendingOrders >= maxPendingOrders) refused.push(`${one.order.kind}: too many commands at once`);
      else this.order(one, timeMs);
    }
    if (refused.length === 0) return;
    const error = sparkplugErrors.create('COMMAND', asText(`command from a host: ${refused.join(', ')}`));
    host.log.warn({ code: error.code, sink: this.id, next: error.next }, error.message);
  }

  private order({ order, key }: Wanted, timeMs: number): void {
    const { host, id } = this;
    const what = order.kind === 'write' ? `write ${order.tag}` : `${order.kind} ${key}`;
    this.pendingOrders++;
    host
      .heed({
        ...order,
        ...{ id: `${id}/${key}`, by: `Sparkplug ${this.options.group}`, expires: timeMs + commandLifetimeMs },
      })
      .then(
        ({ status, reason }) => status === 'refused' && host.log.warn({ sink: id }, `${what}: ${reason}`),
        (error: unknown) => host.log.warn({ sink: id }, `${what}: ${describeError(error)}`),
      )
      .finally(() => {
        this.pendingOrders--;
      });
  }

  /** Births again, at once or when the last ones are old enough: many hosts may ask at the same time. */
  private rebirth(): void {
    const { clock } = this.host;
    if (this.rebirthTimer) return;
    this.rebirthTimer = clock.after(this.bornMs + rebirthPauseMs - clock.monotonicMs(), () => {
      this.rebirthTimer = undefined;
      this.bornMs = clock.monotonicMs();
      this.node?.tell({ kind: 'rebirth' });
    });
  }

  private refresh(): void {
    const { host, id } = this;
    this.turn = this.turn
      .then(() => this.node?.refresh())
      .then((announced) => {
        const alike = announced ? alikeNames(announced) : [];
        if (alike.length === 0) return;
        const error = sparkplugErrors.create('NAMES', asText(`names alike: ${alike.slice(0, 10).join(', ')}`));
        host.log.warn({ code: error.code, sink: id, next: error.next }, error.message);
      })
      .catch((error: unknown) => host.log.error({ sink: id }, describeError(error)));
  }

  private async farewell(link: Link): Promise<void> {
    if (this.node?.session.phase === 'born') await this.telemetry.drained();
    this.node?.tell({ kind: 'leave' });
    await link.leave();
  }
}

function over(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
