import { X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import type { OPCUACertificateManager } from 'node-opcua';
import { type Clock, delay } from '../../edge/core/clock.ts';
import { both } from '../../edge/core/text.ts';
import { opcuaErrors } from './errors.ts';
import type { OpcuaStack } from './stack.ts';

/** A certificate as people compare it. Times in ISO 8601. */
export interface CertificateInfo {
  /** SHA-1 over the DER form, as OPC UA names certificates (Part 4, 6.2.2): 40 hexadecimal digits. */
  readonly thumbprint: string;
  readonly subject: string;
  readonly applicationUri: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly file: string;
}

export interface ListedCertificate extends CertificateInfo {
  /** `renewed`: made to follow the own one, not used yet. */
  readonly role: 'own' | 'renewed' | 'trusted' | 'rejected';
}

const dayMs = 86_400_000;
/** Ten years: PLCs trust it by hand, and it ends before clocks of 32 bits do (2038) on what is installed today. */
const validityDays = 3653;
/** A PLC's clock may be behind ours: a certificate that is not valid yet is refused. */
const startEarlierMs = dayMs;
const ownFile = join('own', 'certs', 'client_certificate.pem');
const keyFile = join('own', 'private', 'private_key.pem');
const renewalFolder = 'renewal';
/** What the stack locks a store with while it writes there. */
const lockFile = 'mutex.lock';
/** Nobody writes to a store for longer, the making of a key on a slow machine included. */
const longestLockMs = 10_000;
const lockLookMs = 500;

/** The folder of certificates in a driver's state folder. */
export const certificateFolder = (stateDir: string): string => join(stateDir, 'opcua');

/** One store a folder: its key is made once, and devices that open together do not make it twice. */
const stores = new Map<string, Promise<OPCUACertificateManager>>();

/** The certificate store of a state folder, with the gateway's own certificate in it; both are made at first use. */
export async function openStore(
  stack: OpcuaStack,
  stateDir: string,
  clock: Clock,
  trustUnknown = false,
): Promise<OPCUACertificateManager> {
  const folder = certificateFolder(stateDir);
  const key = `${folder}?${trustUnknown}`;
  const before = [...stores.values()];
  const store = stores.get(key);
  if (store) {
    const manager = await store;
    await manager.reloadCertificates();
    return manager;
  }
  const made = Promise.allSettled(before).then(() => makeStore(stack, folder, clock, trustUnknown));
  stores.set(key, made);
  made.catch(() => stores.delete(key));
  return made;
}

/**
 * Opens what a process that was killed in the middle of a write has left locked: the stack would wait for it for two
 * minutes, and no device with it.
 */
export async function unlockStore(folder: string, clock: Clock): Promise<void> {
  const lock = join(folder, lockFile);
  for (;;) {
    const found = await stat(lock).catch(() => undefined);
    if (!found) return;
    // a clock that was set back makes it no younger
    if (Math.abs(clock.wallMs() - found.mtimeMs) > longestLockMs) return rm(lock, { recursive: true, force: true });
    await delay(clock, lockLookMs);
  }
}

async function makeStore(stack: OpcuaStack, folder: string, clock: Clock, trustUnknown: boolean) {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await unlockStore(folder, clock);
  const manager = new stack.OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: trustUnknown,
    disableFileWatchers: true,
  });
  await manager.initialize();
  const outputFile = join(folder, ownFile);
  if (existsSync(outputFile)) return manager;
  await manager.createSelfSignedCertificate({
    applicationUri: applicationUri(stack),
    subject: `/CN=Lifeline@${hostname()}/O=Lifeline`,
    dns: [hostname()],
    startDate: new Date(clock.wallMs() - startEarlierMs),
    validity: validityDays,
    outputFile,
  });
  return manager;
}

/**
 * A store of its own over the same folder, for a server: the stack ends the store of a server with it. It sees at once
 * what people trust.
 */
export async function openServerStore(
  stack: OpcuaStack,
  stateDir: string,
  clock: Clock,
  trustUnknown: boolean,
): Promise<OPCUACertificateManager> {
  await openStore(stack, stateDir, clock);
  const manager = new stack.OPCUACertificateManager({
    rootFolder: certificateFolder(stateDir),
    automaticallyAcceptUnknownCertificate: trustUnknown,
  });
  await manager.initialize();
  return manager;
}

/** Name of the application in its certificates (Part 6, 6.2.2). */
export const applicationUri = (stack: OpcuaStack): string => stack.makeApplicationUrn(hostname(), 'Lifeline');

/** Where the stack finds the gateway's own certificate and key. */
export const ownPair = (stateDir: string) => ({
  certificateFile: join(certificateFolder(stateDir), ownFile),
  privateKeyFile: join(certificateFolder(stateDir), keyFile),
});

/** Reads what people compare from a DER or PEM certificate; of a chain, the first. */
export function describeCertificate(content: Buffer, file = ''): CertificateInfo {
  const certificate = new X509Certificate(content);
  const { subject, subjectAltName, validFrom, validTo, fingerprint } = certificate;
  return {
    thumbprint: fingerprint.replaceAll(':', '').toLowerCase(),
    subject: subject.replaceAll('\n', ', '),
    applicationUri: /URI:([^,]+)/.exec(subjectAltName ?? '')?.[1] ?? '',
    validFrom: new Date(validFrom).toISOString(),
    validTo: new Date(validTo).toISOString(),
    file,
  };
}

/** Every certificate of a store, own ones first. Files that hold no certificate are left out. */
export async function listCertificates(stateDir: string): Promise<readonly ListedCertificate[]> {
  const folder = certificateFolder(stateDir);
  const found: ListedCertificate[] = [];
  const add = async (role: ListedCertificate['role'], file: string) => {
    const content = await readFile(file).catch(() => undefined);
    if (!content) return;
    try {
      found.push({ role, ...describeCertificate(content, file) });
    } catch {
      // what is no certificate is trusted by nobody, the stack ignores it too
    }
  };
  await add('own', join(folder, ownFile));
  await add('renewed', join(folder, renewalFolder, 'opcua', ownFile));
  for (const [role, sub] of [['trusted', join('trusted', 'certs')] as const, ['rejected', 'rejected'] as const]) {
    const names = await readdir(join(folder, sub)).catch(() => []);
    for (const name of names.sort()) await add(role, join(folder, sub, name));
  }
  return found;
}

/**
 * Moves a server's certificate to the trusted or the rejected ones. `which` is a thumbprint, the unique beginning of
 * one (≥ 6 digits), or a file with the certificate. Rejects with CERTIFICATE when there is none.
 */
export async function judgeCertificate(
  stack: OpcuaStack,
  stateDir: string,
  clock: Clock,
  verdict: 'trust' | 'reject',
  which: string,
): Promise<CertificateInfo> {
  const wanted = which.replaceAll(/[:\s]/g, '').toLowerCase();
  const known = (await listCertificates(stateDir)).filter(({ role }) => role === 'trusted' || role === 'rejected');
  const named = /^[0-9a-f]{6,40}$/.test(wanted) ? known.filter((one) => one.thumbprint.startsWith(wanted)) : [];
  if (named.length > 1) {
    throw opcuaErrors.create(
      'CERTIFICATE',
      both(
        `"${which}" begins ${named.length} thumbprints; write more of it`,
        `有 ${named.length} 个指纹以“${which}”开头，请多写几位`,
      ),
    );
  }
  const content = await readFile(named[0]?.file ?? which).catch((cause: unknown) => {
    throw opcuaErrors.create(
      'CERTIFICATE',
      both(`no certificate with thumbprint or file "${which}"`, `没有指纹或文件为“${which}”的证书`),
      cause,
    );
  });
  let info: CertificateInfo;
  try {
    info = describeCertificate(content, named[0]?.file ?? which);
  } catch (cause) {
    throw opcuaErrors.create('CERTIFICATE', both(`${which} is no certificate`, `${which} 不是证书`), cause);
  }
  const store = await openStore(stack, stateDir, clock);
  const der = new X509Certificate(content).raw;
  await (verdict === 'trust' ? store.trustCertificate(der) : store.rejectCertificate(der));
  return info;
}

/** Makes the certificate that will follow the own one, with a key of its own; the old one stays in use. */
export async function renewCertificate(stack: OpcuaStack, stateDir: string, clock: Clock): Promise<CertificateInfo> {
  const next = join(certificateFolder(stateDir), renewalFolder);
  await rm(next, { recursive: true, force: true });
  stores.delete(`${certificateFolder(next)}?false`);
  await openStore(stack, next, clock);
  const { certificateFile } = ownPair(next);
  return describeCertificate(await readFile(certificateFile), certificateFile);
}

/**
 * Puts the renewed certificate in the place of the own one, which is kept beside it with `.old`; used from the next
 * connect. One that was interrupted is finished by another.
 */
export async function switchCertificate(stateDir: string): Promise<CertificateInfo> {
  const next = join(certificateFolder(stateDir), renewalFolder);
  const [from, to] = [ownPair(next), ownPair(stateDir)];
  if (!existsSync(from.certificateFile)) {
    throw opcuaErrors.create(
      'CERTIFICATE',
      both(`no renewed certificate waits in ${next}`, `${next} 中没有待启用的新证书`),
    );
  }
  await mkdir(dirname(to.certificateFile), { recursive: true });
  await mkdir(dirname(to.privateKeyFile), { recursive: true });
  for (const part of ['privateKeyFile', 'certificateFile'] as const) {
    if (!existsSync(from[part])) continue;
    if (existsSync(to[part])) await rename(to[part], `${to[part]}.old`);
    await rename(from[part], to[part]);
  }
  await rm(next, { recursive: true, force: true });
  return describeCertificate(await readFile(to.certificateFile), to.certificateFile);
}
