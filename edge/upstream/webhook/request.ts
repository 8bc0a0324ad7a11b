import { createHash } from 'node:crypto';
import type { CloudEvent } from '../cloudevents.ts';
import type { Posting } from '../post.ts';
import { signatureOf } from '../signature.ts';

/** How events stand in the body of a request. */
export interface Envelope {
  readonly contentType: string;
  readonly body: string;
}

/** How a request is made, beside the events. */
export interface RequestParts {
  readonly url: string;
  /** Signs the body; not signed when left out. */
  readonly secret: string | undefined;
  /** Sent as bearer token (RFC 6750). */
  readonly token: string | undefined;
  readonly timestampS: number;
}

/** CloudEvents 1.0, HTTP binding §3.2 structured and §3.3 batched mode, in the JSON format. */
export function cloudEventsEnvelope(made: readonly CloudEvent[], batched: boolean): Envelope {
  return batched
    ? { contentType: 'application/cloudevents-batch+json; charset=utf-8', body: JSON.stringify(made) }
    : { contentType: 'application/cloudevents+json; charset=utf-8', body: JSON.stringify(made[0]) };
}

/** The signed request that carries what has these ids. */
export function requestOf(ids: readonly string[], { contentType, body }: Envelope, parts: RequestParts): Posting {
  const { url, secret, token, timestampS } = parts;
  return {
    url,
    body,
    headers: {
      'content-type': contentType,
      'user-agent': 'lifeline',
      'idempotency-key': idempotencyKey(ids),
      'lifeline-timestamp': String(timestampS),
      ...(secret === undefined ? {} : { 'lifeline-signature': signatureOf(secret, timestampS, body) }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  };
}

/** The id of one event; of several the first 32 hex digits of the SHA-256 of their ids, joined by line feeds. */
export function idempotencyKey(ids: readonly string[]): string {
  const [first = ''] = ids;
  if (ids.length === 1) return encodeURI(first);
  return createHash('sha256').update(ids.join('\n'), 'utf8').digest('hex').slice(0, 32);
}
