import { z } from 'zod';
import { isBrokerUrl } from '../broker-url.ts';
import { telemetryOptions } from '../telemetry/options.ts';

/** Keys of a `sinks:` entry with `sink: mqtt-json`. */
export const mqttJsonOptions = z.object({
  url: z
    .string()
    .refine(isBrokerUrl, 'expected mqtt://host:port or mqtts://host:port; user and password have keys of their own')
    .describe('Address of the broker, e.g. "mqtt://10.0.0.5:1883"; mqtts:// is encrypted.'),
  prefix: z
    .string()
    .regex(/^[^+#\s/][^+#\s]*[^+#\s/]$|^[^+#\s/]$/, 'expected topic levels without wildcards, blanks or outer slashes')
    .default('lifeline')
    .describe('First level of all topics.'),
  confirm: z
    .enum(['broker', 'receiver'])
    .default('broker')
    .describe(
      'Who must confirm an event before it counts as forwarded: the broker, or the receiver itself by a receipt on `<prefix>/<gateway>/receipts`.',
    ),
  resendAfterS: z
    .int()
    .min(1)
    .max(3_600)
    .default(30)
    .describe('With `confirm: receiver`: an event without a receipt is sent again after so many seconds.'),
  username: z.string().optional().describe('User name at the broker.'),
  password: z.string().optional().describe('Password at the broker; use !secret.'),
  ordersKey: z
    .string()
    .min(32, 'expected 32 characters or more')
    .optional()
    .describe(
      'Secret shared with the centre: orders must be signed with it. Without it none is taken, unless `trustBroker` is set.',
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
      ...telemetryOptions,
    })
    .prefault({})
    .describe('Values per device.'),
});

export type MqttJsonOptions = z.output<typeof mqttJsonOptions>;
