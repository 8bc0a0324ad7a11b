import { plainValue, type SampleBatch } from '../../core/batch.ts';
import type { Event } from '../../core/event.ts';
import { qualityName } from '../../core/quality.ts';
import type { TagTable } from '../../core/tag.ts';
import { toCloudEvent } from '../cloudevents.ts';
import type { Message } from '../mqtt-link.ts';
import type { OrderReceipt } from '../order-gate.ts';

/** Where the messages of one gateway go: `<prefix>/<gateway>`. */
export interface Topics {
  readonly prefix: string;
  readonly gateway: string;
}

/** A topic of the gateway itself. */
export const gatewayTopic = (
  { prefix, gateway }: Topics,
  name: 'state' | 'receipts' | 'commands' | 'replies',
): string => [prefix, gateway, name].join('/');

/** Tag → value and quality. */
type Values = Record<string, [number | string | null, string]>;

/** `…/events/<utility>/<asset>`, structured CloudEvent; events of no utility go under `gateway`. */
export function eventMessage({ prefix, gateway }: Topics, event: Event): Message {
  const topic = [prefix, gateway, 'events', level(event.utility || 'gateway'), level(event.subject)].join('/');
  return { topic, payload: JSON.stringify(toCloudEvent(gateway, event)), qos: 1, retain: false };
}

/**
 * `…/data/<device>`: `{t, values: {tag: [value, quality]}}`, t = newest source time; a value is a number, the text of a tag that
 * holds text, or null where there is none.
 */
export function dataMessage(topics: Topics, batch: SampleBatch, tags: TagTable, qos: 0 | 1): Message {
  let newestMs = Number.NEGATIVE_INFINITY;
  for (const time of batch.times) newestMs = Math.max(newestMs, time);
  const t = new Date(Number.isFinite(newestMs) ? newestMs : batch.received).toISOString();
  return valuesMessage(topics, batch.device, { t, values: valuesOf(batch, tags, 0, batch.tags.length) }, qos);
}

/** Values of an earlier time: the same with `historical: true`, a message for each source time; samples in order of time. */
export function* historicalMessages(
  topics: Topics,
  batch: SampleBatch,
  tags: TagTable,
  qos: 0 | 1,
): Generator<Message> {
  for (let start = 0; start < batch.tags.length; ) {
    const time = batch.times[start] as number;
    let end = start + 1;
    while (batch.times[end] === time) end++;
    const t = new Date(time).toISOString();
    yield valuesMessage(topics, batch.device, { t, historical: true, values: valuesOf(batch, tags, start, end) }, qos);
    start = end;
  }
}

function valuesOf(batch: SampleBatch, tags: TagTable, start: number, end: number): Values {
  const values: Values = {};
  for (let row = start; row < end; row++) {
    const tag = batch.tags[row] as number;
    values[tags.at(tag).name] = [plainValue(batch, row), qualityName(batch.quality[row] as number)];
  }
  return values;
}

function valuesMessage({ prefix, gateway }: Topics, device: string, body: object, qos: 0 | 1): Message {
  const topic = [prefix, gateway, 'data', level(device)].join('/');
  return { topic, payload: JSON.stringify(body), qos, retain: false };
}

/** `…/state`, retained. `offline` is also the will, with the time at which the connection began. */
export function stateMessage(topics: Topics, state: 'online' | 'offline', timeMs: number): Message {
  const payload = JSON.stringify({ state, time: new Date(timeMs).toISOString() });
  return { topic: gatewayTopic(topics, 'state'), payload, qos: 1, retain: true };
}

/** `…/replies`: what became of an order. */
export function replyMessage(topics: Topics, reply: OrderReceipt): Message {
  return { topic: gatewayTopic(topics, 'replies'), payload: JSON.stringify(reply), qos: 1, retain: false };
}

/** A name as one topic level: what MQTT 3.1.1 §4.7 forbids there becomes `_`. */
function level(name: string): string {
  return name.replace(/[/+#\0]/g, '_');
}
