import { createServer, type Server, type Socket } from 'node:net';
import { RecordedPlc, type WireMoment } from '../../../simulator/plc/recorded-plc.ts';
import type { Clock } from '../../core/clock.ts';
import { recordErrors } from './errors.ts';

const host = '127.0.0.1';

/** A recorded PLC behind a port. */
export interface ServedPlc {
  readonly endpoint: string;
  close(): Promise<void>;
}

/**
 * Puts the PLC of a recording behind a TCP port of this machine; it answers the requests that were recorded as that one
 * did, again and again from the beginning, and tells of those that it has no answer to. Rejects when the port is taken.
 */
export async function serveRecorded(
  frames: readonly WireMoment[],
  options: {
    readonly clock: Clock;
    readonly port: number;
    readonly numbered: boolean;
    onUnknown(request: Uint8Array): void;
  },
): Promise<ServedPlc> {
  const { port, clock, numbered, onUnknown } = options;
  const plc = new RecordedPlc(frames, { clock, numbered, again: true, onUnknown });
  const clients = new Set<Socket>();
  const server = createServer((socket) => {
    const line = plc.connect();
    clients.add(socket);
    socket.once('close', () => {
      clients.delete(socket);
      line.destroy();
    });
    socket.on('error', () => socket.destroy());
    line.once('close', () => socket.destroy());
    line.on('error', () => socket.destroy());
    socket.pipe(line).pipe(socket);
  });
  await listen(server, port);
  const address = server.address();
  const actual = typeof address === 'object' && address ? address.port : port;
  return {
    endpoint: `${numbered ? 'tcp' : 'rtu+tcp'}://${host}:${actual}`,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        for (const client of clients) client.destroy();
      }),
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((done, failed) => {
    server.once('error', (cause) => failed(recordErrors.create('PORT', `listen on ${host}:${port}`, cause)));
    server.listen(port, host, done);
  });
}
