import { z } from 'zod';
import { expecting } from '../../core/spec-text.ts';
import { answeredRoad, brokerAccount } from '../broker-options.ts';
import { telemetryOptions } from '../telemetry/options.ts';

/** Whether the text is the address of a NATS server, without a user or password in it. */
function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^(nats|tls):$/.test(protocol) && hostname !== '' && username === '' && password === '';
}

const serverUrl = z
  .string()
  .refine(
    isServerUrl,
    expecting(
      'expected nats://host:port or tls://host:port; the login has a key of its own',
      '应为 nats://主机:端口 或 tls://主机:端口；登录另有键',
    ),
  );

const login = z
  .strictObject({
    username: z.string().optional().describe('User name; needs `password`.'),
    password: z.string().optional().describe('Password; use !secret.'),
    token: z.string().optional().describe('Token; use !secret.'),
    nkeySeed: z.string().optional().describe('Seed of a user key, begins with SU; use !secret.'),
    credentials: z.string().min(1).optional().describe('Credentials file (.creds), relative to this file.'),
  })
  .refine(
    ({ username, password, ...others }) =>
      (username === undefined) === (password === undefined) &&
      [username, ...Object.values(others)].filter((given) => given !== undefined).length === 1,
    expecting(
      'expected exactly one of: username and password, token, nkeySeed, credentials',
      '须且只能给出一种：用户名和密码、token、nkeySeed、credentials',
    ),
  )
  .optional()
  .describe('How the gateway proves who it is; none when left out.');

const streamOf = (holds: { readonly name: string; readonly maxAgeHours: number; readonly maxMb: number }) => ({
  name: z
    .string()
    .regex(/^[\w-]{1,255}$/, expecting('expected letters, digits, - and _', '应为字母、数字、“-”和“_”'))
    .default(holds.name)
    .describe('Stream that must have taken something before it counts as sent.'),
  create: z.boolean().default(false).describe('Whether the sink creates the stream when there is none.'),
  maxAgeHours: z
    .number()
    .positive()
    .max(87_600)
    .default(holds.maxAgeHours)
    .describe('How long a created stream keeps messages.'),
  maxMb: z
    .number()
    .positive()
    .max(1_000_000)
    .default(holds.maxMb)
    .describe('Size of a created stream on disk, MB; beyond it the oldest messages go.'),
  duplicateWindowMinutes: z
    .number()
    .positive()
    .max(1_440)
    .default(60)
    .describe('How long a created stream knows the ids of what it took: as long as a connection may be away.'),
  replicas: z.int().min(1).max(5).default(1).describe('Servers of a cluster that keep a created stream.'),
});

/** Keys of a `sinks:` entry with `sink: nats`. */
export const natsOptions = z.object({
  url: serverUrl.describe('Address of the server, e.g. "nats://10.0.0.5:4222"; tls:// is encrypted.'),
  servers: z
    .array(serverUrl)
    .max(10)
    .default([])
    .describe('Further servers of the same cluster: the next one when one cannot be reached or its connection ends.'),
  prefix: z
    .string()
    .regex(
      /^[^\s.*>$%][^\s.*>%]*(\.[^\s.*>%]+)*$/,
      expecting('expected subject tokens without wildcards or blanks', '应为不含通配符和空格的主题'),
    )
    .default('lifeline')
    .describe('First tokens of all subjects.'),
  stream: z
    .strictObject(streamOf({ name: 'lifeline', maxAgeHours: 720, maxMb: 1_024 }))
    .prefault({})
    .describe('The JetStream stream of the events.'),
  ...answeredRoad({ taker: 'the stream', receipts: '<prefix>.<gateway>.receipts', trust: 'trustServer' }),
  login,
  tls: brokerAccount.tls,
  trustServer: z
    .boolean()
    .default(false)
    .describe(
      'Without `ordersKey`: whether orders need no signature, because the server lets only the centre publish on `<prefix>.<gateway>.commands`.',
    ),
  data: z
    .strictObject({
      enabled: z.boolean().default(false).describe('Whether values are published; they need a stream of their own.'),
      stream: z
        .strictObject(streamOf({ name: 'lifeline-values', maxAgeHours: 168, maxMb: 4_096 }))
        .prefault({})
        .describe('The JetStream stream of the values.'),
      ...telemetryOptions,
    })
    .prefault({})
    .describe('Values, by utility and district of the assets that they belong to.'),
});

export type NatsOptions = z.output<typeof natsOptions>;
export type StreamOptions = NatsOptions['stream'];

/** All servers, in the order in which they are tried. */
export const serversOf = ({ url, servers }: NatsOptions): readonly string[] => [url, ...servers];
