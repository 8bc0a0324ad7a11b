import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import type { SecretBytes } from '../../core/secret-bytes.ts';

/** A certificate with its key, both in PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

export interface SelfSignedOptions {
  /** Host names and addresses that it is for; the first is its subject. */
  readonly names: readonly string[];
  /** ms since epoch. */
  readonly fromMs: number;
  readonly toMs: number;
  readonly secretBytes: SecretBytes;
}

// Tags and object identifiers of X.509 in DER (RFC 5280, RFC 5480, RFC 5758; ITU-T X.690).
const tag = { integer: 2, bits: 3, octets: 4, oid: 6, utf8: 12, utcTime: 23, time: 24, sequence: 48, set: 49 } as const;
const oids = {
  ecdsaWithSha256: '2a8648ce3d040302',
  commonName: '550403',
  basicConstraints: '551d13',
  keyUsage: '551d0f',
  extendedKeyUsage: '551d25',
  serverAuthentication: '2b06010505070301',
  alternativeNames: '551d11',
} as const;

function der(kind: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const size: number[] = [];
  for (let rest = content.length; rest > 0; rest >>= 8) size.unshift(rest & 0xff);
  const head = content.length < 128 ? [kind, content.length] : [kind, 0x80 | size.length, ...size];
  return Buffer.concat([Buffer.from(head), content]);
}

const sequence = (...parts: readonly Uint8Array[]) => der(tag.sequence, ...parts);
const oid = (name: keyof typeof oids) => der(tag.oid, Buffer.from(oids[name], 'hex'));
const truth = Buffer.from('0101ff', 'hex');

/** Dates before 2050 have two digits of the year (RFC 5280, 4.1.2.5). */
function time(ms: number): Buffer {
  const digits = new Date(ms).toISOString().replace(/\.\d+/, '').replaceAll(/[-:T]/g, '');
  const early = Number(digits.slice(0, 4)) < 2050;
  return early ? der(tag.utcTime, Buffer.from(digits.slice(2))) : der(tag.time, Buffer.from(digits));
}

const extension = (name: keyof typeof oids, content: Uint8Array, critical = false) =>
  sequence(oid(name), ...(critical ? [truth] : []), der(tag.octets, content));

/** An address as `iPAddress`, anything else as `dNSName`. */
function alternative(name: string): Buffer {
  const bytes = addressBytes(name);
  return bytes ? der(0x87, bytes) : der(0x82, Buffer.from(name));
}

/** Four bytes of an IPv4 address, sixteen of an IPv6 one; undefined for a name. */
export function addressBytes(name: string): Buffer | undefined {
  if (/^\d+(\.\d+){3}$/.test(name)) return Buffer.from(name.split('.').map(Number));
  if (!name.includes(':')) return undefined;
  const words = (text: string) => (text === '' ? [] : text.split(':').map((word) => Number.parseInt(word, 16)));
  const [front = '', back] = (name.split('%')[0] ?? '').split('::');
  const [first, last] = [words(front), words(back ?? '')];
  const bytes = Buffer.alloc(16);
  first.forEach((word, at) => void bytes.writeUInt16BE(word, 2 * at));
  last.forEach((word, at) => void bytes.writeUInt16BE(word, 16 - 2 * (last.length - at)));
  return bytes;
}

/** A certificate of a server that nobody else vouches for, on ECDSA with P-256, and its key. */
export function selfSigned({ names, fromMs, toMs, secretBytes }: SelfSignedOptions): KeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const algorithm = sequence(oid('ecdsaWithSha256'));
  const subject = sequence(
    der(tag.set, sequence(oid('commonName'), der(tag.utf8, Buffer.from((names[0] ?? 'lifeline').slice(0, 64))))),
  );
  const serial = Buffer.from(secretBytes(16));
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  const extensions = sequence(
    extension('basicConstraints', sequence(), true),
    extension('keyUsage', der(tag.bits, Buffer.from([7, 0x80])), true),
    extension('extendedKeyUsage', sequence(oid('serverAuthentication'))),
    extension('alternativeNames', sequence(...names.map(alternative))),
  );
  const body = sequence(
    der(0xa0, der(tag.integer, Buffer.from([2]))),
    der(tag.integer, serial),
    algorithm,
    subject,
    sequence(time(fromMs), time(toMs)),
    subject,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = der(tag.bits, Buffer.from([0]), sign('sha256', body, privateKey));
  return { certificate: pem('CERTIFICATE', sequence(body, algorithm, signature)), key: keyText(privateKey) };
}

const keyText = (key: KeyObject): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const pem = (label: string, content: Buffer): string =>
  `-----BEGIN ${label}-----\n${(content.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
