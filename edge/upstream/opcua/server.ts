import { hostname } from 'node:os';
import { join } from 'node:path';
import type { OPCUAServer } from 'node-opcua';
import { applicationUri, openServerStore, ownPair, unlockStore } from '../../../drivers/opcua/certificates.ts';
import { loadStack, type OpcuaStack } from '../../../drivers/opcua/stack.ts';
import type { LifelineError } from '../../core/errors.ts';
import { both, type Text } from '../../core/text.ts';
import type { SinkHost } from '../api.ts';
import type { Connection } from '../connection-keeper.ts';
import { addAddresses } from './address-space.ts';
import { opcuaServerErrors } from './errors.ts';
import type { OpcuaOptions } from './options.ts';
import type { AddressPlan } from './plan.ts';
import { signIn } from './sign-in.ts';

const stopWithinMs = 500;
/** Bounds of what a client may send and ask for (bytes; chunks). */
const transport = { maxMessageSize: 4 << 20, maxChunkCount: 64, receiveBufferSize: 1 << 16, sendBufferSize: 1 << 16 };
const everywhere = /^(0\.0\.0\.0|::)$/;

/** A listening server; the `Connection` is to all its clients at once. */
export interface OpcuaServer extends Connection {
  /** Ends it because what it shows is no longer so. */
  renew(): void;
  /** Resolves once nothing listens any more. */
  readonly shut: Promise<void>;
}

/** Listens, with everything that the plan names; rejects with LISTEN. */
export async function openServer(options: OpcuaOptions, host: SinkHost, plan: AddressPlan): Promise<OpcuaServer> {
  const stack = await loadStack();
  const server = await buildServer(stack, options, host);
  const space = server.engine.addressSpace;
  if (!space) throw new Error('the OPC UA server has no address space');
  const namespace = space.registerNamespace(`urn:lifeline:${host.gateway}`);
  const { live, clock, gateway } = host;
  addAddresses({ stack, namespace, live, nowMs: () => clock.wallMs() }, gateway, plan);
  const at = `${options.host}:${options.port}`;
  await server.start().catch((cause: unknown) => {
    throw opcuaServerErrors.create('LISTEN', both(`cannot listen on ${at}`, `无法监听 ${at}`), cause);
  });
  const ended = Promise.withResolvers<LifelineError>();
  const shut = Promise.withResolvers<void>();
  const end = (why: Text) => {
    ended.resolve(opcuaServerErrors.create('CLOSED', why));
    server.shutdown(stopWithinMs).then(shut.resolve, shut.reject);
  };
  let over = false;
  const once = (why: Text) => {
    if (!over) end(why);
    over = true;
  };
  return {
    closed: ended.promise,
    shut: shut.promise,
    cut: () => once(both('the sink stops', '上级平台服务停止')),
    renew: () => once(both('the points changed', '测点有变')),
  };
}

async function buildServer(stack: OpcuaStack, options: OpcuaOptions, host: SinkHost): Promise<OPCUAServer> {
  const { stateDir, clock } = host;
  const { MessageSecurityMode, SecurityPolicy } = stack;
  const usersFolder = join(stateDir, 'opcua-users');
  await unlockStore(usersFolder, clock);
  const users = new stack.OPCUACertificateManager({ rootFolder: usersFolder });
  const secure = options.policies.some((policy) => policy !== 'None');
  const server = new stack.OPCUAServer({
    host: options.host,
    port: options.port,
    hostname: everywhere.test(options.host) ? hostname() : options.host,
    nodeset_filename: [stack.nodesets.standard],
    serverCertificateManager: await openServerStore(stack, stateDir, clock, options.trustUnknown),
    userCertificateManager: users,
    ...ownPair(stateDir),
    serverInfo: {
      applicationUri: applicationUri(stack),
      productUri: 'urn:lifeline:gateway',
      applicationName: { text: `Lifeline ${host.gateway}` },
    },
    buildInfo: { productName: 'Lifeline' },
    securityPolicies: options.policies.map((policy) => SecurityPolicy[policy]),
    securityModes: [
      ...(options.policies.includes('None') ? [MessageSecurityMode.None] : []),
      ...(secure ? [MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt] : []),
    ],
    allowAnonymous: options.anonymous,
    userManager: { isValidUser: signIn(options.users, clock) },
    registerServerMethod: stack.RegisterServerMethod.HIDDEN,
    maxConnectionsPerEndpoint: 2 * options.maxSessions,
    serverCapabilities: { maxSessions: options.maxSessions },
    transportSettings: {
      adjustTransportLimits: (asked) => ({
        maxMessageSize: least(asked.maxMessageSize, transport.maxMessageSize),
        maxChunkCount: least(asked.maxChunkCount, transport.maxChunkCount),
        receiveBufferSize: least(asked.receiveBufferSize, transport.receiveBufferSize),
        sendBufferSize: least(asked.sendBufferSize, transport.sendBufferSize),
      }),
    },
    skipOwnNamespace: false,
  });
  await server.initialize();
  return server;
}

/** Zero asks for no limit. */
const least = (asked: number, bound: number): number => (asked > 0 ? Math.min(asked, bound) : bound);
