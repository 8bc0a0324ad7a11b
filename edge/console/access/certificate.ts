import { createPrivateKey, X509Certificate } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type CertificateSpan, certificateAge, endsSoon, spanOf } from '../../core/certificate-age.ts';
import type { Clock } from '../../core/clock.ts';
import { describeError } from '../../core/errors.ts';
import type { SecretBytes } from '../../core/secret-bytes.ts';
import { both, type Text } from '../../core/text.ts';
import { consoleErrors } from '../errors.ts';
import { addressBytes, type KeyPair, selfSigned } from './self-signed.ts';
import { replaceOwnerFile } from './sessions-file.ts';

/** Files of a certificate with its chain and of its key, in PEM. */
export interface CertificateFiles {
  readonly certificate: string;
  readonly key: string;
}

/** A certificate as a server shows it. */
export interface ServerCertificate extends KeyPair, CertificateSpan {
  /** SHA-256, as browsers show it. */
  readonly fingerprint: string;
  /** Somebody brought it over the console. */
  readonly brought?: true;
}

const dayMs = 86_400_000;
/** Browsers take no longer ones. */
const validDays = 397;
const folderName = 'console-tls';
/** What people brought over the console: certificate, chain and key in one file, so that it is replaced whole or not at all. */
const broughtFile = 'brought.pem';

/** Reads the certificate that was given; rejects with LL-CONSOLE-CERTIFICATE. */
export async function givenCertificate(files: CertificateFiles): Promise<ServerCertificate> {
  try {
    return examined({
      certificate: await readFile(files.certificate, 'utf8'),
      key: await readFile(files.key, 'utf8'),
    });
  } catch (cause) {
    throw consoleErrors.create(
      'CERTIFICATE',
      both(`use ${files.certificate}: ${describeError(cause)}`, `使用 ${files.certificate}：${describeError(cause)}`),
      cause,
    );
  }
}

export interface OwnParts {
  readonly folder: string;
  readonly names: readonly string[];
  readonly clock: Clock;
  readonly secretBytes: SecretBytes;
}

/**
 * The certificate that was brought over the console, or else the self-signed one. One that was brought stays until another
 * is, or until somebody goes back.
 */
export async function ownCertificate(parts: OwnParts): Promise<ServerCertificate> {
  const brought = join(parts.folder, folderName, broughtFile);
  const before = await givenCertificate({ certificate: brought, key: brought }).catch(() => undefined);
  return before ? { ...before, brought: true } : madeCertificate(parts);
}

/** Shows the self-signed certificate in the place of the one that was brought, which goes with its key. */
export async function dropBrought(parts: OwnParts, show: (pair: KeyPair) => void): Promise<ServerCertificate> {
  const made = await madeCertificate(parts);
  show(made);
  await rm(join(parts.folder, folderName, broughtFile), { force: true });
  return made;
}

/** The self-signed certificate, kept in `console-tls/` of the folder: made where there is none, or where it ends soon. */
async function madeCertificate({ folder, names, clock, secretBytes }: OwnParts): Promise<ServerCertificate> {
  const place = join(folder, folderName);
  const files = { certificate: join(place, 'certificate.pem'), key: join(place, 'key.pem') };
  const kept = await givenCertificate(files).catch(() => undefined);
  const nowMs = clock.wallMs();
  if (kept && !endsSoon(certificateAge(kept, nowMs))) return kept;
  const made = selfSigned({ names, fromMs: nowMs - dayMs, toMs: nowMs + validDays * dayMs, secretBytes });
  await mkdir(place, { recursive: true, mode: 0o700 });
  await writeFile(files.key, made.key, { mode: 0o600 });
  await writeFile(files.certificate, made.certificate, { mode: 0o600 });
  return examined(made);
}

/**
 * Shows a certificate that somebody brings, once it is found to be good for the console, and keeps it in the place of the
 * own one. Rejects with LL-CONSOLE-CERTIFICATE-REFUSED and nothing changed.
 * @param show throws where the link cannot be made with it: keys that are too short, chains that are none
 */
export async function takeBrought(
  pair: KeyPair,
  { folder, names, clock }: Omit<OwnParts, 'secretBytes'>,
  show: (pair: KeyPair) => void,
): Promise<ServerCertificate> {
  const found = usable(() => examined(pair));
  const wrong = mistakeIn(found, names, clock.wallMs());
  if (wrong) throw refused(wrong);
  usable(() => show(found));
  const place = join(folder, folderName);
  await mkdir(place, { recursive: true, mode: 0o700 });
  await replaceOwnerFile(join(place, broughtFile), `${found.certificate.trim()}\n${found.key.trim()}\n`);
  return { ...found, brought: true };
}

function usable<Made>(make: () => Made): Made {
  try {
    return make();
  } catch (cause) {
    throw refused(both(`it cannot be used: ${describeError(cause)}`, `无法使用：${describeError(cause)}`), cause);
  }
}

function mistakeIn(found: ServerCertificate, names: readonly string[], nowMs: number): Text | undefined {
  const { standing } = certificateAge(found, nowMs);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  if (standing === 'ended') return both(`it ended on ${day(found.toMs)}`, `已于 ${day(found.toMs)} 到期`);
  if (standing === 'not-yet') return both(`it is not valid before ${day(found.fromMs)}`, `${day(found.fromMs)} 才生效`);
  const certificate = new X509Certificate(found.certificate);
  const isFor = (name: string) =>
    addressBytes(name) ? certificate.checkIP(name.split('%')[0] ?? '') : certificate.checkHost(name);
  if (names.some((name) => isFor(name) !== undefined)) return undefined;
  const [own, called] = [certificate.subjectAltName ?? 'nothing', names.join(', ')];
  return both(
    `it is for ${own}, and nobody calls the console so: it is called ${called}`,
    `其名称为 ${own}，与控制台的名称都不相符：${called}`,
  );
}

const refused = (why: Text, cause?: unknown) =>
  consoleErrors.create('CERTIFICATE-REFUSED', both(`take the certificate: ${why.en}`, `采用证书：${why.zh}`), cause);

function examined({ certificate, key }: KeyPair): ServerCertificate {
  const read = new X509Certificate(certificate);
  if (!read.checkPrivateKey(createPrivateKey(key))) throw new Error('the key is not the one of the certificate');
  return { certificate, key, ...spanOf(read), fingerprint: read.fingerprint256 };
}
