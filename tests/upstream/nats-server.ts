import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect, type NodeConnectionOptions } from '@nats-io/transport-node';
import { findServer, freePort } from './server-binary.ts';

export const natsBinary = findServer('nats-server');

export interface NatsServer {
  readonly port: number;
  readonly url: string;
  readonly process: ChildProcess;
  /** Starts it again on the same port and folder after a kill. */
  start(): Promise<void>;
  kill(signal?: NodeJS.Signals): Promise<void>;
}

/** The distribution's server with JetStream in a folder of its own. `more` is added to its configuration. */
export async function startNats(more = ''): Promise<NatsServer> {
  const [port, folder] = [await freePort(), await mkdtemp(join(tmpdir(), 'lifeline-nats-'))];
  const config = join(folder, 'nats.conf');
  await writeFile(config, `listen: 127.0.0.1:${port}\njetstream { store_dir: "${folder}" }\n${more}\n`);
  let child: ChildProcess;
  const start = async () => {
    child = spawn(natsBinary!, ['-c', config], { stdio: ['ignore', 'ignore', 'pipe'] });
    for await (const text of child.stderr!.setEncoding('utf8').iterator({ destroyOnReturn: false }))
      if (/Server is ready/.test(text)) break;
    child.stderr!.resume();
  };
  await start();
  return {
    ...{ port, url: `nats://127.0.0.1:${port}`, start },
    get process() {
      return child;
    },
    async kill(signal: NodeJS.Signals = 'SIGKILL') {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill(signal);
      await once(child, 'exit');
    },
  };
}

/** Servers of one cluster with JetStream, which knows them as `n0`, `n1`, …; at least three, so that one may be away. */
export async function startNatsCluster(size = 3): Promise<NatsServer[]> {
  const ports = await Promise.all(Array.from({ length: size }, freePort));
  const routes = ports.map((port) => `nats://127.0.0.1:${port}`).join(', ');
  return Promise.all(
    ports.map((port, index) =>
      startNats(`server_name: n${index}\ncluster { name: city, listen: "127.0.0.1:${port}", routes: [ ${routes} ] }`),
    ),
  );
}

export interface Stored<Body> {
  readonly subject: string;
  readonly id: string;
  readonly contentType: string;
  readonly body: Body;
}

/** Somebody of the city at the server: makes streams and reads what they hold. */
export async function natsCity({ port }: NatsServer, login: NodeConnectionOptions = {}) {
  const connection = await connect({ servers: `127.0.0.1:${port}`, ...login });
  const manager = await jetstreamManager(connection);
  /** All messages of a stream, once it holds at least `count`; in order. */
  async function messages<Body>(name: string, count: number): Promise<Stored<Body>[]> {
    const consumer = await jetstream(connection).consumers.get(name);
    const found: Stored<Body>[] = [];
    for await (const message of await consumer.consume()) {
      found.push({
        subject: message.subject,
        id: message.headers?.get('Nats-Msg-Id') ?? '',
        contentType: message.headers?.get('Content-Type') ?? '',
        body: message.json<Body>(),
      });
      if (found.length >= count && message.info.pending === 0) break;
    }
    return found;
  }
  return {
    streams: manager.streams,
    messages,
    /** The events of a stream with their numbers. */
    async stored(name: string, count: number) {
      const found = await messages<{ data: { number?: number } }>(name, count);
      return found.map(({ body, ...message }) => ({ ...message, number: Number(body.data.number) }));
    },
    close: () => connection.close(),
  };
}
