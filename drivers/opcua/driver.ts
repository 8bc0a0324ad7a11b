import { z } from 'zod';
import { LifelineError } from '../../edge/core/errors.ts';
import { Quality } from '../../edge/core/quality.ts';
import type { DeviceDefinition, DevicePoint, Driver, DriverHost, DriverSession, SessionEvents } from '../api.ts';
import { type Connection, loadStack, minTimeoutMs, type OpcuaStack, openConnection } from './connection.ts';
import { opcuaErrors } from './errors.ts';
import { type MissingNode, NotificationCollector, subscribe } from './subscription.ts';

const policies = ['None', 'Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const;

const security = z
  .strictObject({
    policy: z.enum(policies).default('None').describe('Security policy; the deprecated SHA-1 ones are not offered.'),
    mode: z
      .enum(['None', 'Sign', 'SignAndEncrypt'])
      .optional()
      .describe('Message security; SignAndEncrypt unless the policy is None.'),
    trustUnknown: z
      .boolean()
      .default(false)
      .describe('Accept a server certificate that nobody has trusted yet; only while commissioning.'),
  })
  .prefault({})
  .describe('How the channel to the server is protected.');

const options = z.object({
  security,
  user: z.string().min(1).optional().describe('User name on the server; anonymous when left out.'),
  password: z.string().optional().describe('Password of the user.'),
  timeoutMs: z.int().min(minTimeoutMs).max(60_000).default(5000).describe('How long to wait for one answer, ms.'),
});

const namesShown = 5;
const endpointForm = /^opc\.tcp:\/\/(\[[0-9a-fA-F:.%]+\]|[^\s:/[\]]+)(:\d{1,5})?(\/\S*)?$/;
const nodeForm = /^(?:ns=\d{1,5};|nsu=([^;]+);)?(?:i=\d{1,10}|s=.+|g=[0-9a-fA-F-]{36}|b=[A-Za-z0-9+/=]+)$/;

function validate(device: DeviceDefinition): void {
  if (!endpointForm.test(device.endpoint)) {
    throw opcuaErrors.create('ENDPOINT', `endpoint "${device.endpoint}" of ${device.id} is not opc.tcp://host:port`);
  }
  for (const point of device.points) {
    if (!nodeForm.test(point.node)) {
      const what = point.node === '' ? 'has no node id' : `has the node id "${point.node}", which is none`;
      throw opcuaErrors.create('POINT', `point ${point.name} of ${device.id} ${what}`);
    }
  }
  const { security: wanted, user, password } = options.parse(device.options);
  if ((wanted.policy === 'None') !== ((wanted.mode ?? wanted.policy) === 'None')) {
    const pair = `policy ${wanted.policy} with mode ${wanted.mode}`;
    throw opcuaErrors.create('OPTIONS', `security of ${device.id}: ${pair} does not exist`);
  }
  if (password !== undefined && user === undefined) {
    throw opcuaErrors.create('OPTIONS', `${device.id} has a password but no user`);
  }
}

/** Replaces `nsu=<uri>;` by the index the server has for that namespace now; unknown ones are told apart. */
async function resolveNamespaces(
  connection: Connection,
  points: readonly DevicePoint[],
): Promise<{ readonly known: readonly DevicePoint[]; readonly missing: readonly MissingNode[] }> {
  if (points.every((point) => !point.node.startsWith('nsu='))) return { known: points, missing: [] };
  const uris = await connection.session.readNamespaceArray();
  const known: DevicePoint[] = [];
  const missing: MissingNode[] = [];
  for (const point of points) {
    const uri = nodeForm.exec(point.node)?.[1];
    const index = uri === undefined ? 0 : uris.indexOf(uri);
    if (uri === undefined) known.push(point);
    else if (index < 0) missing.push({ point, why: `no namespace "${uri}"` });
    else known.push({ ...point, node: point.node.replace(/^nsu=[^;]+/, `ns=${index}`) });
  }
  return { known, missing };
}

/** Subscribes to everything; what the server does not offer becomes bad with reason `config`, and is logged once. */
async function subscribeAll(
  stack: OpcuaStack,
  connection: Connection,
  device: DeviceDefinition,
  collector: NotificationCollector,
  lost: (what: string) => void,
): Promise<readonly MissingNode[]> {
  const { known, missing } = await resolveNamespaces(connection, device.points);
  const absent = [...missing];
  for (const periodMs of new Set(known.map((point) => point.periodMs))) {
    const points = known.filter((point) => point.periodMs === periodMs);
    const made = await subscribe(stack, connection.session, points, periodMs, collector);
    made.subscription.on('terminated', () => lost('the subscription ended'));
    made.subscription.on('internal_error', (error) => lost(`the subscription failed (${error.message})`));
    absent.push(...made.missing);
  }
  for (const { point } of absent) collector.add(point.tag, Number.NaN, Quality.config, undefined);
  return absent;
}

function describeMissing(target: string, missing: readonly MissingNode[]): LifelineError {
  const shown = missing.slice(0, namesShown).map(({ point, why }) => `${point.name} at ${point.node} (${why})`);
  const more = missing.length > namesShown ? ` and ${missing.length - namesShown} more` : '';
  const points = `${missing.length} ${missing.length === 1 ? 'point' : 'points'}`;
  return opcuaErrors.create('NODE', `${target} does not offer ${points}: ${shown.join(', ')}${more}`);
}

async function open(
  device: DeviceDefinition,
  events: SessionEvents,
  host: DriverHost,
  signal: AbortSignal,
): Promise<DriverSession> {
  const { security: wanted, user, password, timeoutMs } = options.parse(device.options);
  const target = `${device.id} (${device.endpoint})`;
  const stack = await loadStack();
  const mode = wanted.mode ?? (wanted.policy === 'None' ? 'None' : 'SignAndEncrypt');
  const { policy, trustUnknown } = wanted;
  const channel = { endpoint: device.endpoint, target, policy, mode, trustUnknown, user, password, timeoutMs };
  const connection = await openConnection(stack, channel, host, signal);
  let ended = false;
  const lost = (what: string) => {
    if (ended) return;
    ended = true;
    events.lost(opcuaErrors.create('LOST', `link to ${target}: ${what}`));
  };
  const close = async () => {
    ended = true;
    closing ??= connection.close();
    await closing;
  };
  let closing: Promise<void> | undefined;
  signal.addEventListener('abort', close, { once: true });
  connection.client.on('connection_lost', () => lost('the connection broke'));
  connection.client.on('close', () => lost('the connection closed'));
  connection.session.on('session_closed', () => lost('the server closed the session'));
  connection.session.on('keepalive_failure', () => lost('no sign of life from the server when asked'));
  const collector = new NotificationCollector(device.id, host.clock, (batch) => {
    if (!ended) events.batch(batch);
  });
  try {
    const missing = await subscribeAll(stack, connection, device, collector, lost);
    if (missing.length > 0) {
      const { code, next, message } = describeMissing(target, missing);
      host.log.warn({ code, device: device.id, next }, message);
    }
  } catch (cause) {
    await close();
    if (cause instanceof LifelineError) throw cause;
    const text = cause instanceof Error ? cause.message : String(cause);
    throw opcuaErrors.create('SUBSCRIBE', `subscribe ${device.points.length} points of ${target}: ${text}`, cause);
  } finally {
    signal.removeEventListener('abort', close);
  }
  return { polls: [], close };
}

/** OPC UA binary over TCP by the node-opcua stack: values come by subscription, stamped at their source. */
export const opcuaDriver: Driver = { name: 'opcua', options, validate, open };
