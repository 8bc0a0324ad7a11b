import { createServer, type Socket } from 'node:net';
import { plcHost } from './server.ts';

/** A port that leads on to a PLC's. */
export interface Relay {
  /** `opc.tcp://localhost:40123`. */
  readonly endpoint: string;
  close(): void;
}

/**
 * Opens a port from which every connection goes on over one that `dial` begins: for a client whose stack does not let
 * it choose the address that it comes from.
 */
export async function openRelay(dial: () => Socket): Promise<Relay> {
  const server = createServer((near) => {
    const far = dial();
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      from.setNoDelay(true);
      from.on('error', () => to.destroy());
      from.on('close', () => to.destroy());
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, plcHost, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return { endpoint: `opc.tcp://localhost:${port}`, close: () => server.close() };
}
