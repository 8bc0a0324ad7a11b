import { execFileSync } from 'node:child_process';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new authority, and a certificate of it for 127.0.0.1 and localhost that serves both sides of a connection. */
export async function newCertificates() {
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-certificates-'));
  const [caFile, caKey, certFile, keyFile] = ['ca.pem', 'ca.key', 'own.pem', 'own.key'].map((name) =>
    join(folder, name),
  );
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  const fresh = ['req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl(...fresh, '-x509', '-days', '2', '-subj', '/CN=Test authority', '-keyout', caKey!, '-out', caFile!);
  const request = join(folder, 'own.csr');
  openssl(...fresh, '-subj', '/CN=localhost', '-keyout', keyFile!, '-out', request);
  const names = join(folder, 'names');
  await writeFile(names, 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth,clientAuth\n');
  const signed = ['x509', '-req', '-in', request, '-CA', caFile!, '-CAkey', caKey!, '-CAcreateserial', '-days', '2'];
  openssl(...signed, '-extfile', names, '-out', certFile!);
  return { caFile: caFile!, certFile: certFile!, keyFile: keyFile! };
}
