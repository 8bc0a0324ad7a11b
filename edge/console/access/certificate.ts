import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import type { SecretBytes } from '../../core/secret-bytes.ts';
import { consoleErrors } from '../errors.ts';
import { type KeyPair, selfSigned } from './self-signed.ts';

/** Files of a certificate with its chain and of its key, in PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate as a server shows it. */
export interface ServerCertificate extends KeyPair {
  /** ms since epoch. */
  readonly endsMs: number;
  /** SHA-256, as browsers show it. */
  readonly fingerprint: string;
}

const dayMs = 86_400_000;
/** Browsers take no longer ones. */
const validDays = 397;
/** From here on the own one is made anew at the next start. */
export const renewAheadMs = 30 * dayMs;

/** Reads the certificate that was given; rejects with LL-CONSOLE-CERTIFICATE. */
export async function givenCertificate(files: CertificateFiles): Promise<ServerCertificate> {
  try {
    return examined({
      certificate: await readFile(files.certificate, 'utf8'),
      key: await readFile(files.key, 'utf8'),
    });
  } catch (cause) {
    throw consoleErrors.create('CERTIFICATE', `use ${files.certificate}: ${describeError(cause)}`, cause);
  }
}

interface OwnParts {
  readonly folder: string;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly secretBytes: SecretBytes;
}

/** The own certificate, kept in `console-tls/` of the folder; made where there is none, or where it ends soon. */
export async function ownCertificate({ folder, names, clock, secretBytes }: OwnParts): Promise<ServerCertificate> {
  const place = join(folder, 'console-tls');
  const files = { certificate: join(place, 'certificate.pem'), key: join(place, 'key.pem') };
  const kept = await givenCertificate(files).catch(() => undefined);
  const nowMs = clock.wallMs();
  if (kept && kept.endsMs - nowMs > renewAheadMs) return kept;
  const made = selfSigned({ names, fromMs: nowMs - dayMs, toMs: nowMs + validDays * dayMs, secretBytes });
  await mkdir(place, { recursive: true, mode: 0o700 });
  await writeFile(files.key, made.key, { mode: 0o600 });
  await writeFile(files.certificate, made.certificate, { mode: 0o600 });
  return examined(made);
}

function examined({ certificate, key }: KeyPair): ServerCertificate {
  const read = new X509Certificate(certificate);
  if (!read.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is not the one of the certificate');
  return { certificate, key, endsMs: read.validToDate.getTime(), fingerprint: read.fingerprint256 };
}
