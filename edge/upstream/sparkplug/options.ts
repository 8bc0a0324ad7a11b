import { z } from 'zod';
import { brokerAccount, brokerUrl } from '../broker-options.ts';
import { telemetryOptions } from '../telemetry/options.ts';

const idLevel = /^[^+/#\0]{1,128}$/u;
const level = (what: string) => z.string().regex(idLevel, `expected ${what} without "+", "/" and "#"`);

/** Keys of a `sinks:` entry with `sink: sparkplug`. */
export const sparkplugOptions = z.object({
  servers: z
    .array(brokerUrl)
    .min(1)
    .max(10)
    .describe('Brokers, one used at a time; the next one when one cannot be reached or the primary host is not there.'),
  group: level('a group id').default('lifeline').describe('Sparkplug group id.'),
  node: level('an edge node id')
    .optional()
    .describe('Sparkplug edge node id, unique in the group; the id of the gateway when left out.'),
  primaryHost: level('a host id')
    .optional()
    .describe(
      'Host application whose STATE decides whether values are sent; when left out, they are whenever connected.',
    ),
  assets: z
    .boolean()
    .default(false)
    .describe('Whether assets are sent too, as templates with a member per role; their values go twice then.'),
  data: z.strictObject(telemetryOptions).prefault({}).describe('What becomes of values that could not be sent.'),
  protocol: z.literal([5, '3.1.1']).default('3.1.1').describe('Version of MQTT.'),
  ...brokerAccount,
});

export type SparkplugOptions = z.output<typeof sparkplugOptions>;
