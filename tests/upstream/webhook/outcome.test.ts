import { describe, expect, it } from 'vitest';
import { isSigned, signatureOf } from '../../../edge/upstream/signature.ts';
import { retryAfterMs } from '../../../edge/upstream/webhook/outcome.ts';
import { idempotencyKey } from '../../../edge/upstream/webhook/request.ts';

describe('the signature of a request', () => {
  // computed by: printf '1700000000.[{"id":"gw-1/events/e/1"}]' | openssl dgst -sha256 -hmac 'a shared secret'
  const body = '[{"id":"gw-1/events/e/1"}]';
  const signature = 'v1=7c690a6addec4b0620c6437c3f4781dacb4dc33e5b29c8466448f40d88618eb1';

  it('is that which openssl computes, as the page for receivers says', () => {
    expect(signatureOf('a shared secret', 1_700_000_000, body)).toBe(signature);
  });

  it('holds for five minutes, for this body, secret and time alone', () => {
    const given = { timestamp: '1700000000', signature, body };
    const atMs = 1_700_000_000_000;
    expect(isSigned('a shared secret', given, atMs + 299_000)).toBe(true);
    expect(isSigned('a shared secret', given, atMs + 301_000)).toBe(false);
    expect(isSigned('a shared secret', given, atMs - 301_000)).toBe(false);
    expect(isSigned('another secret', given, atMs)).toBe(false);
    expect(isSigned('a shared secret', { ...given, body: `${body} ` }, atMs)).toBe(false);
    expect(isSigned('a shared secret', { ...given, timestamp: '1700000001' }, atMs)).toBe(false);
    for (const timestamp of ['', '-1', '1e9', '1700000000.5', 'now'])
      expect(isSigned('a shared secret', { ...given, timestamp }, atMs)).toBe(false);
    for (const wrong of ['', 'v1=', signature.slice(0, -1), `${signature}0`])
      expect(isSigned('a shared secret', { ...given, signature: wrong }, atMs)).toBe(false);
  });
});

describe('Retry-After', () => {
  it.each([
    ['120', 120_000],
    ['0', 0],
    ['Wed, 15 Nov 2023 00:00:30 GMT', 30_000],
    ['Wed, 15 Nov 2023 00:00:00 GMT', 0],
    ['86400', 600_000],
    ['soon', undefined],
    ['-5', undefined],
    [undefined, undefined],
  ])('%s is a pause of %s ms', (header, expected) => {
    expect(retryAfterMs(header, Date.UTC(2023, 10, 15))).toBe(expected);
  });
});

describe('the idempotency key', () => {
  it('is the id of one event, in characters that a header may have, and the same for the same batch', () => {
    expect(idempotencyKey(['gw-1/events/e/1'])).toBe('gw-1/events/e/1');
    expect(idempotencyKey(['南岗/events/e/1'])).toBe('%E5%8D%97%E5%B2%97/events/e/1');
    expect(idempotencyKey(['a', 'b'])).toMatch(/^[0-9a-f]{32}$/);
    expect(idempotencyKey(['a', 'b'])).toBe(idempotencyKey(['a', 'b']));
    expect(idempotencyKey(['a', 'b'])).not.toBe(idempotencyKey(['b', 'a']));
  });
});
