import { z } from 'zod';
import { expecting } from '../core/spec-text.ts';
import { heartbeatS } from './heartbeats.ts';

/** Whether the text is the address of an MQTT broker, without a user or password in it. */
function isBrokerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^mqtts?:$/.test(protocol) && hostname !== '' && username === '' && password === '';
}

/** Address of an MQTT broker. */
export const brokerUrl = z
  .string()
  .refine(
    isBrokerUrl,
    expecting(
      'expected mqtt://host:port or mqtts://host:port; user and password have keys of their own',
      '应为 mqtt://主机:端口 或 mqtts://主机:端口；用户和密码另有键',
    ),
  );

const file = z.string().min(1).optional();

/** Keys of every sink that speaks to an MQTT broker, beside its address and the version of the protocol. */
export const brokerAccount = {
  username: z.string().optional().describe('User name at the broker.'),
  password: z.string().optional().describe('Password at the broker; use !secret.'),
  tls: z
    .strictObject({
      ca: file.describe(
        'File with the certificates (PEM) by which the broker is trusted, relative to this file; those of the system when left out.',
      ),
      cert: file.describe('File with the own certificate (PEM), for brokers that ask for one; needs `key`.'),
      key: file.describe('File with the private key (PEM) of `cert`, or the key itself by !secret.'),
      passphrase: z.string().optional().describe('What the private key is encrypted with; use !secret.'),
      serverName: z
        .string()
        .min(1)
        .optional()
        .describe('Name that the certificate of the broker must have; the host of its address when left out.'),
    })
    .prefault({})
    .describe('Certificates of an encrypted connection (mqtts://, tls://).'),
};

/** What an entry says of them. */
export type BrokerAccount = { readonly [Key in keyof typeof brokerAccount]: z.output<(typeof brokerAccount)[Key]> };

/** How a road of messages is called in the words of its own protocol. */
interface RoadWords {
  /** Who takes events in. */
  readonly taker: string;
  /** Where receipts of the receiver come. */
  readonly receipts: string;
  /** Key of the entry by which orders need no signature. */
  readonly trust: string;
}

/** Keys of every sink whose receiver may answer, and over which the centre may give orders. */
export const answeredRoad = ({ taker, receipts, trust }: RoadWords) => ({
  confirm: z
    .enum(['broker', 'receiver'])
    .default('broker')
    .describe(
      `Who must confirm an event before it counts as forwarded: ${taker}, or the receiver itself by a receipt on \`${receipts}\`.`,
    ),
  resendAfterS: z
    .int()
    .min(1)
    .max(3_600)
    .default(30)
    .describe('With `confirm: receiver`: an event without a receipt is sent again after so many seconds.'),
  heartbeatS,
  ordersKey: z
    .string()
    .min(32, expecting('expected 32 characters or more', '应至少 32 个字符'))
    .optional()
    .describe(
      `Secret shared with the centre: orders must be signed with it. Without it none is taken, unless \`${trust}\` is set.`,
    ),
});
