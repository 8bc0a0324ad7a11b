import type { OPCUACertificateManager } from 'node-opcua';

/** What a server may send: 16 MB in 64 chunks carries 100,000 values with room to spare. */
const transportSettings = { maxChunkCount: 64, maxMessageSize: 16 * 1024 * 1024 };

/** What every client of ours is made with: one attempt to connect, so that whoever called decides on the next. */
export const clientOptions = (clientCertificateManager: OPCUACertificateManager, timeoutMs: number) => ({
  applicationName: 'Lifeline',
  clientCertificateManager,
  endpointMustExist: false,
  connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 500 },
  transportSettings,
  defaultTransactionTimeout: timeoutMs,
});
