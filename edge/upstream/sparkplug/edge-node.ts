import { createBatch, pickRows, type SampleBatch } from '../../core/batch.ts';
import type { Clock } from '../../core/clock.ts';
import type { SinkHost } from '../api.ts';
import type { Link } from '../mqtt-link.ts';
import type { AliasBook } from './alias-book.ts';
import { type Announcement, announce } from './announcement.ts';
import { AssetTemplates } from './asset-templates.ts';
import { type BirthParts, deviceBirth, deviceDeath, nodeBirth, nodeDeath } from './certificates.ts';
import { Metrics } from './metrics.ts';
import type { Metric, Payload, PayloadCodec } from './payload.ts';
import { firstSession, type Session, type SessionInput, type SessionOutput, step } from './session.ts';
import { type NodeName, topicOf, type Verb } from './topics.ts';

/** Metrics in one message of values: about 100 kB. */
const maxMetricsPerMessage = 5_000;
/** Messages handed to the connection and not yet taken; beyond it only the newest value of each tag goes. */
const maxUnsent = 256;

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
  /** Samples handed to the connection since start. */
  sent = 0;
  /** Samples that did not go because nobody listened, or because a newer one of their tag took their place. */
  dropped = 0;
  /** Messages handed to the present connection, and those of them that it has not taken yet. */
  taken = 0;
  unsent = 0;
  births: BirthParts | undefined;
  private link: Link | undefined;
  /** Tags whose newest value is to be sent when there is room, by device; '' for those of none. */
  private readonly owed = new Map<string, Set<number>>();
  private readonly parts: EdgeNodeParts;

  constructor(parts: EdgeNodeParts) {
    this.parts = parts;
  }

  /** The road to use from now on; undefined when there is none. */
  use(link: Link | undefined): void {
    this.link = link;
    this.unsent = 0;
    this.owed.clear();
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
    const metrics = new Metrics(announcement, host.live);
    const templates = this.parts.assets ? new AssetTemplates(host.assets(), tags, host.live) : undefined;
    this.births = { announcement, metrics, templates };
    this.owed.clear();
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

  /** Values as they come; of tags of another table than was announced nothing goes, as its births are on the way. */
  publish(batch: SampleBatch): void {
    const { births, session } = this;
    if (session.phase !== 'born' || births?.announcement.tags !== this.parts.host.tags()) {
      this.dropped += batch.tags.length;
    } else if (this.unsent >= maxUnsent) this.owe(batch);
    else this.send(batch, births);
  }

  /** Devices with tags to tell of whose links are up. */
  private devicesUp(): ReadonlySet<string> {
    const ofDevice = this.births?.announcement.ofDevice;
    const up = this.parts.host.devices().filter(({ id, online }) => online && ofDevice?.has(id));
    return new Set(up.map(({ id }) => id));
  }

  private send(batch: SampleBatch, births: BirthParts): void {
    for (let from = 0; from < batch.tags.length; from += maxMetricsPerMessage) {
      const part = batch.tags.length <= maxMetricsPerMessage ? batch : slice(batch, from, maxMetricsPerMessage);
      const metrics = births.metrics.data(part, false);
      const device = births.announcement.devices.has(batch.device) ? batch.device : undefined;
      if (metrics.length === 0) continue;
      if (this.sendData(device, metrics)) this.sent += metrics.length;
      else this.dropped += metrics.length;
    }
    const { clock } = this.parts.host;
    const shown = births.templates?.data(batch, clock.wallMs()) ?? [];
    if (shown.length > 0) this.sendData(undefined, shown);
  }

  /** Whether the session lets it go. */
  private sendData(device: string | undefined, metrics: readonly Metric[]): boolean {
    const { session, outputs } = step(this.session, { kind: 'data', device });
    this.session = session;
    const [output] = outputs;
    if (output === undefined || !('seq' in output)) return false;
    this.message(output.verb, { timestamp: this.parts.host.clock.wallMs(), metrics, seq: output.seq }, device);
    return true;
  }

  private carryOut(output: SessionOutput): void {
    const { births } = this;
    const nowMs = this.parts.host.clock.wallMs();
    switch (output.verb) {
      case 'NBIRTH':
        this.owed.clear();
        if (births) this.message('NBIRTH', nodeBirth(births, output.bdSeq, nowMs));
        return;
      case 'DBIRTH':
        this.owed.delete(output.device);
        if (births) this.message('DBIRTH', deviceBirth(births, output.device, output.seq, nowMs), output.device);
        return;
      case 'DDEATH':
        this.message('DDEATH', deviceDeath(output.seq, nowMs), output.device);
        return;
      case 'NDEATH':
        this.message('NDEATH', nodeDeath(output.bdSeq, nowMs));
        return;
    }
  }

  private message(verb: Verb, payload: Payload, device?: string): void {
    const { link } = this;
    if (!link) return;
    const { codec, name } = this.parts;
    const qos = verb === 'NDEATH' ? 1 : 0;
    this.unsent++;
    const gone = () => {
      if (this.link !== link) return;
      this.unsent--;
      this.taken++;
      if (this.owed.size > 0 && this.unsent < maxUnsent / 2) this.payOwed();
    };
    link
      .publish({ topic: topicOf(name, verb, device), payload: codec.encode(payload), qos, retain: false })
      .then(gone, gone);
  }

  private owe(batch: SampleBatch): void {
    const tags = this.owed.get(batch.device) ?? new Set();
    this.owed.set(batch.device, tags);
    const before = tags.size;
    for (const tag of batch.tags) tags.add(tag);
    this.dropped += batch.tags.length - (tags.size - before);
  }

  /** Sends the newest value of every tag that had to wait. */
  private payOwed(): void {
    const { births } = this;
    const { live, clock } = this.parts.host;
    if (!births) return;
    for (const [device, tags] of this.owed) {
      this.owed.delete(device);
      const texts = new Map([...tags].flatMap((tag) => textEntry(tag, live.textOf(tag))));
      const batch = createBatch(device, tags.size, clock.wallMs(), texts);
      [...tags].forEach((tag, row) => {
        batch.tags[row] = tag;
        batch.values[row] = live.values[tag] as number;
        batch.quality[row] = live.quality[tag] as number;
        batch.times[row] = live.times[tag] as number;
      });
      this.send(batch, births);
    }
  }
}

const textEntry = (tag: number, text: string | undefined): [number, string][] =>
  text === undefined ? [] : [[tag, text]];

function slice(batch: SampleBatch, from: number, most: number): SampleBatch {
  const count = Math.min(most, batch.tags.length - from);
  return pickRows(
    batch,
    Int32Array.from({ length: count }, (_, row) => from + row),
    count,
  );
}
