import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { connect } from '@nats-io/transport-node';
import { Aedes } from 'aedes';
import { endWithParent } from '../processes.ts';

export const farEndProgram: string = fileURLToPath(import.meta.url);
/** A header of PUBLISH with a length of two bytes, and the length of the topic (MQTT 3.1.1 §3.3). */
const publishOverhead = 1 + 2 + 2;
const valueTopics = /^spBv1\.0\/|\/data\//;

/** What the far end has had of values and births since it was asked last. */
export interface Arrived {
  readonly messages: number;
  /** Topics or subjects, payloads, and headers of MQTT. */
  readonly bytes: number;
}

type Count = (bytes: number) => void;

/** The broker of MQTT in this process; returns its address. */
async function serveMqtt(count: Count): Promise<string> {
  const aedes = await Aedes.createBroker({});
  aedes.on('publish', ({ topic, payload }, client) => {
    if (client && valueTopics.test(topic)) count(publishOverhead + Buffer.byteLength(topic) + payload.length);
  });
  const server = createServer({ noDelay: true }, aedes.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return `mqtt://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** A subscriber of all values that come to a server of NATS. */
async function hearNats(count: Count, url: string): Promise<void> {
  const connection = await connect({ servers: new URL(url).host, waitOnFirstConnect: true });
  const heard = connection.subscribe('lifeline.*.values.>', {
    callback: (_, { subject, data }) => count(Buffer.byteLength(subject) + data.length),
  });
  await connection.flush();
  if (heard.isClosed()) throw new Error('bench upstream: the server of NATS lets nobody listen');
}

/** `far-end.ts [URL]`: the address of the broker of MQTT, or of the server of NATS that is given; then what arrived whenever a line comes. */
async function serve(natsUrl: string | undefined): Promise<void> {
  let [messages, bytes] = [0, 0];
  const count = (more: number) => {
    messages++;
    bytes += more;
  };
  const say = (line: string) => process.stdout.write(`${line}\n`);
  endWithParent();
  if (natsUrl === undefined) say(await serveMqtt(count));
  else await hearNats(count, natsUrl).then(() => say(natsUrl));
  process.stdin.on('data', () => {
    say(JSON.stringify({ messages, bytes } satisfies Arrived));
    [messages, bytes] = [0, 0];
  });
}

if (process.argv[1] === farEndProgram) await serve(process.argv[2]);
