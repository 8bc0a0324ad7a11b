import { plainValue, type SampleBatch } from '../../core/batch.ts';
import type { Event } from '../../core/event.ts';
import { qualityName } from '../../core/quality.ts';
import type { TagTable } from '../../core/tag.ts';
import { toCloudEvent } from '../cloudevents.ts';
import type { Message } from '../mqtt-link.ts';

/** Where the messages of one gateway go: `<prefix>/<gateway>`. */
export interface Topics {
  readonly prefix: string;
  readonly gateway: string;
}

/** A topic of the gateway itself. */
export const gatewayTopic = ({ prefix, gateway }: Topics, name: 'state' | 'receipts'): string =>
  [prefix, gateway, name].join('/');

/** `…/events/<utility>/<asset>`, structured CloudEvent; events of no utility go under `gateway`. */
export function eventMessage({ prefix, gateway }: Topics, event: Event): Message {
  const topic = [prefix, gateway, 'events', level(event.utility || 'gateway'), level(event.subject)].join('/');
  return { topic, payload: JSON.stringify(toCloudEvent(gateway, event)), qos: 1, retain: false };
}

/**
 * `…/data/<device>`: `{t, values: {tag: [value, quality]}}`, t = newest source time; a value is a number, the text of a tag that
 * holds text, or null where there is none.
 */
export function dataMessage({ prefix, gateway }: Topics, batch: SampleBatch, tags: TagTable, qos: 0 | 1): Message {
  const values: Record<string, [number | string | null, string]> = {};
  let newestMs = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < batch.tags.length; row++) {
    const tag = batch.tags[row] as number;
    const quality = qualityName(batch.quality[row] as number);
    values[tags.at(tag).name] = [plainValue(batch, row), quality];
    newestMs = Math.max(newestMs, batch.times[row] as number);
  }
  const t = new Date(Number.isFinite(newestMs) ? newestMs : batch.received).toISOString();
  return {
    topic: [prefix, gateway, 'data', level(batch.device)].join('/'),
    payload: JSON.stringify({ t, values }),
    qos,
    retain: false,
  };
}

/** `…/state`, retained. `offline` is also the will, with the time at which the connection began. */
export function stateMessage(topics: Topics, state: 'online' | 'offline', timeMs: number): Message {
  const payload = JSON.stringify({ state, time: new Date(timeMs).toISOString() });
  return { topic: gatewayTopic(topics, 'state'), payload, qos: 1, retain: true };
}

/** A name as one topic level: what MQTT 3.1.1 §4.7 forbids there becomes `_`. */
function level(name: string): string {
  return name.replace(/[/+#\0]/g, '_');
}
