import type { Timer } from '../../edge/core/clock.ts';
import { LifelineError } from '../../edge/core/errors.ts';
import { Quality } from '../../edge/core/quality.ts';
import type { DeviceDefinition, Driver, DriverHost, DriverSession, SessionEvents } from '../api.ts';
import { expiryWarning } from './certificates.ts';
import { type Connection, type ConnectionOptions, openConnection } from './connection.ts';
import { opcuaErrors } from './errors.ts';
import { readLimits } from './limits.ts';
import { findPlaces, type MissingNode } from './nodes.ts';
import { type OpcuaOptions, options, validate } from './options.ts';
import { loadStack, type OpcuaStack } from './stack.ts';
import { NotificationCollector, subscribe } from './subscription.ts';

const namesShown = 5;
const dayMs = 86_400_000;
/** Subscribes to everything; what the server does not offer becomes bad with reason `config`, and is logged once. */
async function subscribeAll(
  stack: OpcuaStack,
  connection: Connection,
  device: DeviceDefinition,
  collector: NotificationCollector,
  lost: (what: string) => void,
): Promise<readonly MissingNode[]> {
  const { session } = connection;
  const limits = await readLimits(stack, session);
  const { places, missing } = await findPlaces(stack, session, device.points, limits.nodesPerRead);
  const absent = [...missing];
  for (const periodMs of new Set(places.map(({ point }) => point.periodMs))) {
    const group = places.filter(({ point }) => point.periodMs === periodMs);
    const made = await subscribe({ stack, session, collector, limits }, group, periodMs);
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

/** How `gateway.yaml` wants the server of one endpoint to be reached. */
function channelOf(endpoint: string, target: string, wishes: OpcuaOptions): ConnectionOptions {
  const { user, password, passwordFile, userCertificate, userKey, timeoutMs } = wishes;
  const { policy, trustUnknown, mode = policy === 'None' ? 'None' : 'SignAndEncrypt' } = wishes.security;
  const named = user === undefined ? undefined : { name: user, password, passwordFile };
  const certified =
    userCertificate !== undefined && userKey !== undefined ? { certificate: userCertificate, key: userKey } : undefined;
  return { endpoint, target, policy, mode, trustUnknown, user: named ?? certified, timeoutMs };
}

async function open(
  device: DeviceDefinition,
  events: SessionEvents,
  host: DriverHost,
  signal: AbortSignal,
): Promise<DriverSession> {
  const wishes = options.parse(device.options);
  const target = `${device.id} (${device.endpoint})`;
  const stack = await loadStack();
  const connection = await openConnection(stack, channelOf(device.endpoint, target, wishes), host, signal);
  let ended = false;
  const lost = (what: string) => {
    if (ended) return;
    ended = true;
    events.lost(opcuaErrors.create('LOST', `link to ${target}: ${what}`));
  };
  const close = async () => {
    ended = true;
    expiry?.cancel();
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
  let expiry: Timer | undefined;
  async function watchExpiry() {
    const warning = await expiryWarning(host.stateDir, host.clock);
    if (warning) host.log.warn({ code: warning.code, device: device.id, next: warning.next }, warning.message);
    if (!ended) expiry = host.clock.after(dayMs, () => void watchExpiry());
  }
  try {
    if (wishes.security.policy !== 'None') await watchExpiry();
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
