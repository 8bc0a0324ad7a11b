import { join } from 'node:path';
import type { ClientSession, OPCUACertificateManager, OPCUAClient } from 'node-opcua';
import { delay } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import type { DriverHost } from '../api.ts';
import { opcuaErrors } from './errors.ts';

/** The stack, loaded when the first device of this protocol is opened. */
export type OpcuaStack = typeof import('node-opcua');

/** How to reach a server and who to be there. */
export interface ConnectionOptions {
  readonly endpoint: string;
  /** For messages: `gallery-2 (opc.tcp://10.0.4.2:4840)`. */
  readonly target: string;
  readonly policy: string;
  readonly mode: string;
  readonly trustUnknown: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly timeoutMs: number;
}

/** An open session with its client. */
export interface Connection {
  readonly client: OPCUAClient;
  readonly session: ClientSession;
  /** Ends session and connection, whatever state they are in; at the latest after four seconds. */
  close(): Promise<void>;
}

/** Least time that may be configured for one answer; the stack's own floor of five seconds would hide what is set. */
export const minTimeoutMs = 500;
/** What a server may send: 16 MB in 64 chunks carries 100,000 values with room to spare. */
const transportSettings = { maxChunkCount: 64, maxMessageSize: 16 * 1024 * 1024 };
const sessionTimeoutMs = 60_000;
/** How long nothing may be heard before the server is asked for a sign of life; a read of one small variable. */
const keepAliveMs = 2000;
/** The stack drops a connection that is silent for this long and the time of one answer; signs of life come sooner. */
const idleMs = 3 * keepAliveMs;
const closeWithinMs = 2000;
/** Channel, endpoints, session and its activation: an attempt may take the time of this many answers. */
const answersToOpen = 4;

let loading: Promise<OpcuaStack> | undefined;

/** Loads the stack once, with its own log output off: what matters reaches the log as coded errors of this driver. */
export function loadStack(): Promise<OpcuaStack> {
  loading ??= import('node-opcua').then((stack) => {
    const silent = () => undefined;
    stack.setLogLevel(stack.LogLevel.Emergency);
    stack.setWarningLogger(silent);
    stack.setErrorLogger(silent);
    stack.setDebugLogger(silent);
    stack.ClientSecureChannelLayer.minTransactionTimeout = minTimeoutMs;
    return stack;
  });
  return loading;
}

/** One certificate store a folder: its key is made once, and devices that open together do not make it twice. */
const stores = new Map<string, Promise<OPCUACertificateManager>>();

function openStore(stack: OpcuaStack, folder: string, trustUnknown: boolean): Promise<OPCUACertificateManager> {
  const key = `${folder}?${trustUnknown}`;
  const before = [...stores.values()];
  const store = stores.get(key);
  if (store) {
    return store.then(async (manager) => {
      await manager.reloadCertificates();
      return manager;
    });
  }
  const made = Promise.allSettled(before).then(async () => {
    const manager = new stack.OPCUACertificateManager({
      rootFolder: folder,
      automaticallyAcceptUnknownCertificate: trustUnknown,
      disableFileWatchers: true,
    });
    await manager.initialize();
    return manager;
  });
  stores.set(key, made);
  made.catch(() => stores.delete(key));
  return made;
}

/** Connects and opens a session; rejects with a coded error, at once when `signal` aborts. */
export async function openConnection(
  stack: OpcuaStack,
  options: ConnectionOptions,
  host: DriverHost,
  signal: AbortSignal,
): Promise<Connection> {
  const certificates = await openStore(stack, join(host.stateDir, 'opcua'), options.trustUnknown);
  const client = stack.OPCUAClient.create({
    applicationName: 'Lifeline',
    clientName: 'lifeline',
    clientCertificateManager: certificates,
    securityPolicy: options.policy,
    securityMode: options.mode,
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0, initialDelay: 100, maxDelay: 500 },
    keepSessionAlive: true,
    keepAliveInterval: keepAliveMs,
    requestedSessionTimeout: sessionTimeoutMs,
    transportSettings,
    transportTimeout: idleMs + options.timeoutMs,
    defaultTransactionTimeout: options.timeoutMs,
  });
  const disconnect = () => bounded(client.disconnect(), host);
  try {
    const session = await within(answersToOpen * options.timeoutMs, host, signal, async () => {
      await client.connect(options.endpoint);
      return client.createSession(identityOf(stack, options));
    });
    const close = async () => {
      await bounded(session.close(), host);
      await disconnect();
    };
    return { client, session, close };
  } catch (cause) {
    await disconnect();
    throw cause instanceof LifelineError ? cause : connectError(options, cause);
  }
}

/** What `attempt` gives, unless the signal aborts or `limitMs` pass before; what it does afterwards no longer matters. */
async function within<Result>(
  limitMs: number,
  { clock }: DriverHost,
  signal: AbortSignal,
  attempt: () => Promise<Result>,
): Promise<Result> {
  const over = new AbortController();
  const gaveUp = delay(clock, limitMs, AbortSignal.any([signal, over.signal])).then(() => {
    throw new Error(signal.aborted ? 'given up, since the gateway stops' : `no session in ${limitMs} ms`);
  });
  try {
    if (signal.aborted) return await gaveUp;
    return await Promise.race([attempt(), gaveUp]);
  } finally {
    gaveUp.catch(() => undefined);
    over.abort();
  }
}

function identityOf(stack: OpcuaStack, { user, password }: ConnectionOptions) {
  if (user === undefined) return { type: stack.UserTokenType.Anonymous } as const;
  return { type: stack.UserTokenType.UserName, userName: user, password: password ?? '' } as const;
}

/** Waits for what may never end, for two seconds; its own error no longer matters. */
async function bounded(ending: Promise<unknown>, host: DriverHost): Promise<void> {
  const waiting = new AbortController();
  const ended = ending.catch(() => undefined).finally(() => waiting.abort());
  await Promise.race([ended, delay(host.clock, closeWithinMs, waiting.signal)]);
}

/** Which of our codes the stack's text speaks of; the server's status code is in it. */
function connectError(options: ConnectionOptions, cause: unknown): LifelineError {
  const text = cause instanceof Error ? cause.message.split('\n')[0]?.trim() : String(cause);
  if (/BadIdentityToken|BadUserAccessDenied|UserNameIdentityToken|anonymous/i.test(String(text))) {
    const who = options.user === undefined ? 'anonymous access' : `user "${options.user}"`;
    return opcuaErrors.create('IDENTITY', `session on ${options.target}: the server refuses ${who} (${text})`, cause);
  }
  if (/certificate|BadSecurity|security ?(policy|mode)|No end point|findEndpoint/i.test(String(text))) {
    const wanted = `${options.policy}/${options.mode}`;
    return opcuaErrors.create('SECURITY', `connect to ${options.target} with ${wanted}: refused (${text})`, cause);
  }
  return opcuaErrors.create('CONNECT', `connect to ${options.target}: ${text}`, cause);
}
