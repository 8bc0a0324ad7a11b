import mqtt, { type MqttClient } from 'mqtt';
import { Watch } from './fixture.ts';
import { readPayload, type WireCommand, type WireMetric, type WirePayload, writeCommand } from './sparkplug-wire.ts';

export interface HeardMessage {
  readonly verb: string;
  readonly topic: string;
  readonly device: string | undefined;
  readonly payload: WirePayload;
  readonly qos: number;
  readonly retain: boolean;
  readonly bytes: number;
}

/** What a host knows of one metric. */
interface KnownMetric {
  readonly device: string;
  readonly name: string;
  readonly datatype: number;
  last: WireMetric;
}

/** What makes a host application of one edge node, with a model of its own of what it may expect. */
export class SparkplugHost {
  readonly messages: HeardMessage[] = [];
  /** What the node did that the specification does not allow. */
  readonly violations: string[] = [];
  /** Metrics by alias, of the births in force. */
  readonly known = new Map<number, KnownMetric>();
  readonly devices = new Set<string>();
  readonly watch = new Watch();
  bdSeq: number | undefined;
  private seq: number | undefined;
  private client: MqttClient | undefined;
  private readonly group: string;
  private readonly node: string;

  constructor(group: string, node: string) {
    this.group = group;
    this.node = node;
  }

  async connect(url: string): Promise<void> {
    this.client = await mqtt.connectAsync(url);
    this.client.on('message', (topic, bytes, { qos, retain }) => {
      const [, , verb = '', , device] = topic.split('/');
      if (/^[ND](BIRTH|DATA|DEATH)$/.test(verb)) this.hear({ topic, verb, device, qos, retain }, bytes);
    });
    await this.client.subscribeAsync(`spBv1.0/${this.group}/#`, { qos: 1 });
  }

  async state(host: string, online: boolean, timestamp: number): Promise<void> {
    const text = JSON.stringify({ online, timestamp });
    await this.client?.publishAsync(`spBv1.0/STATE/${host}`, text, { qos: 1, retain: true });
  }

  async command(device: string | undefined, timestamp: number, ...metrics: WireCommand[]): Promise<void> {
    await this.raw(device, writeCommand(timestamp, ...metrics));
  }

  async raw(device: string | undefined, bytes: Buffer): Promise<void> {
    const verb = device === undefined ? 'NCMD' : 'DCMD';
    const topic = ['spBv1.0', this.group, verb, this.node, ...(device === undefined ? [] : [device])].join('/');
    await this.client?.publishAsync(topic, bytes, { qos: 1 });
  }

  rebirth(): Promise<void> {
    return this.command(undefined, Date.now(), { name: 'Node Control/Rebirth', datatype: 11, boolean: true });
  }

  of(verb: string, device?: string): HeardMessage[] {
    return this.messages.filter((message) => message.verb === verb && message.device === device);
  }

  /** Resolves with the message once so many of a kind have come. */
  async until(verb: string, device: string | undefined, count: number): Promise<HeardMessage> {
    await this.watch.until(() => this.of(verb, device).length >= count);
    return this.of(verb, device)[count - 1]!;
  }

  async close(): Promise<void> {
    await this.client?.endAsync(true);
  }

  private hear(about: Omit<HeardMessage, 'payload' | 'bytes'>, bytes: Buffer): void {
    const payload = readPayload(bytes);
    this.messages.push({ ...about, payload, bytes: bytes.length });
    const broken = (rule: string) => this.violations.push(`${about.topic}: ${rule}`);
    if (about.verb === 'NBIRTH') this.nodeBorn(payload, broken);
    else if (about.verb === 'NDEATH') this.nodeDied(payload, broken);
    else this.heardOf(about.verb, about.device, payload, broken);
    this.watch.tell();
  }

  private nodeBorn(payload: WirePayload, broken: (rule: string) => void): void {
    if (payload.seq !== 0) broken('tck-id-topics-nbirth-seq-num');
    const bdSeq = payload.metrics.find(({ name }) => name === 'bdSeq');
    if (bdSeq?.datatype !== 4 || bdSeq.alias !== undefined) broken('tck-id-topics-nbirth-bdseq-included');
    this.bdSeq = Number(bdSeq?.value);
    this.seq = 0;
    this.known.clear();
    this.devices.clear();
    this.learn(payload, broken);
  }

  private nodeDied(payload: WirePayload, broken: (rule: string) => void): void {
    if (payload.seq !== undefined) broken('tck-id-topics-ndeath-seq');
    if (payload.metrics.length !== 1) broken('tck-id-topics-ndeath-payload');
    if (Number(payload.metrics[0]?.value) !== this.bdSeq) return; // the will of an older connection
    this.seq = undefined;
    this.devices.clear();
  }

  private heardOf(
    verb: string,
    device: string | undefined,
    payload: WirePayload,
    broken: (rule: string) => void,
  ): void {
    if (this.seq === undefined) return void broken('tck-id-payloads-ndata-order');
    this.seq = (this.seq + 1) % 256;
    if (payload.seq !== this.seq) broken(`tck-id-payloads-sequence-num-incrementing ${payload.seq} for ${this.seq}`);
    if (verb === 'DBIRTH') {
      this.devices.add(device!);
      this.learn(payload, broken, device);
      return;
    }
    if (device !== undefined && !this.devices.has(device)) broken(`${verb} of a device that is not born`);
    if (verb === 'DDEATH') this.devices.delete(device!);
    for (const metric of verb === 'DDEATH' ? [] : payload.metrics) {
      const known = metric.alias === undefined ? undefined : this.known.get(metric.alias);
      if (metric.timestamp === undefined) broken('tck-id-payloads-name-birth-data-requirement');
      if (metric.alias === undefined ? !metric.template : metric.name !== undefined)
        broken('tck-id-payloads-alias-data-cmd-requirement');
      if (known) known.last = metric;
      else if (!metric.template) broken(`alias ${metric.alias} was in no birth`);
    }
  }

  private learn({ metrics }: WirePayload, broken: (rule: string) => void, device = ''): void {
    for (const metric of metrics) {
      const { name, datatype, alias, timestamp } = metric;
      if (name === undefined || datatype === undefined) broken('tck-id-topics-nbirth-metrics');
      if (timestamp === undefined) broken('tck-id-payloads-name-birth-data-requirement');
      if ((metric.isNull === true) === (metric.field !== undefined)) broken(`${name}: a value or null`);
      if (alias === undefined) continue;
      const known = this.known.get(alias);
      if (known && (known.name !== name || known.device !== device)) broken('tck-id-payloads-alias-uniqueness');
      this.known.set(alias, { device, name: name!, datatype: datatype!, last: metric });
    }
  }
}
