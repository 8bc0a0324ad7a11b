import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OPCUAServer, UAVariable } from 'node-opcua';
import { isTextType, isTimeType } from '../../drivers/api.ts';
import { addProperties, type Quantity } from '../../drivers/opcua/properties.ts';
import type { PlcPoint } from '../city/plant.ts';
import { deviceClock } from './device-clock.ts';
import { addConditions } from './opcua-conditions.ts';
import { OpcuaDiagnostics } from './opcua-diagnostics.ts';
import { suppliedServer } from './opcua-supply.ts';
import { builtInType, isBroken, shownValue } from './opcua-values.ts';
import type { PlcScan } from './scan.ts';
import { isPowered, listenError, type PlcServer, places, plcHost } from './server.ts';

const stopWithinMs = 500;
const securePolicies = ['Basic256Sha256', 'Aes128_Sha256_RsaOaep', 'Aes256_Sha256_RsaPss'] as const;
/** Who may log in beside anonymous clients: a simulated PLC guards nothing, but its clients must be able to try. */
const users = new Map([['engineer', 'lifeline']]);

export interface OpcuaServerOptions {
  readonly port: number;
  /** Folder for the server's own certificate. */
  readonly stateDir: string;
}

/** Node id of a point: namespace 1 is the server's own (`urn:lifeline:<plc>`). */
export const nodeIdOf = (plc: string, point: string): string => `ns=1;s=${plc}.${point}`;

/**
 * Serves a PLC by OPC UA on the loopback interface: one folder, a variable per point, values pushed at each scan with
 * the scan's time by the PLC's own clock as source time; without supply it serves nobody. Rejects with `LL-SIM-PORT-TAKEN` when the port is not free.
 */
export async function serveOpcua(scan: PlcScan, options: OpcuaServerOptions): Promise<PlcServer> {
  const { plc } = scan;
  const { port } = options;
  const opcua = await import('node-opcua');
  const server = await buildServer(opcua, scan, options);
  const show = addPoints(opcua, server, scan);
  const diagnostics = new OpcuaDiagnostics(opcua, server, scan);
  await server.start().catch((cause: unknown) => {
    throw listenError(plc, port, cause);
  });
  const supplied = suppliedServer(server);
  let publish = (timeMs: number) => {
    const powered = isPowered(plc);
    supplied.follow(powered);
    if (!powered) diagnostics.endSessions();
    diagnostics.show(timeMs);
    show(timeMs);
  };
  let closed: Promise<void> | undefined;
  return {
    plc,
    port,
    endpoint: `opc.tcp://${plcHost}:${port}`,
    publish: (timeMs) => publish(timeMs),
    close() {
      publish = () => {};
      closed ??= supplied.settled().then(() => server.shutdown(stopWithinMs));
      return closed;
    },
  };
}

async function buildServer(
  opcua: typeof import('node-opcua'),
  scan: PlcScan,
  { port, stateDir }: OpcuaServerOptions,
): Promise<OPCUAServer> {
  const folder = join(stateDir, scan.plc.id);
  await mkdir(folder, { recursive: true });
  const certificates = new opcua.OPCUACertificateManager({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: true,
  });
  const { SecurityPolicy, MessageSecurityMode } = opcua;
  const server = new opcua.OPCUAServer({
    port,
    hostname: plcHost,
    nodeset_filename: [opcua.nodesets.standard],
    serverCertificateManager: certificates,
    userCertificateManager: certificates,
    serverInfo: {
      applicationUri: `urn:lifeline:${scan.plc.id}`,
      productUri: 'urn:lifeline:plc',
      applicationName: { text: scan.plc.id },
    },
    buildInfo: { productName: 'Lifeline simulated PLC', buildNumber: '1' },
    securityPolicies: [SecurityPolicy.None, ...securePolicies.map((policy) => SecurityPolicy[policy])],
    securityModes: [MessageSecurityMode.None, MessageSecurityMode.Sign, MessageSecurityMode.SignAndEncrypt],
    userManager: { isValidUser: (name: string, password: string) => users.get(name) === password },
    allowAnonymous: true,
    disableDiscovery: true,
    registerServerMethod: opcua.RegisterServerMethod.HIDDEN,
    serverCapabilities: { maxSessions: places.opcua },
    skipOwnNamespace: false,
  });
  await server.initialize();
  return server;
}

/** Makes the variables and the PLC's own alarms on them; returns what publishes the values of the newest scan. */
function addPoints(opcua: typeof import('node-opcua'), server: OPCUAServer, scan: PlcScan): (timeMs: number) => void {
  const space = server.engine.addressSpace;
  if (!space) throw new Error(`${scan.plc.id}: the OPC UA server has no address space`);
  const namespace = space.getOwnNamespace();
  const folder = namespace.addObject({
    ...{ organizedBy: space.rootFolder.objects, browseName: scan.plc.id, typeDefinition: 'FolderType' },
    ...{ notifierOf: space.rootFolder.objects.server, eventNotifier: 1 },
  });
  const variables = scan.plc.points.map((point, index) => {
    const type = builtInType(point.type);
    const variable: UAVariable = namespace.addVariable({
      componentOf: folder,
      nodeId: `s=${scan.plc.id}.${point.name}`,
      browseName: point.name,
      description: point.description.en,
      dataType: opcua.resolveNodeId(type),
      minimumSamplingInterval: 100,
      accessLevel: point.write ? 'CurrentRead | CurrentWrite' : 'CurrentRead',
    });
    addProperties(opcua, variable, quantityOf(point));
    if (point.write) acceptWrites(opcua, variable, point, index, scan);
    return { variable, point, type, index };
  });
  const clock = deviceClock(scan.plc.id);
  const show = (timeMs: number) => {
    const ownMs = clock(timeMs);
    const now = new Date(ownMs);
    for (const { variable, point, type, index } of variables) {
      const raw = scan.raw[index] as number;
      const broken = isBroken(point, raw);
      const status = broken ? opcua.StatusCodes.BadSensorFailure : opcua.StatusCodes.Good;
      const value = shownValue(point, broken ? 0 : raw);
      const sourceMs = scan.sourceTime?.(index, ownMs) ?? ownMs;
      variable.setValueFromSource({ dataType: type, value }, status, sourceMs === ownMs ? now : new Date(sourceMs));
    }
  };
  const { conditions } = scan.plc;
  if (!conditions) return show;
  space.installAlarmsAndConditionsService();
  const trim = addConditions({ opcua, namespace, folder, inputs: variables }, conditions);
  return (timeMs) => {
    show(timeMs);
    trim();
  };
}

/** What the instrument shows is told as it is: a raw value that has to be scaled first has neither unit nor range. */
function quantityOf({ low, high, unit, scale, offset, states, type }: PlcPoint): Quantity {
  const quantity = type !== 'bool' && !isTextType(type) && !isTimeType(type);
  const plain = quantity && scale === 1 && offset === 0;
  return plain ? { unit, low, high, states } : { unit: '', low: Number.NaN, high: Number.NaN, states };
}

/** Hands a client's write to the plant. */
function acceptWrites(
  opcua: typeof import('node-opcua'),
  variable: UAVariable,
  point: PlcPoint,
  index: number,
  scan: PlcScan,
): void {
  variable.on('value_changed', (value) => {
    const raw = Number(value.value.value);
    if (raw !== scan.raw[index] && point.write && value.statusCode === opcua.StatusCodes.Good) scan.write(index, raw);
  });
}
