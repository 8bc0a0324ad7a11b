import type { JetStreamClient } from '@nats-io/jetstream';
import type { NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import { LifelineError } from '../../core/errors.ts';
import type { Connection } from '../connection-keeper.ts';
import { authenticatorOf } from './authenticator.ts';
import { natsErrors } from './errors.ts';
import type { NatsOptions } from './options.ts';
import { connectTrouble, publishTrouble } from './refusals.ts';
import { createStream } from './stream.ts';

const connectTimeoutMs = 10_000;
const publishTimeoutMs = 20_000;
const pingIntervalMs = 15_000;
/** Pings without an answer, after which the connection counts as dead. */
const maxPingsOut = 2;

/** One message for the stream. */
export interface StreamMessage {
  readonly subject: string;
  readonly payload: string;
  /** The stream takes a second one of the same id, within its duplicate window, for the first. */
  readonly id: string;
  readonly contentType: string;
}

/** One connection to a NATS server. */
export interface NatsLink extends Connection {
  /** Resolves once the stream has the message on disk; rejects with a coded error. */
  publish(message: StreamMessage): Promise<void>;
  /** Ends the connection; `closed` resolves with this reason. */
  fail(reason: LifelineError): void;
}

/** Connects once; rejects with a coded error that names the server. `signal` gives up. */
export async function openLink(options: NatsOptions, name: string, signal: AbortSignal): Promise<NatsLink> {
  // only here: a gateway without this sink does without the client's memory
  const nats = await import('@nats-io/transport-node');
  const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
  const { url, stream } = options;
  const made = connect(nats.connect, options, name, await authenticatorOf(nats, options.login));
  const connection = await unlessAborted(made, signal, url);
  let trouble: LifelineError | undefined;
  const fail = (reason: LifelineError) => {
    trouble ??= reason;
    void connection.close();
  };
  try {
    if (stream.create) await createStream(await jetstreamManager(connection, { checkAPI: false }), options);
  } catch (error) {
    void connection.close();
    throw error instanceof LifelineError ? error : publishTrouble(`create stream ${stream.name} at ${url}`, error);
  }
  const client = jetstream(connection, { timeout: publishTimeoutMs });
  return {
    closed: connection
      .closed()
      .then((error) => trouble ?? natsErrors.create('LOST', `connection to ${url} ended`, error)),
    publish: (message) => publish(client, nats.headers(), message, options),
    fail,
    cut: () => void connection.close(),
  };
}

async function connect(
  open: (options: NodeConnectionOptions) => Promise<NatsConnection>,
  { url, tls, login }: NatsOptions,
  name: string,
  authenticator: NodeConnectionOptions['authenticator'],
): Promise<NatsConnection> {
  const { protocol, host } = new URL(url);
  const certificates = Object.fromEntries(Object.entries(tls).filter(([, file]) => file !== undefined));
  try {
    return await open({
      ...{ servers: host, name, reconnect: false, ignoreClusterUpdates: true, noAsyncTraces: true },
      ...{ timeout: connectTimeoutMs, pingInterval: pingIntervalMs, maxPingOut: maxPingsOut },
      ...(protocol === 'tls:' ? { tls: certificates } : {}),
      ...(login && authenticator ? { authenticator } : {}),
    });
  } catch (error) {
    throw connectTrouble(url, error);
  }
}

/** The client cannot be told to give up: what it still makes is closed. */
function unlessAborted(made: Promise<NatsConnection>, signal: AbortSignal, url: string): Promise<NatsConnection> {
  return new Promise((resolve, reject) => {
    const giveUp = () => {
      made.then(
        (connection) => connection.close(),
        () => undefined,
      );
      reject(natsErrors.create('LOST', `connect to ${url}: given up`));
    };
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    made.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

async function publish(
  client: JetStreamClient,
  headers: ReturnType<typeof import('@nats-io/transport-node').headers>,
  { subject, payload, id, contentType }: StreamMessage,
  { url, stream }: NatsOptions,
): Promise<void> {
  headers.set('Content-Type', contentType);
  try {
    await client.publish(subject, payload, { msgID: id, headers, expect: { streamName: stream.name } });
  } catch (error) {
    throw publishTrouble(`publish ${id} on ${subject} at ${url}`, error);
  }
}
