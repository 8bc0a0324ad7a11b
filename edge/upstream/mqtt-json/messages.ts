import { plainValue, type SampleBatch } from '../../core/batch.ts';
import type { Event } from '../../core/event.ts';
import { qualityName } from '../../core/quality.ts';
import type { TagTable } from '../../core/tag.ts';
import { type CloudEvent, toCloudEvent } from '../cloudevents.ts';
import { cityOf, districtOf } from '../grid-cell.ts';
import type { Message, MessageProperties } from '../mqtt-link.ts';
import type { OrderReceipt } from '../order-gate.ts';
import { fillTopic } from './topic-template.ts';

/** Where the messages of the gateway itself go: `<prefix>/<gateway>`. */
export interface Home {
  readonly prefix: string;
  readonly gateway: string;
}

/** A topic of the gateway itself. */
export const gatewayTopic = (
  { prefix, gateway }: Home,
  name: 'state' | 'heartbeat' | 'receipts' | 'commands' | 'replies',
): string => [prefix, gateway, name].join('/');

const cloudEventsType = 'application/cloudevents+json; charset=utf-8';

/** Of payloads that are JSON text (MQTT 5 §3.3.2.3.2). */
const json: MessageProperties = { payloadFormatIndicator: true, contentType: 'application/json' };

/**
 * A structured CloudEvent (CloudEvents 1.0, MQTT binding §3.2) on the topic of a template; events of no utility go under
 * `gateway`. Its identity goes as user properties, and to receivers that answer as correlation.
 * @param answerOn where a receipt is waited for, if one is
 */
export function eventMessage(home: Home, template: string, event: Event, answerOn?: string): Message {
  const cloudEvent = toCloudEvent(home.gateway, event);
  const { stream, epoch, sequence, utility, subject, type, data } = event;
  const { grid, priority } = data;
  const topic = fillTopic(template, {
    ...{ ...home, type, utility: utility || 'gateway', asset: subject, priority: textOf(priority) },
    ...{ city: cityOf(grid), district: districtOf(grid), grid: textOf(grid) },
  });
  const properties = {
    payloadFormatIndicator: true,
    contentType: cloudEventsType,
    userProperties: { id: cloudEvent.id, stream, epoch, sequence: String(sequence) },
    ...(answerOn === undefined ? {} : { responseTopic: answerOn, correlationData: Buffer.from(cloudEvent.id) }),
  };
  return { topic, payload: JSON.stringify(cloudEvent), qos: 1, retain: false, properties };
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);

/** Tag → value and quality. */
type Values = Record<string, [number | string | null, string]>;

/** Values that go to one topic. */
interface TopicValues {
  readonly topic: string;
  readonly values: Values;
  /** Newest source time, ms since epoch. */
  newestMs: number;
}

/** How values go. */
export interface ValueDelivery {
  readonly qos: 0 | 1;
  readonly retain: boolean;
  /** After which the broker forgets them; never when left out. */
  readonly expiryS?: number | undefined;
  /** The topic of a whole device; undefined where each tag has its own. */
  topicOfDevice(device: string): string | undefined;
  topicOf(tag: number, tags: TagTable): string;
}

/**
 * `{t, values: {tag: [value, quality]}}` for each topic, t = newest source time; a value is a number, the text of a tag that
 * holds text, or null where there is none.
 */
export function* dataMessages(batch: SampleBatch, tags: TagTable, delivery: ValueDelivery): Generator<Message> {
  for (const { topic, values, newestMs } of byTopic(batch, tags, delivery, 0, batch.tags.length)) {
    const t = new Date(Number.isFinite(newestMs) ? newestMs : batch.received).toISOString();
    yield valuesMessage(topic, { t, values }, delivery);
  }
}

/** Values of an earlier time: the same with `historical: true`, a message for each source time; samples in order of time. */
export function* historicalMessages(batch: SampleBatch, tags: TagTable, delivery: ValueDelivery): Generator<Message> {
  for (let start = 0; start < batch.tags.length; ) {
    const time = batch.times[start] as number;
    let end = start + 1;
    while (batch.times[end] === time) end++;
    const t = new Date(time).toISOString();
    for (const { topic, values } of byTopic(batch, tags, delivery, start, end)) {
      yield valuesMessage(topic, { t, historical: true, values }, { ...delivery, retain: false });
    }
    start = end;
  }
}

function byTopic(
  batch: SampleBatch,
  tags: TagTable,
  delivery: ValueDelivery,
  start: number,
  end: number,
): Iterable<TopicValues> {
  const groups = new Map<string, TopicValues>();
  const common = delivery.topicOfDevice(batch.device);
  let group: TopicValues | undefined;
  for (let row = start; row < end; row++) {
    const tag = batch.tags[row] as number;
    const topic = common ?? delivery.topicOf(tag, tags);
    if (group?.topic !== topic) {
      group = groups.get(topic) ?? { topic, values: {}, newestMs: Number.NEGATIVE_INFINITY };
      groups.set(topic, group);
    }
    group.values[tags.at(tag).name] = [plainValue(batch, row), qualityName(batch.quality[row] as number)];
    group.newestMs = Math.max(group.newestMs, batch.times[row] as number);
  }
  return groups.values();
}

function valuesMessage(topic: string, body: object, { qos, retain, expiryS }: ValueDelivery): Message {
  const properties = expiryS === undefined ? json : { ...json, messageExpiryInterval: expiryS };
  return { topic, payload: JSON.stringify(body), qos, retain, properties };
}

/** A message of values as several, each of them no larger than `takes` allows, or of a single value. */
export function* inParts(message: Message, takes: (message: Message) => boolean): Generator<Message> {
  const { values, ...head } = takes(message)
    ? { values: {} }
    : (JSON.parse(String(message.payload)) as { values: Values });
  const entries = Object.entries(values);
  if (entries.length < 2) {
    yield message;
    return;
  }
  const middle = Math.ceil(entries.length / 2);
  for (const half of [entries.slice(0, middle), entries.slice(middle)]) {
    const payload = JSON.stringify({ ...head, values: Object.fromEntries(half) });
    yield* inParts({ ...message, payload }, takes);
  }
}

/** `…/state`, retained. `offline` is also the will, with the time at which the connection began. */
export function stateMessage(home: Home, state: 'online' | 'offline', timeMs: number): Message {
  const payload = JSON.stringify({ state, time: new Date(timeMs).toISOString() });
  return { topic: gatewayTopic(home, 'state'), payload, qos: 1, retain: true, properties: json };
}

/** `…/heartbeat`, retained, so that whoever comes later knows at once when the next one is due. */
export function heartbeatMessage(home: Home, beat: CloudEvent): Message {
  const properties = { payloadFormatIndicator: true, contentType: cloudEventsType };
  return { topic: gatewayTopic(home, 'heartbeat'), payload: JSON.stringify(beat), qos: 1, retain: true, properties };
}

/**
 * What became of an order: on `…/replies`, or below it where the order asks for that, with its correlation. Elsewhere nothing
 * goes: whoever may send orders must not have the gateway speak on any topic.
 */
export function replyMessage(home: Home, reply: OrderReceipt, asked: MessageProperties): Message {
  const replies = gatewayTopic(home, 'replies');
  const { responseTopic = replies, correlationData } = asked;
  const topic = responseTopic.startsWith(`${replies}/`) && !/[+#]/.test(responseTopic) ? responseTopic : replies;
  const properties = correlationData === undefined ? json : { ...json, correlationData };
  return { topic, payload: JSON.stringify(reply), qos: 1, retain: false, properties };
}
