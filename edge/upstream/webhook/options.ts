import { z } from 'zod';
import { parseDuration } from '../../core/duration.ts';
import { expecting } from '../../core/spec-text.ts';
import { heartbeatS } from '../heartbeats.ts';

const maxTimeoutMs = 120_000;
const minDeadLetterAfterMs = 60_000;

function isReceiver(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, username, password } = new URL(text);
  return /^https?:$/.test(protocol) && hostname !== '' && username === '' && password === '';
}

const duration = (fewestMs: number, mostMs: number, expected: string) =>
  z.string().refine((text) => {
    const ms = parseDuration(text);
    return ms !== undefined && ms >= fewestMs && ms <= mostMs;
  }, expected);

const file = z.string().min(1).optional();

/** Keys of a `sinks:` entry with `sink: webhook`. */
export const webhookOptions = z.object({
  url: z
    .string()
    .refine(
      isReceiver,
      expecting(
        'expected https://host/path; keys and tokens have keys of their own',
        '应为 https://主机/路径；密钥和令牌另有键',
      ),
    )
    .describe('Where events are posted to. http:// is signed, but not encrypted: only in a network of your own.'),
  mapping: file.describe(
    'How events become cases of a platform: `city-12319`, or a mapping file (`.yaml`) relative to this file. CloudEvents when left out.',
  ),
  secretFile: file.describe(
    'File with the secret that signs every request, relative to this file. Unsigned when left out.',
  ),
  tokenFile: file.describe('File with a bearer token, relative to this file.'),
  ca: file.describe(
    'File with the certificates (PEM) by which the receiver is trusted, relative to this file; those of the system when left out.',
  ),
  certificate: file.describe('File with the client certificate (PEM) for receivers that ask for one; needs `key`.'),
  key: file.describe('File with the private key (PEM) of `certificate`.'),
  batch: z
    .int()
    .min(1)
    .max(50)
    .default(50)
    .describe('Events of one request at most; 1 posts them one by one, which a mapping always does.'),
  parallel: z
    .int()
    .min(1)
    .max(8)
    .default(2)
    .describe('Requests under way at most. The events of one asset always go one after another.'),
  timeout: duration(
    100,
    maxTimeoutMs,
    expecting('expected a duration of 100ms to 2min, such as 10s', '应为 100ms 到 2min 的时长，如 10s'),
  )
    .default('10s')
    .describe('How long the receiver may take to answer.'),
  heartbeatS,
  deadLetterAfter: duration(
    minDeadLetterAfterMs,
    30 * 86_400_000,
    expecting('expected a duration of 1min to 30d, such as 24h', '应为 1min 到 30d 的时长，如 24h'),
  )
    .default('24h')
    .describe(
      'An event that the receiver answers to and does not take for so long becomes a dead letter; after 10min where it takes others meanwhile. One that is not there is waited for.',
    ),
});

export type WebhookOptions = z.output<typeof webhookOptions>;
