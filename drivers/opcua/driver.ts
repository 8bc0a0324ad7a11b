import type { DeviceDefinition, Driver, DriverHost, DriverSession, SessionEvents } from '../api.ts';
import { certificates } from './certificate-store.ts';
import type { ConnectionOptions } from './connection.ts';
import { openFirst } from './endpoints.ts';
import { openInMemory } from './memory-session.ts';
import { type OpcuaOptions, options, validate } from './options.ts';
import { OpcuaSession } from './session.ts';
import { loadStack } from './stack.ts';

/** How `gateway.yaml` wants the server of one endpoint to be reached. */
function channelOf(endpoint: string, device: string, wishes: OpcuaOptions): ConnectionOptions {
  const { user, password, passwordFile, userCertificate, userKey, timeoutMs } = wishes;
  const { policy, trustUnknown, mode = policy === 'None' ? 'None' : 'SignAndEncrypt' } = wishes.security;
  const named = user === undefined ? undefined : { name: user, password, passwordFile };
  const certified =
    userCertificate !== undefined && userKey !== undefined ? { certificate: userCertificate, key: userKey } : undefined;
  const target = `${device} (${endpoint})`;
  return { endpoint, target, policy, mode, trustUnknown, user: named ?? certified, timeoutMs };
}

async function open(
  device: DeviceDefinition,
  events: SessionEvents,
  host: DriverHost,
  signal: AbortSignal,
): Promise<DriverSession> {
  const wishes = options.parse(device.options);
  const stack = await loadStack();
  if (host.server) return openInMemory(stack, device, events, host, host.server(device.endpoint));
  const channels = [device.endpoint, ...wishes.endpoints].map((endpoint) => channelOf(endpoint, device.id, wishes));
  const chosen = await openFirst(stack, channels, host, signal);
  const session = new OpcuaSession({ stack, device, wishes, chosen, events, host });
  const close = () => session.close();
  signal.addEventListener('abort', close, { once: true });
  try {
    await session.start();
  } finally {
    signal.removeEventListener('abort', close);
  }
  return session;
}

/** OPC UA binary over TCP by the node-opcua stack: values come by subscription, stamped at their source. */
export const opcuaDriver: Driver = { name: 'opcua', options, needs: ['node'], certificates, validate, open };
