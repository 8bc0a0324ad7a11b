import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { type Connection, openConnection, type User } from '../../drivers/opcua/connection.ts';
import { opcuaErrors } from '../../drivers/opcua/errors.ts';
import { readLimits, type ServerLimits } from '../../drivers/opcua/limits.ts';
import { isEndpoint, modes, policies } from '../../drivers/opcua/options.ts';
import { loadStack, type OpcuaStack } from '../../drivers/opcua/stack.ts';
import { realClock } from '../core/clock.ts';
import { silentLog } from '../core/log.ts';
import { seededRandom } from '../core/random.ts';
import { asText } from '../core/text.ts';
import { wholeNumber } from './arguments.ts';
import { ExitCode } from './exit.ts';
import { driverState } from './opcua.ts';

export interface LinkOptions {
  readonly policy: (typeof policies)[number];
  readonly mode?: (typeof modes)[number];
  readonly user?: string;
  readonly passwordFile?: string;
  /** Instead of a file with it. */
  readonly password?: string;
  readonly userCertificate?: string;
  readonly userKey?: string;
  readonly data: string;
  readonly timeout: number;
}

/** Options that say how to reach a server, the same on every command that talks to one. */
export function linkOptions(command: Command): Command {
  return command
    .addOption(new Option('--policy <name>', 'security policy').choices([...policies]).default('None'))
    .addOption(new Option('--mode <name>', 'SignAndEncrypt unless the policy is None').choices([...modes]))
    .option('--user <name>', 'user name; anonymous when left out')
    .option('--password-file <file>', 'file whose first line is the password')
    .option('--user-certificate <file>', 'PEM file with the certificate of the user; needs --user-key')
    .option('--user-key <file>', 'PEM file with its private key')
    .option('--data <dir>', 'data folder with the certificates; unused with policy None', 'data')
    .option('--timeout <ms>', 'how long to wait for one answer, ms', wholeNumber(500, 60_000), 5000);
}

/** What a command works with once a session stands. */
export interface Link {
  readonly stack: OpcuaStack;
  readonly session: Connection['session'];
  readonly limits: ServerLimits;
  /** Rejects with LOST when the connection or the session ends by itself. */
  readonly lost: Promise<never>;
}

/** Opens a session for one command and closes it again. Rejects with the driver's coded errors. */
export async function withLink(endpoint: string, options: LinkOptions, work: (link: Link) => Promise<void>) {
  assertEndpoint(endpoint);
  const { policy, mode = policy === 'None' ? 'None' : 'SignAndEncrypt', timeout: timeoutMs } = options;
  const plain = policy === 'None';
  // without security no certificate is shown to be trusted: nothing to keep
  const stateDir = plain ? await mkdtemp(join(tmpdir(), 'lifeline-opcua-')) : driverState(options.data);
  const host = { clock: realClock(), random: seededRandom(1), log: silentLog, stateDir };
  const user = userOf(options);
  const stack = await loadStack();
  const signal = new AbortController().signal;
  try {
    const channel = { endpoint, target: endpoint, policy, mode, trustUnknown: false, user, timeoutMs };
    const connection = await openConnection(stack, channel, host, signal);
    try {
      const { session } = connection;
      const lost = endOf(connection, endpoint);
      await work({ stack, session, limits: await readLimits(stack, session), lost });
    } finally {
      await connection.close();
    }
  } finally {
    if (plain) await rm(stateDir, { recursive: true, force: true });
  }
}

function endOf({ client, session }: Connection, endpoint: string): Promise<never> {
  const lost = new Promise<never>((_, reject) => {
    const end = () => reject(opcuaErrors.create('LOST', asText(`link to ${endpoint} ended`)));
    client.on('connection_lost', end);
    client.on('close', end);
    session.on('session_closed', end);
  });
  // a command that does not wait for it ends by what it asked last
  lost.catch(() => undefined);
  return lost;
}

export function assertEndpoint(endpoint: string): void {
  if (!isEndpoint(endpoint)) throw opcuaErrors.create('ENDPOINT', asText(`"${endpoint}" is not opc.tcp://host:port`));
}

function userOf({ user, password, passwordFile, userCertificate, userKey }: LinkOptions): User | undefined {
  if (user !== undefined) return { name: user, password, passwordFile };
  if (userCertificate === undefined || userKey === undefined) return undefined;
  return { certificate: userCertificate, key: userKey };
}

/** Exit code for a coded error of the driver: 4 when nothing answers. */
export const exitOf = (code: string): number => (code === 'LL-OPCUA-CONNECT' ? ExitCode.unreachable : ExitCode.failed);
