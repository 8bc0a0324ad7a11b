import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OPCUACertificateManager, OPCUAClient } from 'node-opcua';

const applicationUri = 'urn:lifeline:foreign-client';
const answerWithinMs = 10_000;

/** A store in `rootFolder` with a certificate: the stack wants one, though on a channel without security nobody looks at it. */
export async function makeCertificates(rootFolder: string): Promise<OPCUACertificateManager> {
  const { OPCUACertificateManager } = await import('node-opcua');
  await mkdir(rootFolder, { recursive: true });
  const manager = new OPCUACertificateManager({
    ...{ rootFolder, automaticallyAcceptUnknownCertificate: true, disableFileWatchers: true },
  });
  await manager.initialize();
  await manager.createSelfSignedCertificate({
    ...{ applicationUri, subject: '/CN=foreign client', dns: ['localhost'] },
    ...{ startDate: new Date(0), validity: 36_525, outputFile: join(rootFolder, 'own/certs/client_certificate.pem') },
  });
  return manager;
}

/** A client that tries once and does not come back by itself: when it does is for its owner to say. */
export async function createOpcuaClient(clientCertificateManager: OPCUACertificateManager): Promise<OPCUAClient> {
  const { OPCUAClient } = await import('node-opcua');
  return OPCUAClient.create({
    ...{ applicationName: 'foreign client', applicationUri, clientCertificateManager },
    ...{ endpointMustExist: false, keepSessionAlive: false, connectionStrategy: { maxRetry: 0 } },
    defaultTransactionTimeout: answerWithinMs,
  });
}
