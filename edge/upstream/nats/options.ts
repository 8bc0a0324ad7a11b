import { z } from 'zod';

/** Whether the text is the address of a NATS server, without a user or password in it. */
function isServerUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^(nats|tls):$/.test(protocol) && hostname !== '' && username === '' && password === '';
}

const file = z.string().startsWith('/', 'expected an absolute path').optional();

const login = z
  .strictObject({
    username: z.string().optional().describe('User name; needs `password`.'),
    password: z.string().optional().describe('Password.'),
    token: z.string().optional().describe('Token.'),
    nkeySeed: z.string().optional().describe('Seed of a user key, begins with SU.'),
    credentialsFile: file.describe('Absolute path of a credentials file (.creds).'),
  })
  .refine(
    ({ username, password, ...others }) =>
      (username === undefined) === (password === undefined) &&
      [username, ...Object.values(others)].filter((given) => given !== undefined).length === 1,
    'expected exactly one of: username and password, token, nkeySeed, credentialsFile',
  )
  .optional()
  .describe('How the gateway proves who it is; none when left out.');

const tls = z
  .strictObject({
    caFile: file.describe('Absolute path of the certificates to trust, PEM; those of the system when left out.'),
    certFile: file.describe('Absolute path of the own certificate, PEM.'),
    keyFile: file.describe('Absolute path of its key, PEM.'),
  })
  .prefault({})
  .describe('Certificates of an encrypted connection.');

const stream = z
  .strictObject({
    name: z
      .string()
      .regex(/^[\w-]{1,255}$/, 'expected letters, digits, - and _')
      .default('lifeline')
      .describe('Stream that must have taken an event before it counts as forwarded.'),
    create: z.boolean().default(false).describe('Whether the sink creates the stream when there is none.'),
    maxAgeHours: z.number().positive().max(87_600).default(720).describe('How long a created stream keeps messages.'),
    maxMb: z
      .number()
      .positive()
      .max(1_000_000)
      .default(1_024)
      .describe('Size of a created stream on disk, MB; beyond it the oldest messages go.'),
    duplicateWindowMinutes: z
      .number()
      .positive()
      .max(1_440)
      .default(60)
      .describe('How long a created stream knows the ids of what it took: as long as a connection may be away.'),
    replicas: z.int().min(1).max(5).default(1).describe('Servers of a cluster that keep a created stream.'),
  })
  .prefault({})
  .describe('The JetStream stream of the events.');

/** Keys of a `sinks:` entry with `sink: nats`. */
export const natsOptions = z.object({
  url: z
    .string()
    .refine(isServerUrl, 'expected nats://host:port or tls://host:port; the login has a key of its own')
    .describe('Address of the server, e.g. "nats://10.0.0.5:4222"; tls:// is encrypted.'),
  prefix: z
    .string()
    .regex(/^[^\s.*>$%][^\s.*>%]*(\.[^\s.*>%]+)*$/, 'expected subject tokens without wildcards or blanks')
    .default('lifeline')
    .describe('First tokens of all subjects.'),
  stream,
  login,
  tls,
});

export type NatsOptions = z.output<typeof natsOptions>;
