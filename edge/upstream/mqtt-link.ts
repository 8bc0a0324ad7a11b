import type { IClientOptions, IClientPublishOptions, IConnackPacket, MqttClient } from 'mqtt';
import { errorWithin, LifelineError } from '../core/errors.ts';
import { both, type Text } from '../core/text.ts';
import { type Certificates, encryptionTrouble } from './broker-certificates.ts';
import { certificateErrors, mqttErrors } from './errors.ts';
import { Lanes } from './lanes.ts';

const connectTimeoutMs = 10_000;
const keepaliveS = 15;
const neverSubscribed = 'lifeline/round-trip';
/** Messages heard before somebody listens, which a broker that kept them sends at once. */
const maxEarly = 1_000;
/** Acknowledgements that a broker may owe us when it names no other number (MQTT 5 §3.2.2.3.3). */
const defaultReceiveMaximum = 65_535;
/** DISCONNECT with this reason has the broker publish the will (MQTT 5 §3.14.2.1). */
const leaveWithWill = 4;

/** Version of MQTT. */
export type ProtocolVersion = 5 | '3.1.1';

/** What MQTT 5 tells beside a message; left out over MQTT 3.1.1. */
export type MessageProperties = Readonly<NonNullable<IClientPublishOptions['properties']>>;

/** A message as it goes to the broker. */
export interface Message {
  readonly topic: string;
  readonly payload: string | Buffer;
  readonly qos: 0 | 1;
  readonly retain: boolean;
  readonly properties?: MessageProperties;
}

/** Hears what comes on subscribed topics. */
export type Listener = (topic: string, payload: Buffer, properties: MessageProperties) => void;

/** Whom to connect to, and what the broker says when we go without a word. */
export interface LinkOptions {
  readonly url: string;
  /** `auto`: 5, and 3.1.1 where the broker answers that it does not speak 5. */
  readonly protocol: ProtocolVersion | 'auto';
  readonly clientId: string;
  readonly username: string | undefined;
  readonly password: string | undefined;
  readonly certificates: Certificates;
  readonly will?: Message;
  /** Seconds for which the broker keeps what comes on subscribed topics while we are away; 0: it forgets us. MQTT 5 alone. */
  readonly sessionExpiryS?: number;
  /** Whether taking leave has the will published too, over MQTT 5. */
  readonly leavesWithWill?: boolean;
}

/** One connection to a broker, from its accept to its end; never comes back. */
export interface Link {
  readonly protocol: ProtocolVersion;
  /** Resolves with the reason when the connection ends. */
  readonly closed: Promise<LifelineError>;
  /** Bytes of the largest packet that the broker takes, where it says so; else infinite. */
  readonly maxPacketBytes: number;
  /**
   * Resolves at QoS 1 on the broker's acknowledgement, at QoS 0 once written; does not settle after the end. Rejects with a
   * coded error where the broker says that it does not take the message. Values give way to all else.
   */
  publish(message: Message, lane?: 'events' | 'values'): Promise<void>;
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
  // only here: a gateway without a broker does without the client's memory
  const { default: mqtt } = await import('mqtt');
  const open = (protocol: ProtocolVersion) => openAs(protocol, mqtt.connect, options, signal);
  if (options.protocol !== 'auto') return open(options.protocol);
  try {
    return await open(5);
  } catch (error) {
    const elder = error instanceof LifelineError && error.code === 'LL-MQTT-PROTOCOL';
    if (elder && !signal.aborted) return open('3.1.1');
    throw error;
  }
}

function openAs(
  protocol: ProtocolVersion,
  connect: (url: string, options: IClientOptions) => MqttClient,
  options: LinkOptions,
  signal: AbortSignal,
): Promise<Link> {
  const { url } = options;
  let client: MqttClient;
  try {
    client = connect(url, clientOptions(protocol, options));
  } catch (error) {
    const text = saying(connecting(url), errorWithin(error));
    return Promise.reject(certificateErrors.create('FILE', text, error));
  }
  let trouble: LifelineError | undefined;
  let hear: Listener | undefined;
  const early: Parameters<Listener>[] = [];
  client.on('message', (topic, payload, { properties = {} }) => {
    if (hear) hear(topic, payload, properties);
    else if (early.length < maxEarly) early.push([topic, payload, properties]);
  });
  return new Promise((resolve, reject) => {
    const giveUp = () => cut(client);
    signal.addEventListener('abort', giveUp, { once: true });
    client.on('error', (error) => {
      trouble ??= coded(client, url, error);
      cut(client);
    });
    client.on('disconnect', ({ reasonCode }) => {
      trouble ??= refusal(
        both(`connection to ${url} ended by the broker`, `代理断开了 ${url} 的连接`),
        reasonCode ?? 0,
      );
      cut(client); // a broker that leaves that to us would have us wait for the keep-alive (MQTT 5 §3.14.4)
    });
    const closed = new Promise<LifelineError>((ended) => {
      client.once('close', () => {
        signal.removeEventListener('abort', giveUp);
        const reason = trouble ?? mqttErrors.create('LOST', both(`connection to ${url} ended`, `${url} 的连接已断开`));
        reject(trouble ?? mqttErrors.create('UNREACHABLE', saying(connecting(url), wasClosed)));
        ended(reason);
      });
    });
    client.once('connect', ({ properties = {} }: IConnackPacket) => {
      signal.removeEventListener('abort', giveUp);
      const { maximumPacketSize: maxPacketBytes = Number.POSITIVE_INFINITY, receiveMaximum } = properties;
      const lanes = new Lanes(receiveMaximum ?? defaultReceiveMaximum);
      resolve({
        ...{ protocol, closed, maxPacketBytes },
        publish(message, lane = 'events') {
          if (!fitsInto(message, maxPacketBytes)) {
            const text = saying(
              publishing(message.topic, url),
              both(
                `more than the ${maxPacketBytes} bytes that the broker takes`,
                `超过代理的上限 ${maxPacketBytes} 字节`,
              ),
            );
            return Promise.reject(mqttErrors.create('TOO-LARGE', text));
          }
          const send = () => publish(client, message, url);
          if (lane === 'events') return lanes.event(message.qos, send);
          const bytes = message.topic.length + Buffer.byteLength(message.payload);
          return lanes.value({ places: message.qos, bytes }, send);
        },
        subscribe(topics, heard) {
          hear = heard;
          for (const message of early.splice(0)) heard(...message);
          return subscribe(client, topics);
        },
        roundTrip: () => roundTrip(client),
        leave(why) {
          trouble ??= why;
          return leave(client, options.leavesWithWill === true);
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

function clientOptions(protocol: ProtocolVersion, options: LinkOptions): IClientOptions {
  const { clientId, username, password, certificates, will, sessionExpiryS = 0 } = options;
  const expiry = protocol === 5 ? sessionExpiryS : 0;
  return {
    ...{ clientId, ...certificates },
    ...(username === undefined ? {} : { username }), // the client tells an absent key from one that is undefined
    ...(password === undefined ? {} : { password }),
    ...{ clean: expiry === 0, protocolVersion: protocol === 5 ? 5 : 4 },
    ...(protocol === 5 ? { properties: { sessionExpiryInterval: expiry } } : {}),
    ...{ keepalive: keepaliveS, connectTimeout: connectTimeoutMs, reconnectPeriod: 0, queueQoSZero: false },
    writeCache: false, // 65,536 buffers with a number of two bytes each: 7 MB
    ...(will === undefined ? {} : { will: { ...will, payload: Buffer.from(will.payload) } }),
  };
}

function publish(client: MqttClient, { topic, payload, ...options }: Message, url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    client.publish(topic, payload, options, (error) => {
      if (!error) resolve();
      else if ('code' in error) reject(refusal(publishing(topic, url), Number(error.code), topicCodes, error));
      else reject(error);
    });
  });
}

/** Whether a message is no larger than a packet may be, by the longest form of its headers (MQTT 5 §3.3). */
export function fitsInto({ topic, payload, properties = {} }: Message, maxPacketBytes: number): boolean {
  if (maxPacketBytes === Number.POSITIVE_INFINITY) return true;
  const { contentType = '', responseTopic = '', correlationData = '', userProperties = {} } = properties;
  const texts = [topic, contentType, responseTopic, ...Object.entries(userProperties).flat(2)];
  const parts = [payload, correlationData, ...texts];
  const longestHeaders = 24 + 5 * texts.length;
  return parts.reduce((bytes, part) => bytes + Buffer.byteLength(part), longestHeaders) <= maxPacketBytes;
}

function subscribe(client: MqttClient, topics: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.subscribe([...topics], { qos: 1 }, (error) => (error ? reject(error) : resolve()));
  });
}

/** UNSUBSCRIBE of what was never subscribed: a broker must answer it (MQTT 3.1.1 §3.10.4), and nobody is told. */
function roundTrip(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.unsubscribe(neverSubscribed, (error) => (error ? reject(error) : resolve()));
  });
}

function leave(client: MqttClient, withWill: boolean): Promise<void> {
  return new Promise((resolve) => {
    client.end(false, withWill ? { reasonCode: leaveWithWill } : {}, () => resolve());
  });
}

function cut(client: MqttClient): void {
  client.end(true);
  client.stream.destroy(); // a client that is leaving already ignores `end`
}

type Code = Parameters<typeof mqttErrors.create>[0];

/** What reasons of MQTT 5 (§2.4) and answers of a broker of 3.1.1 (§3.2.2.3) come to; all others are `REFUSED`. */
const refusalCodes: Readonly<Record<number, Code>> = {
  ...{ 1: 'PROTOCOL', 132: 'PROTOCOL' },
  ...{ 4: 'UNAUTHORISED', 5: 'UNAUTHORISED', 134: 'UNAUTHORISED', 135: 'UNAUTHORISED', 138: 'UNAUTHORISED' },
  ...{ 140: 'UNAUTHORISED', 142: 'TAKEN-OVER', 143: 'TOPIC', 144: 'TOPIC', 149: 'TOO-LARGE' },
  ...{ 150: 'QUOTA', 151: 'QUOTA', 159: 'QUOTA' },
};
/** The same of a message: there it is the topic that the account may not have. */
const topicCodes: Readonly<Record<number, Code>> = { ...refusalCodes, 135: 'TOPIC' };

const connecting = (url: string): Text => both(`connect to ${url}`, `连接 ${url}`);
const publishing = (topic: string, url: string): Text =>
  both(`publish on ${topic} at ${url}`, `在 ${url} 发布 ${topic}`);
const wasClosed = both('the connection was closed', '连接被关闭');
const saying = (action: Text, what: Text): Text => both(`${action.en}: ${what.en}`, `${action.zh}：${what.zh}`);

function refusal(action: Text, reason: number, codes = refusalCodes, cause?: unknown): LifelineError {
  const why = cause instanceof Error ? cause.message : undefined;
  const told = both(why ?? `reason ${reason}`, why === undefined ? `原因码 ${reason}` : `“${why}”`);
  return mqttErrors.create(codes[reason] ?? 'REFUSED', saying(action, told), cause);
}

function coded({ connected }: MqttClient, url: string, error: Error): LifelineError {
  const action = connected ? both(`connection to ${url}`, `${url} 的连接`) : connecting(url);
  const code = 'code' in error ? error.code : undefined;
  if (typeof code === 'number') return refusal(action, code, refusalCodes, error);
  const text = saying(action, errorWithin(error));
  const trouble = encryptionTrouble(String(code), text, error);
  return trouble ?? mqttErrors.create(connected ? 'LOST' : 'UNREACHABLE', text, error);
}
