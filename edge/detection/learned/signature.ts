import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import type { LifelineError } from '../../core/errors.ts';
import { modelErrors } from '../errors.ts';
import type { SiteManifest } from './site-manifest.ts';

/** JSON with the keys of every object in order and no blanks: the same content always gives the same bytes. */
export function canonicalText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonicalText).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  const sorted = entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${sorted.map(([key, member]) => `${JSON.stringify(key)}:${canonicalText(member)}`).join(',')}}`;
}

/** What a signature covers: everything but itself. The file is covered by its hash, the age by the counter. */
const signedBytes = ({ signature: _signature, ...rest }: SiteManifest): Buffer => Buffer.from(canonicalText(rest));

/** Short name of a public key: the first half of the SHA-256 of its DER form. */
export const keyId = (key: KeyObject): string =>
  createHash('sha256')
    .update(key.export({ type: 'spki', format: 'der' }))
    .digest('hex')
    .slice(0, 32);

/** The manifest with its Ed25519 signature (RFC 8032). Throws when the PEM holds no private Ed25519 key. */
export function signManifest(manifest: SiteManifest, privateKeyPem: string): SiteManifest {
  const key = createPrivateKey(privateKeyPem);
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`the key is ${key.asymmetricKeyType}, not ed25519`);
  const value = sign(null, signedBytes(manifest), key).toString('base64');
  return { ...manifest, signature: { key: keyId(createPublicKey(key)), value } };
}

/** What a signature is worth: none there, made by nobody that is trusted, not that of this manifest, or good. */
export type SignatureVerdict = 'unsigned' | 'stranger' | 'forged' | 'good';

/** Holds a manifest's signature against the public keys that are trusted. */
export function judgeSignature(manifest: SiteManifest, trusted: readonly KeyObject[]): SignatureVerdict {
  const { signature } = manifest;
  if (!signature) return 'unsigned';
  const key = trusted.find((candidate) => keyId(candidate) === signature.key);
  if (!key) return 'stranger';
  return verify(null, signedBytes(manifest), key, Buffer.from(signature.value, 'base64')) ? 'good' : 'forged';
}

/** Why a model may not be used by its signature; undefined when it may. */
export function objectionToSignature(
  manifest: SiteManifest,
  { trustedKeys, allowUnsigned }: { readonly trustedKeys: readonly KeyObject[]; readonly allowUnsigned: boolean },
): LifelineError | undefined {
  const verdict = judgeSignature(manifest, trustedKeys);
  const model = `check model ${manifest.id} version ${manifest.version}`;
  switch (verdict) {
    case 'good':
      return undefined;
    case 'unsigned':
      return allowUnsigned ? undefined : modelErrors.create('UNSIGNED', `${model}: it has no signature`);
    case 'stranger':
      return modelErrors.create('SIGNATURE', `${model}: key ${manifest.signature?.key} is not trusted`);
    case 'forged':
      return modelErrors.create('SIGNATURE', `${model}: what is signed is not what is there`);
  }
}
