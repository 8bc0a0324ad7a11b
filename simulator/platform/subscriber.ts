import mqtt from 'mqtt';
import type { Clock } from '../../edge/core/clock.ts';
import { platformErrors } from './errors.ts';
import { LatencyHistogram } from './latency.ts';
import { decodeEvent, EventLedger, parseObject, type ReceivedEvent } from './ledger.ts';

/** A data message as received. */
export interface ReceivedData {
  readonly device: string;
  readonly t: string;
  /** Whether it tells of an earlier time; left out where not. */
  readonly historical?: true;
  /** Tag → value and quality name. */
  readonly values: Readonly<Record<string, readonly [number | null, string]>>;
}

/** Whom to listen to, and whom to tell. */
export interface SubscriberOptions {
  readonly url: string;
  readonly gateway: string;
  readonly clock: Clock;
  /** Called for each event, the first time only. */
  readonly onEvent?: (event: ReceivedEvent) => void;
  readonly onData?: (data: ReceivedData) => void;
  readonly onState?: (state: string, time: string) => void;
  /** What the platform says of an event; accepts all when left out. Null: no answer. */
  readonly judge?: (event: ReceivedEvent) => 'accepted' | { readonly refused: string } | null;
}

export interface SubscriberFigures {
  /** Distinct events. */
  readonly received: number;
  readonly duplicates: number;
  /** Ids that came a second time with other content. */
  readonly conflicts: number;
  /** Sequences passed over within one (stream, epoch). */
  readonly gaps: number;
  /** Messages that could not be decoded. */
  readonly malformed: number;
  /** ms from a PLC's scan to the arrival here, by tags that end in `scan-clock`. */
  readonly latency: { readonly p50: number; readonly p99: number; readonly count: number };
}

export interface Subscriber {
  figures(): SubscriberFigures;
  close(): Promise<void>;
}

/** The city platform's ear: an MQTT client of its own that decodes by itself what a gateway publishes. */
export async function startSubscriber(options: SubscriberOptions): Promise<Subscriber> {
  const { url, gateway, clock } = options;
  const ledger = new EventLedger();
  const latency = new LatencyHistogram();
  let malformed = 0;
  const take = (topic: string, payload: string): boolean => {
    const [, , kind, name = ''] = topic.split('/');
    if (kind === 'events') return takeEvent(topic, payload);
    if (kind === 'data') return takeData(name, payload);
    return kind !== 'state' || takeState(payload);
  };
  const takeEvent = (topic: string, payload: string): boolean => {
    const event = decodeEvent(payload);
    if (!event) return false;
    const isNew = ledger.note(event.id, payload);
    if (isNew) options.onEvent?.(event);
    const verdict = options.judge?.(event) ?? (options.judge ? null : 'accepted');
    if (verdict !== null) answer(topic, event.id, verdict === 'accepted' && !isNew ? 'duplicate' : verdict);
    return true;
  };
  const answer = (topic: string, id: string, verdict: 'accepted' | 'duplicate' | { readonly refused: string }) => {
    const [prefix] = topic.split('/');
    const [status, reason] = typeof verdict === 'string' ? [verdict, ''] : ['refused', verdict.refused];
    const receipt = { id, receivedAt: new Date(clock.wallMs()).toISOString(), status, reason };
    client.publish(`${prefix}/${gateway}/receipts`, JSON.stringify(receipt), { qos: 1 });
  };
  const takeData = (device: string, payload: string): boolean => {
    const message = parseObject(payload);
    if (typeof message?.['t'] !== 'string' || typeof message['values'] !== 'object') return false;
    const historical = message['historical'] === true;
    const data: ReceivedData = {
      ...{ device, t: message['t'], values: message['values'] as ReceivedData['values'] },
      ...(historical ? { historical } : {}),
    };
    for (const [tag, [value]] of Object.entries(data.values)) {
      if (!historical && value !== null && tag.endsWith('scan-clock')) latency.add(value, clock.wallMs());
    }
    options.onData?.(data);
    return true;
  };
  const takeState = (payload: string): boolean => {
    const message = parseObject(payload);
    if (!message) return false;
    options.onState?.(String(message['state']), String(message['time']));
    return true;
  };

  const client = mqtt.connect(url, { protocolVersion: 4, clean: true, reconnectPeriod: 1_000 });
  client.on('message', (topic, payload) => {
    if (!take(topic, payload.toString())) malformed++;
  });
  await subscribed(client, url, `+/${gateway}/#`);
  return {
    figures: () => ({
      received: ledger.received,
      duplicates: ledger.duplicates,
      conflicts: ledger.conflicts,
      gaps: ledger.gaps,
      malformed,
      latency: { p50: latency.quantile(0.5), p99: latency.quantile(0.99), count: latency.count },
    }),
    async close() {
      await client.endAsync(true);
    },
  };
}

/** Resolves once the first subscription stands; rejects, without a second try, on the first error. */
function subscribed(client: mqtt.MqttClient, url: string, topic: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) => {
      client.end(true);
      reject(platformErrors.create('SUBSCRIBE', `subscribe to ${topic} at ${url}`, cause));
    };
    client.once('error', fail);
    client.once('connect', () => {
      client.subscribe(topic, { qos: 1 }, (error) => {
        client.off('error', fail);
        client.on('error', () => undefined); // from now on it reconnects by itself
        if (error) fail(error);
        else resolve();
      });
    });
  });
}
