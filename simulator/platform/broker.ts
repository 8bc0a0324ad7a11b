import { type AddressInfo, createServer, type Socket } from 'node:net';
import { Aedes } from 'aedes';
import type { LifelineError } from '../../edge/core/errors.ts';
import { platformErrors } from './errors.ts';

/** Clients at once; more are turned away. */
const maxConnections = 200;
/** Messages that may wait for one client. */
const maxQueuedMessagesPerClient = 10_000;
const connectTimeoutMs = 10_000;
const drainTimeoutMs = 10_000;
const maxTopicLevels = 12;

/** A running broker. */
export interface Broker {
  readonly port: number;
  readonly url: string;
  /** Drops all clients and stops listening; may be called twice. */
  stop(): Promise<void>;
}

/** Starts an MQTT 3.1.1 broker without accounts, in memory; port 0 takes a free one. Rejects with a coded error. */
export async function startBroker(options: { readonly port: number; readonly host?: string }): Promise<Broker> {
  const { port, host = '127.0.0.1' } = options;
  const aedes = await Aedes.createBroker({
    queueLimit: maxQueuedMessagesPerClient,
    connectTimeout: connectTimeoutMs,
    drainTimeout: drainTimeoutMs,
    maxTopicLevels,
  });
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    aedes.handle(socket);
  });
  server.maxConnections = maxConnections;
  const closeBroker = () => new Promise<void>((resolve) => aedes.close(() => resolve()));
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, resolve);
    });
  } catch (error) {
    await closeBroker();
    throw listenError(host, port, error);
  }
  const actual = (server.address() as AddressInfo).port;
  let stopping: Promise<void> | undefined;
  return {
    port: actual,
    url: `mqtt://${host}:${actual}`,
    stop() {
      stopping ??= (async () => {
        const closed = new Promise((resolve) => server.close(resolve));
        for (const socket of sockets) socket.destroy();
        await Promise.all([closed, closeBroker()]);
      })();
      return stopping;
    },
  };
}

function listenError(host: string, port: number, error: unknown): LifelineError {
  const taken = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  return platformErrors.create(taken ? 'PORT-TAKEN' : 'LISTEN', `start the broker on ${host}:${port}`, error);
}
