import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OPCUAServer, UAVariable, VariantOptions } from 'node-opcua';
import { isTextType, isTimeType } from '../../drivers/api.ts';
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
/** The id of a unit that is none of UN/CEFACT's list (Part 8, 5.6.3). */
const unlistedUnit = -1;
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
    addProperties(opcua, variable, point);
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

/** Unit, instrument range and names of states, as Part 8 has them, for clients that make a point table of it. */
function addProperties(opcua: typeof import('node-opcua'), variable: UAVariable, point: PlcPoint): void {
  const { DataType, VariantArrayType } = opcua;
  const namespace = variable.addressSpace.getOwnNamespace();
  const add = (browseName: string, dataType: string, value: VariantOptions) =>
    namespace.addVariable({
      ...{ propertyOf: variable, browseName: { name: browseName, namespaceIndex: 0 }, dataType, value },
      ...{ typeDefinition: 'PropertyType', valueRank: value.arrayType === VariantArrayType.Array ? 1 : -1 },
    });
  const { low, high, unit, scale, offset, states, type } = point;
  const quantity = type !== 'bool' && !isTextType(type) && !isTimeType(type);
  const plain = quantity && scale === 1 && offset === 0;
  if (plain && unit !== '') {
    const named = Object.assign(opcua.makeEUInformation('C62', unit, unit), { unitId: unlistedUnit });
    add('EngineeringUnits', 'EUInformation', { dataType: DataType.ExtensionObject, value: named });
  }
  if (plain && Number.isFinite(low) && Number.isFinite(high)) {
    add('EURange', 'Range', { dataType: DataType.ExtensionObject, value: new opcua.Range({ low, high }) });
  }
  if (states) {
    const largest = Math.max(...Object.keys(states).map(Number));
    const value = Array.from({ length: largest + 1 }, (_, state) => ({ text: states[state] ?? '' }));
    add('EnumStrings', 'LocalizedText', { dataType: DataType.LocalizedText, arrayType: VariantArrayType.Array, value });
  }
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
