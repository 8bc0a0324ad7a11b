import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** By the system's own configuration: node-opcua leaves an empty one in the environment of its process. */
const openssl = (...args: string[]) =>
  execFileSync('openssl', args, { stdio: 'ignore', env: { ...process.env, OPENSSL_CONF: undefined } });
const fresh = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
const here = 'DNS:localhost,IP:127.0.0.1';

/** What a certificate is to be. */
export interface Wanted {
  /** Days until it ends, 60 when left out; negative: since it ended. */
  readonly days?: number;
  /** Names that it is for; 127.0.0.1 and localhost when left out. */
  readonly names?: string;
}

/** A new authority; its certificates serve both sides of a connection. */
export async function newAuthority() {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-certificates-'));
  const [caFile, caKey] = [join(folder, 'ca.pem'), join(folder, 'ca.key')];
  openssl(...fresh, '-x509', '-days', '60', '-subj', '/CN=Test authority', '-keyout', caKey, '-out', caFile);
  let count = 0;
  return {
    caFile,
    async issue({ days = 60, names = here }: Wanted = {}) {
      const base = join(folder, `own-${++count}`);
      const [certFile, keyFile, request, extensions] = ['pem', 'key', 'csr', 'names'].map((end) => `${base}.${end}`);
      openssl(...fresh, '-subj', '/CN=localhost', '-keyout', keyFile!, '-out', request!);
      await writeFile(extensions!, `subjectAltName=${names}\nextendedKeyUsage=serverAuth,clientAuth\n`);
      const signed = ['x509', '-req', '-in', request!, '-CA', caFile, '-CAkey', caKey, '-CAcreateserial'];
      openssl(...signed, '-days', String(days), '-extfile', extensions!, '-out', certFile!);
      return { certFile: certFile!, keyFile: keyFile! };
    },
  };
}

/** A copy of a private key that a passphrase opens. */
export function lockedKey(keyFile: string, passphrase: string): string {
  const locked = `${keyFile}.locked`;
  openssl('pkey', '-in', keyFile, '-aes256', '-passout', `pass:${passphrase}`, '-out', locked);
  return locked;
}

/** A new authority, and a certificate of it. */
export async function newCertificates() {
  const authority = await newAuthority();
  return { caFile: authority.caFile, ...(await authority.issue()) };
}
