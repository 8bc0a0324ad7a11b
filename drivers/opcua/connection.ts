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
  /** Ends session and connection, whatever state they are in; at the latest after two seconds. */
  close(): Promise<void>;
}

/** What a server may send: 16 MB in 64 chunks carries 100,000 values with room to spare. */
const transportSettings = { maxChunkCount: 64, maxMessageSize: 16 * 1024 * 1024 };
const sessionTimeoutMs = 60_000;
const keepAliveMs = 5000;
const closeWithinMs = 2000;

let loading: Promise<OpcuaStack> | undefined;

/** Loads the stack once, with its own log output off: what matters reaches the log as coded errors of this driver. */
export function loadStack(): Promise<OpcuaStack> {
  loading ??= import('node-opcua').then((stack) => {
    const silent = () => undefined;
    stack.setLogLevel(stack.LogLevel.Emergency);
    stack.setWarningLogger(silent);
    stack.setErrorLogger(silent);
    stack.setDebugLogger(silent);
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
    transportTimeout: options.timeoutMs,
    defaultTransactionTimeout: options.timeoutMs,
  });
  const disconnect = () => bounded(client.disconnect(), host);
  signal.addEventListener('abort', disconnect, { once: true });
  try {
    if (signal.aborted) throw new Error('given up, since the gateway stops');
    await client.connect(options.endpoint);
    const session = await client.createSession(identityOf(stack, options));
    return {
      client,
      session,
      close: () =>
        bounded(
          session.close().finally(() => client.disconnect()),
          host,
        ),
    };
  } catch (cause) {
    await disconnect();
    throw cause instanceof LifelineError ? cause : connectError(options, cause);
  } finally {
    signal.removeEventListener('abort', disconnect);
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
