import { z } from 'zod';
import { expecting } from '../../core/spec-text.ts';
import { answeredRoad, brokerAccount, brokerUrl } from '../broker-options.ts';
import { telemetryOptions } from '../telemetry/options.ts';
import { defaultTopics, eventPlaces, topicTemplate, valuePlaces } from './topic-template.ts';

/** Keys of a `sinks:` entry with `sink: mqtt-json`. */
export const mqttJsonOptions = z.object({
  url: brokerUrl.describe('Address of the broker, e.g. "mqtt://10.0.0.5:1883"; mqtts:// is encrypted.'),
  protocol: z
    .literal(['auto', 5, '3.1.1'])
    .default('auto')
    .describe('Version of MQTT; `auto`: 5, and 3.1.1 where the broker answers that it does not speak 5.'),
  prefix: z
    .string()
    .regex(
      /^[^+#\s/][^+#\s]*[^+#\s/]$|^[^+#\s/]$/,
      expecting(
        'expected topic levels without wildcards, blanks or outer slashes',
        '应为不含通配符、空格和首尾斜杠的主题层级',
      ),
    )
    .default('lifeline')
    .describe('First level of all topics.'),
  topics: z
    .strictObject({
      events: topicTemplate(eventPlaces).default(defaultTopics.events).describe('Topic of events.'),
      values: topicTemplate(valuePlaces)
        .default(defaultTopics.values)
        .describe('Topic of values; those of one topic go together.'),
    })
    .prefault({})
    .describe('Where events and values go, in places such as `{district}` that are filled for each.'),
  ...answeredRoad({ taker: 'the broker', receipts: '<prefix>/<gateway>/receipts', trust: 'trustBroker' }),
  ...brokerAccount,
  sessionExpiryS: z
    .int()
    .min(0)
    .max(7 * 86_400)
    .default(0)
    .describe(
      'With MQTT 5: for so many seconds the broker keeps orders and receipts that come while the connection is away; 0: it does not.',
    ),
  trustBroker: z
    .boolean()
    .default(false)
    .describe(
      'Without `ordersKey`: whether orders need no signature, because the broker lets only the centre publish to `<prefix>/<gateway>/commands`.',
    ),
  data: z
    .strictObject({
      enabled: z.boolean().default(true).describe('Whether live values are published.'),
      qos: z
        .union([z.literal(0), z.literal(1)])
        .default(0)
        .describe('MQTT quality of service of values.'),
      retain: z
        .boolean()
        .default(false)
        .describe(
          'Whether the broker keeps the last value of each topic for those who subscribe later; needs a topic for each point: `{device}` and `{point}`, or `{asset}` and `{role}`.',
        ),
      expiryS: z
        .int()
        .min(1)
        .max(30 * 86_400)
        .optional()
        .describe('With MQTT 5: the broker forgets a value so many seconds after it came.'),
      ...telemetryOptions,
    })
    .prefault({})
    .describe('Values per device.'),
});

export type MqttJsonOptions = z.output<typeof mqttJsonOptions>;
