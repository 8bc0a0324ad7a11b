import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { CertificateStore, DeviceDefinition, KeptCertificate } from '../api.ts';
import { judgeCertificate, listCertificates } from './certificates.ts';
import { loadStack } from './stack.ts';

/** The certificates of this protocol, for those who look after a gateway. */
export const certificates: CertificateStore = {
  async list(stateDir, devices) {
    const kept = (await listCertificates(stateDir)).map(({ role, file }) => ({ role, where: '', file }));
    const read = [...kept, ...devices.flatMap(ofUser)].map(
      async ({ file, ...one }): Promise<readonly KeptCertificate[]> => {
        // what cannot be read is told of when its device connects
        const pem = await pemAt(file).catch(() => undefined);
        return pem === undefined ? [] : [{ ...one, pem }];
      },
    );
    return (await Promise.all(read)).flat();
  },
  async judge(stateDir, clock, fingerprint, verdict) {
    await judgeCertificate(await loadStack(), stateDir, clock, verdict, fingerprint);
  },
};

function ofUser({ id, options: { userCertificate: file } }: DeviceDefinition) {
  return typeof file === 'string' ? [{ role: 'own' as const, where: `${id}: userCertificate`, file }] : [];
}

/** The certificate of a file in DER or PEM, the first of a chain, as PEM. */
const pemAt = async (file: string): Promise<string> => new X509Certificate(await readFile(file)).toString();
