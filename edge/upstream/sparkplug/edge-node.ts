import type { SampleBatch } from '../../core/batch.ts';
import type { Clock } from '../../core/clock.ts';
import { LifelineError } from '../../core/errors.ts';
import type { TagTable } from '../../core/tag.ts';
import type { SinkHost } from '../api.ts';
import type { Link } from '../mqtt-link.ts';
import type { TelemetryRoad } from '../telemetry/road.ts';
import type { AliasBook } from './alias-book.ts';
import { type Announcement, announce } from './announcement.ts';
import { AssetTemplates } from './asset-templates.ts';
import { type BirthParts, deviceBirth, deviceDeath, nodeBirth, nodeDeath } from './certificates.ts';
import { DataPayload } from './data-payload.ts';
import { Metrics } from './metrics.ts';
import type { Payload, PayloadCodec } from './payload.ts';
import { firstSession, type Session, type SessionInput, type SessionOutput, step } from './session.ts';
import { type NodeName, topicOf, type Verb } from './topics.ts';

/** Metrics in one message of values: about 100 kB. */
const maxMetricsPerMessage = 5_000;
/** Room that a metric of a number takes at most: alias, time, value, quality and its reason. */
const maxMetricBytes = 100;

export interface EdgeNodeParts {
  readonly name: NodeName;
  readonly codec: PayloadCodec;
  readonly book: AliasBook;
  /** Whether assets go too, as templates. */
  readonly assets: boolean;
  readonly host: Pick<SinkHost, 'tags' | 'assets' | 'devices' | 'live' | 'wantsTag'> & { readonly clock: Clock };
}

/** Carries out what a session says: makes payloads from what the gateway knows and sends them over the link there is. */
export class EdgeNode {
  session: Session = firstSession;
  /** What is announced and how; undefined before the first `refresh`. */
  births: BirthParts | undefined;
  private link: Link | undefined;
  private readonly payload = new DataPayload();
  private readonly parts: EdgeNodeParts;

  constructor(parts: EdgeNodeParts) {
    this.parts = parts;
  }

  /** The road to use from now on; undefined when there is none. */
  use(link: Link | undefined): void {
    this.link = link;
  }

  /** Takes up the configuration in force and the state of its devices; resolves with what is announced anew, if it is. */
  async refresh(): Promise<Announcement | undefined> {
    const { host, book } = this.parts;
    const ids = host.devices().map(({ id }) => id);
    const before = this.births?.announcement;
    const known = before?.tags === host.tags() && ids.every((id) => before.devices.has(id));
    if (known && before?.devices.size === ids.length) {
      this.tell({ kind: 'devices', up: this.devicesUp() });
      return undefined;
    }
    const announcement = await announce(host.tags(), ids, host.wantsTag, book);
    const { tags } = announcement;
    const metrics = new Metrics(announcement, host.live, this.parts.codec);
    const templates = this.parts.assets ? new AssetTemplates(host.assets(), tags, host.live) : undefined;
    this.births = { announcement, metrics, templates };
    this.tell({ kind: 'devices', up: this.devicesUp() });
    this.tell({ kind: 'rebirth' });
    return announcement;
  }

  /** Puts something to the session and sends what it says. */
  tell(input: SessionInput): void {
    const { session, outputs } = step(this.session, input);
    this.session = session;
    for (const output of outputs) this.carryOut(output);
  }

  /** Whether values of a device can go now: those of a dead one cannot (tck-id-payloads-ddata-order). */
  reaches(device: string): boolean {
    const { phase, born } = this.session;
    return phase === 'born' && (born.has(device) || this.births?.announcement.devices.has(device) !== true);
  }

  /** The way of values over a link: new ones by exception, earlier ones told as historical. */
  road(link: Link): TelemetryRoad {
    return {
      live: (batch, tags) => this.live(batch, tags),
      historical: (batch, tags) => this.send(batch, tags, true),
      settled: () => link.roundTrip(),
    };
  }

  /** A device that is dead has said so, and its next birth says what it holds then. */
  private async live(batch: SampleBatch, tags: TagTable): Promise<void> {
    if (this.session.phase === 'born' && !this.reaches(batch.device)) return;
    await this.send(batch, tags, false);
  }

  /** Devices with tags to tell of whose links are up. */
  private devicesUp(): ReadonlySet<string> {
    const ofDevice = this.births?.announcement.ofDevice;
    const up = this.parts.host.devices().filter(({ id, online }) => online && ofDevice?.has(id));
    return new Set(up.map(({ id }) => id));
  }

  /** Resolves when the link has taken all; rejects when the node cannot speak, or of tags that its births do not tell of. */
  private async send(batch: SampleBatch, tags: TagTable, historical: boolean): Promise<void> {
    const { births, session } = this;
    if (session.phase !== 'born' || births?.announcement.tags !== tags) throw new Error('not announced');
    const { codec, host } = this.parts;
    const { payload } = this;
    const timestamp = host.clock.wallMs();
    const device = births.announcement.devices.has(batch.device) ? batch.device : undefined;
    const sending: Promise<void>[] = [];
    const fitting = Math.floor((this.link?.maxPacketBytes ?? Number.POSITIVE_INFINITY) / maxMetricBytes);
    const most = Math.max(1, Math.min(maxMetricsPerMessage, fitting));
    for (let from = 0; from < batch.tags.length; from += most) {
      payload.begin(timestamp);
      const count = births.metrics.data(batch, from, Math.min(batch.tags.length, from + most), historical, payload);
      if (count > 0) sending.push(this.sendData(device, (seq) => payload.finish(seq)));
    }
    const metrics = historical ? [] : (births.templates?.data(batch, timestamp) ?? []);
    if (metrics.length > 0) sending.push(this.sendData(undefined, (seq) => codec.encode({ timestamp, metrics, seq })));
    await Promise.all(sending);
  }

  private sendData(device: string | undefined, encoded: (seq: number) => Buffer): Promise<void> {
    const { session, outputs } = step(this.session, { kind: 'data', device });
    this.session = session;
    const [output] = outputs;
    if (output === undefined || !('seq' in output)) return Promise.reject(new Error(`${device} is not born`));
    return this.publish(output.verb, encoded(output.seq), device);
  }

  private carryOut(output: SessionOutput): void {
    const { births } = this;
    const nowMs = this.parts.host.clock.wallMs();
    switch (output.verb) {
      case 'NBIRTH':
        if (births) this.post('NBIRTH', nodeBirth(births, output.bdSeq, nowMs));
        return;
      case 'DBIRTH':
        if (births) this.post('DBIRTH', deviceBirth(births, output.device, output.seq, nowMs), output.device);
        return;
      case 'DDEATH':
        this.post('DDEATH', deviceDeath(output.seq, nowMs), output.device);
        return;
      case 'NDEATH':
        this.post('NDEATH', nodeDeath(output.bdSeq, nowMs));
        return;
    }
  }

  private async publish(verb: Verb, payload: Buffer, device?: string): Promise<void> {
    const qos = verb === 'NDEATH' ? 1 : 0;
    await this.link?.publish({ topic: topicOf(this.parts.name, verb, device), payload, qos, retain: false });
  }

  /** For what is not sent again: the end of the link is told by itself. Where the broker does not take it, there is no session. */
  private post(verb: Verb, payload: Payload, device?: string): void {
    this.publish(verb, this.parts.codec.encode(payload), device).catch((error: unknown) => {
      if (error instanceof LifelineError) this.link?.cut(error);
    });
  }
}
