import type { IClientOptions, MqttClient } from 'mqtt';
import { describeError, type LifelineError } from '../core/errors.ts';
import { mqttErrors } from './errors.ts';

const connectTimeoutMs = 10_000;
const keepaliveS = 15;
const neverSubscribed = 'lifeline/round-trip';

/** A message as it goes to the broker. */
export interface Message {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
}

/** Hears what comes on subscribed topics. */
export type Listener = (topic: string, payload: Buffer) => void;

/** Whom to connect to, and what the broker says when we go without a word. */
export interface LinkOptions {
  readonly url: string;
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly will: Message;
}

/** One connection to a broker, from its accept to its end; never comes back. */
export interface Link {
  /** Resolves with the reason when the connection ends. */
  readonly closed: Promise<LifelineError>;
  /** Resolves at QoS 1 on the broker's acknowledgement, at QoS 0 once written; does not settle after the end. */
  publish(message: Message): Promise<void>;
  /** Hears topics at QoS 1, from before the broker's answer; rejects when the broker allows one of them not. */
  subscribe(topics: readonly string[], heard: Listener): Promise<void>;
  /**
   * A round trip that nobody else sees; the broker has what was sent before it, as it takes a client's packets in order
   * (MQTT 3.1.1 §4.6). Does not settle after the end.
   */
  roundTrip(): Promise<void>;
  /** Waits for what is not acknowledged and takes leave, after which the broker keeps the will to itself; the reason as with `cut`. */
  leave(reason?: LifelineError): Promise<void>;
  /** Ends it at once, also while leaving; for the reason given, where it has no other. */
  cut(reason?: LifelineError): void;
}

/** Connects once; rejects with a coded error that names the broker. `signal` gives up. */
export async function openLink(options: LinkOptions, signal: AbortSignal): Promise<Link> {
  const { will, url, ...account } = options;
  // only here: a gateway without a broker does without the client's memory
  const { default: mqtt } = await import('mqtt');
  const client = mqtt.connect(url, {
    ...dropUndefined(account),
    clean: true,
    protocolVersion: 4,
    keepalive: keepaliveS,
    connectTimeout: connectTimeoutMs,
    reconnectPeriod: 0,
    queueQoSZero: false,
    will: { ...will, payload: Buffer.from(will.payload) },
  });
  let trouble: LifelineError | undefined;
  return new Promise((resolve, reject) => {
    const giveUp = () => cut(client);
    signal.addEventListener('abort', giveUp, { once: true });
    client.on('error', (error) => {
      trouble ??= coded(url, error);
    });
    const closed = new Promise<LifelineError>((ended) => {
      client.once('close', () => {
        signal.removeEventListener('abort', giveUp);
        const reason = trouble ?? mqttErrors.create('LOST', `connection to ${url} ended`);
        reject(trouble ?? mqttErrors.create('UNREACHABLE', `connect to ${url}: the connection was closed`));
        ended(reason);
      });
    });
    client.once('connect', () => {
      signal.removeEventListener('abort', giveUp);
      resolve({
        closed,
        publish: (message) => publish(client, message),
        subscribe: (topics, heard) => subscribe(client, topics, heard),
        roundTrip: () => roundTrip(client),
        leave(why) {
          trouble ??= why;
          return leave(client);
        },
        cut(why) {
          trouble ??= why;
          cut(client);
        },
      });
    });
    if (signal.aborted) giveUp();
  });
}

function publish(client: MqttClient, { topic, payload, qos, retain }: Message): Promise<void> {
  return new Promise((resolve, reject) => {
    client.publish(topic, payload, { qos, retain }, (error) => (error ? reject(error) : resolve()));
  });
}

function subscribe(client: MqttClient, topics: readonly string[], heard: Listener): Promise<void> {
  client.on('message', heard);
  return new Promise((resolve, reject) => {
    client.subscribe([...topics], { qos: 1 }, (error, granted = []) => {
      const refused = granted.some(({ qos }) => qos >= 128); // MQTT 3.1.1 §3.9.3
      if (error || refused) reject(error ?? new Error('not allowed'));
      else resolve();
    });
  });
}

/** UNSUBSCRIBE of what was never subscribed: a broker must answer it (MQTT 3.1.1 §3.10.4), and nobody is told. */
function roundTrip(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.unsubscribe(neverSubscribed, (error) => (error ? reject(error) : resolve()));
  });
}

function leave(client: MqttClient): Promise<void> {
  return new Promise((resolve) => {
    client.end(false, () => resolve());
  });
}

function cut(client: MqttClient): void {
  client.end(true);
  client.stream.destroy(); // a client that is leaving already ignores `end`
}

/** CONNACK return codes of MQTT 3.1.1 §3.2.2.3: 4 bad user or password, 5 not authorised, others refuse the client. */
function coded(url: string, error: unknown): LifelineError {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  const text = `connect to ${url}: ${error instanceof Error && error.message ? error.message : describeError(code)}`;
  if (code === 4 || code === 5) return mqttErrors.create('UNAUTHORISED', text, error);
  if (typeof code === 'number') return mqttErrors.create('REFUSED', text, error);
  if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME/.test(String(code))) {
    return mqttErrors.create('TLS', text, error);
  }
  return mqttErrors.create('UNREACHABLE', text, error);
}

/** The client tells an absent key from one that is undefined. */
function dropUndefined({ clientId, username, password }: Omit<LinkOptions, 'url' | 'will'>): IClientOptions {
  return {
    clientId,
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
  };
}
