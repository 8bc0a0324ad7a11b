/** Bytes that nobody can guess, from the operating system; unlike `Random` they never repeat with a seed. */
export type SecretBytes = (count: number) => Uint8Array;

/** 256 bits as text that stands in a URL, a header or a cookie as it is. */
export const secretText = (bytes: SecretBytes): string => Buffer.from(bytes(32)).toString('base64url');

/** Those of this machine. */
export const systemSecrets: SecretBytes = (count) => crypto.getRandomValues(new Uint8Array(count));
