import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { ClientSession, OPCUAClient, UserIdentityInfo } from 'node-opcua';
import { errorWithin, LifelineError } from '../../edge/core/errors.ts';
import { both, type Text } from '../../edge/core/text.ts';
import type { DriverHost } from '../api.ts';
import { describeCertificate, openStore, ownPair } from './certificates.ts';
import { clientOptions } from './client-options.ts';
import { discover } from './discovery.ts';
import { opcuaErrors, stackText } from './errors.ts';
import { bounded, within } from './patience.ts';
import type { OpcuaStack } from './stack.ts';

/** Who to be on a server. Passwords and keys never appear in messages. */
export type User =
  | { readonly name: string; readonly password: string | undefined; readonly passwordFile: string | undefined }
  | { readonly certificate: string; readonly key: string };

/** How to reach a server and who to be there. */
export interface ConnectionOptions {
  readonly endpoint: string;
  /** For messages: `gallery-2 (opc.tcp://10.0.4.2:4840)`. */
  readonly target: string;
  readonly policy: string;
  readonly mode: string;
  readonly trustUnknown: boolean;
  /** Anonymous when undefined. */
  readonly user: User | undefined;
  readonly timeoutMs: number;
}

/** An open session with its client. */
export interface Connection {
  readonly client: OPCUAClient;
  readonly session: ClientSession;
  /** Ends session and connection, whatever state they are in; at the latest after four seconds. */
  close(): Promise<void>;
}

const sessionTimeoutMs = 60_000;
/** The server is asked for a sign of life in these intervals; a read of one small variable. */
export const signOfLifeMs = 2000;
/** The stack drops a connection that is silent for this long and the time of one answer; signs of life come sooner. */
const idleMs = 3 * signOfLifeMs;
/** Channel, endpoints, session and its activation: an attempt may take the time of this many answers. */
const answersToOpen = 4;

/** Connects and opens a session; rejects with a coded error, at once when `signal` aborts. */
export async function openConnection(
  stack: OpcuaStack,
  options: ConnectionOptions,
  host: DriverHost,
  signal: AbortSignal,
): Promise<Connection> {
  const certificates = await openStore(stack, host.stateDir, host.clock, options.trustUnknown);
  const identity = await identityOf(stack, options);
  const client = stack.OPCUAClient.create({
    ...clientOptions(certificates, options.timeoutMs),
    ...ownPair(host.stateDir),
    clientName: 'lifeline',
    securityPolicy: options.policy,
    securityMode: options.mode,
    keepSessionAlive: false,
    requestedSessionTimeout: sessionTimeoutMs,
    transportTimeout: idleMs + options.timeoutMs,
  });
  const disconnect = () => bounded(client.disconnect(), host);
  try {
    const session = await within(answersToOpen * options.timeoutMs, host, signal, async () => {
      await client.connect(options.endpoint);
      return client.createSession(identity);
    });
    const close = async () => {
      await bounded(session.close(), host);
      await disconnect();
    };
    return { client, session, close };
  } catch (cause) {
    await disconnect();
    throw cause instanceof LifelineError ? cause : await connectError(stack, options, host, cause);
  }
}

/** Who to be on the server; rejects with IDENTITY when a file that says so cannot be read. */
async function identityOf(stack: OpcuaStack, { target, user }: ConnectionOptions): Promise<UserIdentityInfo> {
  const read = (file: string) =>
    readFile(file).catch((cause: unknown) => {
      throw opcuaErrors.create(
        'IDENTITY',
        both(`session on ${target}: cannot read ${file}`, `登录 ${target}：无法读取 ${file}`),
        cause,
      );
    });
  if (user === undefined) return { type: stack.UserTokenType.Anonymous };
  if ('certificate' in user) {
    const certificateData = new X509Certificate(await read(user.certificate)).raw;
    const privateKey = (await read(user.key)).toString();
    return { type: stack.UserTokenType.Certificate, certificateData, privateKey };
  }
  const { passwordFile } = user;
  const [line] = passwordFile === undefined ? [user.password] : (await read(passwordFile)).toString().split(/\r?\n/);
  return { type: stack.UserTokenType.UserName, userName: user.name, password: line ?? '' };
}

/** Which of our codes the stack's text speaks of; the server's status code is in it. */
async function connectError(
  stack: OpcuaStack,
  options: ConnectionOptions,
  host: DriverHost,
  cause: unknown,
): Promise<LifelineError> {
  const text = stackText(cause);
  const { target } = options;
  if (/BadIdentityToken|BadUserAccessDenied|UserNameIdentityToken|anonymous/i.test(text)) {
    const who = describeUser(options.user);
    return opcuaErrors.create(
      'IDENTITY',
      both(
        `session on ${target}: the server refuses ${who.en} (${text})`,
        `登录 ${target}：服务器拒绝${who.zh}（“${text}”）`,
      ),
      cause,
    );
  }
  if (/certificate|BadSecurity|security ?(policy|mode)|No end point|findEndpoint/i.test(text)) {
    return securityError(stack, options, host, cause, text);
  }
  return opcuaErrors.create('CONNECT', both(`connect to ${target}: ${text}`, `连接 ${target}：“${text}”`), cause);
}

function describeUser(user: User | undefined): Text {
  if (user === undefined) return both('anonymous access', '匿名访问');
  return 'certificate' in user
    ? both(`the user of certificate ${user.certificate}`, `证书 ${user.certificate} 的用户`)
    : both(`user "${user.name}"`, `用户“${user.name}”`);
}

/** Tells whose certificate is the trouble, and by which thumbprint to find it. */
async function securityError(
  stack: OpcuaStack,
  options: ConnectionOptions,
  host: DriverHost,
  cause: unknown,
  text: string,
): Promise<LifelineError> {
  const { endpoint, target, policy, mode, timeoutMs } = options;
  const wanted = `${policy}/${mode}`;
  const trouble = (code: 'SECURITY' | 'UNTRUSTED', en: string, zh: string) =>
    opcuaErrors.create(
      code,
      both(`connect to ${target} with ${wanted}: ${en}`, `以 ${wanted} 连接 ${target}：${zh}`),
      cause,
    );
  const ask = { endpoint, stateDir: host.stateDir, clock: host.clock, timeoutMs };
  const offered = await discover(stack, ask).catch((error: unknown) => errorWithin(error));
  if ('zh' in offered) {
    return trouble('SECURITY', `refused (${text}); ${offered.en}`, `被拒绝（“${text}”）；${offered.zh}`);
  }
  const match = offered.find((one) => one.policy === policy && one.mode === mode);
  if (!match) {
    const pairs = [...new Set(offered.map((one) => `${one.policy}/${one.mode}`))].join(', ');
    return trouble('SECURITY', `the server offers ${pairs}`, `服务器提供 ${pairs}`);
  }
  if (match.certificate && match.trusted === false) {
    const { thumbprint, subject } = match.certificate;
    const command = `lifeline opcua trust ${thumbprint} --data <dir>`;
    return trouble(
      'UNTRUSTED',
      `nobody has trusted the certificate ${thumbprint} (${subject}) of the server yet; ${command}`,
      `服务器的证书 ${thumbprint}（“${subject}”）尚无人信任；\`${command}\``,
    );
  }
  const own = describeCertificate(await readFile(ownPair(host.stateDir).certificateFile)).thumbprint;
  return trouble(
    'SECURITY',
    `refused (${text}); the server must trust the certificate ${own} of the gateway`,
    `被拒绝（“${text}”）；服务器须信任本网关的证书 ${own}`,
  );
}
