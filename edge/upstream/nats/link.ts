import type { JetStreamClient } from '@nats-io/jetstream';
import type { MsgHdrs, NatsConnection, NodeConnectionOptions } from '@nats-io/transport-node';
import type { LifelineError } from '../../core/errors.ts';
import { both } from '../../core/text.ts';
import type { SinkHost } from '../api.ts';
import { type Certificates, certificatesOf } from '../broker-certificates.ts';
import type { Connection } from '../connection-keeper.ts';
import { Lanes } from '../lanes.ts';
import { authenticatorOf } from './authenticator.ts';
import { natsErrors } from './errors.ts';
import type { NatsOptions, StreamOptions } from './options.ts';
import { connectTrouble, publishTrouble } from './refusals.ts';
import { createStream } from './stream.ts';
import { allOf } from './subjects.ts';

const connectTimeoutMs = 10_000;
const publishTimeoutMs = 20_000;
const pingIntervalMs = 15_000;
/** Pings without an answer, after which the connection counts as dead. */
const maxPingsOut = 2;

/** Where clients hear answers to requests of their own. */
const inboxPrefix = '_INBOX.';

/** One message for a stream. */
export interface StreamMessage {
  /** That must take it. */
  readonly stream: string;
  readonly subject: string;
  readonly payload: string;
  /** The stream takes a second one of the same id, within its duplicate window, for the first. */
  readonly id: string;
  readonly contentType: string;
}

/** One connection to a NATS server. */
export interface NatsLink extends Connection {
  /** Resolves once the stream has the message on disk; rejects with a coded error. Values give way to events. */
  publish(message: StreamMessage, lane?: 'events' | 'values'): Promise<void>;
  /** Creates a stream where there is none; rejects with a coded error. */
  provide(stream: StreamOptions, subjects: string): Promise<void>;
  /**
   * Hears what comes on a subject, for as long as the connection lasts; `answerTo` is where the sender waits, where it does.
   * @param deaf told a coded error when the server does not let us
   */
  listen(
    subject: string,
    heard: (payload: Uint8Array, answerTo?: string) => void,
    deaf: (why: LifelineError) => void,
  ): void;
  /** Sends to whoever listens; what does not go any more is dropped. */
  say(subject: string, payload: string): void;
  /** Resolves once the server has taken a message for whoever listens; rejects with a coded error when it does not. */
  tell(subject: string, payload: string, contentType: string): Promise<void>;
  /** Ends the connection; `closed` resolves with this reason. */
  fail(reason: LifelineError): void;
}

/** Connects once; rejects with a coded error that names the server. `signal` gives up. */
export async function openLink(
  url: string,
  options: NatsOptions,
  documents: SinkHost['documents'],
  name: string,
  signal: AbortSignal,
): Promise<NatsLink> {
  // only here: a gateway without this sink does without the client's memory
  const nats = await import('@nats-io/transport-node');
  const { jetstream, jetstreamManager } = await import('@nats-io/jetstream');
  const { prefix, stream } = options;
  const credentials = documents['login.credentials'] as string | undefined;
  const authenticator = await authenticatorOf(nats, options.login, credentials);
  const made = connect(nats.connect, url, certificatesOf(options, documents), {
    name,
    ...(authenticator ? { authenticator } : {}),
  });
  const connection = await unlessAborted(made, signal, url);
  let trouble: LifelineError | undefined;
  const fail = (reason: LifelineError) => {
    trouble ??= reason;
    void connection.close();
  };
  const manager = await jetstreamManager(connection, { checkAPI: false });
  const provide = (wanted: StreamOptions, subjects: string) => createStream(manager, { stream: wanted, subjects, url });
  try {
    if (stream.create) await provide(stream, allOf(prefix, 'events'));
  } catch (error) {
    void connection.close();
    throw error;
  }
  const refused = new Map<string, Error>();
  void noteRefusals(connection, refused);
  const client = jetstream(connection, { timeout: publishTimeoutMs });
  const lanes = new Lanes();
  return {
    closed: connection
      .closed()
      .then(
        (error) =>
          trouble ?? natsErrors.create('LOST', both(`connection to ${url} ended`, `${url} 的连接已断开`), error),
      ),
    provide,
    publish(message, lane = 'events') {
      const send = () => publish(client, withType(nats.headers(), message.contentType), message, url);
      if (lane === 'events') return send();
      return lanes.value({ places: 0, bytes: Buffer.byteLength(message.payload) }, send);
    },
    listen(subject, heard, deaf) {
      connection.subscribe(subject, {
        callback(error, { data: payload, reply }) {
          if (error) deaf(publishTrouble(both(`listen to ${subject} at ${url}`, `在 ${url} 订阅 ${subject}`), error));
          else heard(payload, reply?.startsWith(inboxPrefix) ? reply : undefined);
        },
      });
    },
    say(subject, payload) {
      if (!connection.isClosed()) connection.publish(subject, payload);
    },
    tell: (subject, payload, contentType) =>
      tell(connection, { subject, payload, headers: withType(nats.headers(), contentType) }, refused, url),
    fail,
    cut: () => void connection.close(),
  };
}

async function connect(
  open: (options: NodeConnectionOptions) => Promise<NatsConnection>,
  url: string,
  tls: Certificates,
  own: Pick<NodeConnectionOptions, 'name' | 'authenticator'>,
): Promise<NatsConnection> {
  const { protocol, host } = new URL(url);
  try {
    return await open({
      ...{ servers: host, ...own, reconnect: false, ignoreClusterUpdates: true, noAsyncTraces: true },
      ...{ timeout: connectTimeoutMs, pingInterval: pingIntervalMs, maxPingOut: maxPingsOut },
      ...(protocol === 'tls:' ? { tls } : {}),
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
      reject(natsErrors.create('LOST', both(`connect to ${url}: given up`, `连接 ${url}：已放弃`)));
    };
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp, { once: true });
    made.then(resolve, reject).finally(() => signal.removeEventListener('abort', giveUp));
  });
}

async function publish(
  client: JetStreamClient,
  headers: MsgHdrs,
  { stream, subject, payload, id }: StreamMessage,
  url: string,
): Promise<void> {
  try {
    await client.publish(subject, payload, { msgID: id, headers, expect: { streamName: stream } });
  } catch (error) {
    const bytes = Buffer.byteLength(payload);
    const action = both(
      `publish ${id} (${bytes} bytes) on ${subject} at ${url}`,
      `在 ${url} 向 ${subject} 发布 ${id}（${bytes} 字节）`,
    );
    throw publishTrouble(action, error);
  }
}

function withType(headers: MsgHdrs, contentType: string): MsgHdrs {
  headers.set('Content-Type', contentType);
  return headers;
}

/**
 * Publishes to whoever listens. The server tells what it does not let through before it answers the next PING; the client
 * hands that on by the time a second one is answered.
 * @param refused why the server let nothing through to a subject, by subject
 */
async function tell(
  connection: NatsConnection,
  { subject, payload, headers }: { readonly subject: string; readonly payload: string; readonly headers: MsgHdrs },
  refused: Map<string, Error>,
  url: string,
): Promise<void> {
  const action = both(`publish on ${subject} at ${url}`, `在 ${url} 发布 ${subject}`);
  refused.delete(subject);
  try {
    connection.publish(subject, payload, { headers });
    await connection.flush();
    await connection.flush();
  } catch (error) {
    throw publishTrouble(action, error);
  }
  const why = refused.get(subject);
  if (why) throw publishTrouble(action, why);
}

/** Notes on which subjects the server does not let us publish, until the connection ends. */
async function noteRefusals(connection: NatsConnection, refused: Map<string, Error>): Promise<void> {
  for await (const status of connection.status()) {
    const error = status.type === 'error' ? status.error : undefined;
    if (error && 'operation' in error && error.operation === 'publish' && 'subject' in error) {
      refused.set(String(error.subject), error);
    }
  }
}
