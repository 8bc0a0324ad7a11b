import { createHash } from 'node:crypto';

/** What is kept of a secret of 256 bits, which needs no salt and no cost: SHA-256 in base64url. */
export const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('base64url');
