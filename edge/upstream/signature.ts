import { createHmac, timingSafeEqual } from 'node:crypto';

/** How far the clocks of sender and receiver may be apart, and how late a request may come. */
export const signatureToleranceS = 300;

/**
 * `v1=` and the HMAC-SHA256 (RFC 2104, FIPS 180-4), lower-case hex, of the timestamp in decimal, a full stop and the bytes
 * of the body. The timestamp is signed with it, so that nobody can send an old request as a new one.
 * @param timestampS seconds since the Unix epoch
 */
export function signatureOf(secret: string, timestampS: number, body: string): string {
  return `v1=${createHmac('sha256', secret).update(`${timestampS}.${body}`, 'utf8').digest('hex')}`;
}

/** Whether a body was signed with the secret, at most five minutes from now. Takes the same time for any wrong signature. */
export function isSigned(
  secret: string,
  given: { readonly timestamp: string; readonly signature: string; readonly body: string },
  nowMs: number,
): boolean {
  if (!/^\d{1,12}$/.test(given.timestamp)) return false;
  const timestampS = Number(given.timestamp);
  if (Math.abs(nowMs / 1000 - timestampS) > signatureToleranceS) return false;
  const wanted = Buffer.from(signatureOf(secret, timestampS, given.body));
  const found = Buffer.from(given.signature);
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}
