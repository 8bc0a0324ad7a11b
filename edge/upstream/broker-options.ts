import { z } from 'zod';

/** Whether the text is the address of an MQTT broker, without a user or password in it. */
function isBrokerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^mqtts?:$/.test(protocol) && hostname !== '' && username === '' && password === '';
}

/** Address of an MQTT broker. */
export const brokerUrl = z
  .string()
  .refine(isBrokerUrl, 'expected mqtt://host:port or mqtts://host:port; user and password have keys of their own');

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
