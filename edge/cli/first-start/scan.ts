import { createConnection } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { TcpEndpoint } from '../../../drivers/modbus/place.ts';
import { discover } from '../../../drivers/opcua/discovery.ts';
import { loadStack } from '../../../drivers/opcua/stack.ts';
import { consoleErrors } from '../../console/errors.ts';
import type { DeviceSighting, ScanPart, ScanWish } from '../../console/first-start-api.ts';
import type { Clock } from '../../core/clock.ts';
import { LifelineError } from '../../core/errors.ts';
import { both } from '../../core/text.ts';
import { maxAddresses, parseScanTarget, parseUnits } from '../modbus/addresses.ts';
import { type FoundDevice, Pace, scanAddresses } from '../modbus/scan-units.ts';
import { driverState } from '../opcua.ts';

/** How long an address may take to answer. */
const answerMs = 500;
/** How long a server may take that has taken a connection. */
const serverMs = 2_000;
/** What a scan may do to a network: connections and requests. */
const requestsPerS = 20;
/** Unit ids asked of one address. */
const maxUnits = 32;
/** Addresses times unit ids of one part, so that each is answered within seconds. */
const askedInPart = 32;
const ports = { modbus: 502, opcua: 4840 } as const;
/** The largest part of an own network that is proposed: 254 addresses. */
const proposedBits = 24;

/** The networks of this machine beyond itself, IPv4; of a large one the part around the own address. */
export function ownNetworks(): readonly string[] {
  const own = Object.values(networkInterfaces()).flatMap((addresses = []) =>
    addresses.filter(({ family, internal }) => family === 'IPv4' && !internal),
  );
  const networks = own.flatMap(({ address, cidr }) => {
    const bits = Math.max(Number(cidr?.split('/')[1] ?? proposedBits), proposedBits);
    const whole = parseScanTarget(`${address}/${bits}`, 0);
    return 'why' in whole || whole.length < 2 ? [] : [`${address}/${bits}`];
  });
  return [...new Set(networks)];
}

/** What answered a read of one holding register, in its own words. */
export const identityOf = ({ vendor, product, revision, name }: FoundDevice): string =>
  [vendor, product, revision, name].filter((word) => word !== null).join(' ');

/** Asks the next addresses of a network. `dataDir` keeps the certificates that OPC UA servers show. */
export async function scanPart(wish: ScanWish, dataDir: string, clock: Clock): Promise<ScanPart> {
  const { driver, network, from } = wish;
  const all = parseScanTarget(network.replace(/^opc\./, ''), ports[driver]);
  const units = driver === 'modbus' ? parseUnits(wish.units) : [1];
  if ('why' in all)
    throw noDevice(network, `${all.why}`, `应为主机、网段（至多 ${maxAddresses} 个地址）或 tcp://主机:端口`);
  if (!units || units.length > maxUnits)
    throw noDevice(network, `unit ids as 1 or 1-8, at most ${maxUnits}`, `站号写作 1 或 1-8，至多 ${maxUnits} 个`);
  const part = all.slice(from, from + Math.max(1, Math.floor(askedInPart / units.length)));
  const pace = new Pace(clock, requestsPerS);
  const found =
    driver === 'modbus' ? await modbusAt(part, units, pace, clock) : await serversAt(part, dataDir, pace, clock);
  const order = new Map(part.map(({ host }, index) => [host, index]));
  found.sort((a, b) => (order.get(a.host) ?? 0) - (order.get(b.host) ?? 0) || a.unit - b.unit);
  return {
    found: found.map(({ host, port, unit, identity }) => {
      const endpoint = `${driver === 'modbus' ? 'tcp' : 'opc.tcp'}://${host}:${port}`;
      return { driver, endpoint, unit, identity };
    }),
    ...{ asked: Math.min(from + part.length, all.length), total: all.length },
  };
}

type Sighted = TcpEndpoint & Pick<DeviceSighting, 'identity'> & { readonly unit: number };

async function modbusAt(part: readonly TcpEndpoint[], units: readonly number[], pace: Pace, clock: Clock) {
  const found: Sighted[] = [];
  await scanAddresses(part, {
    ...{ clock, pace, timeoutMs: answerMs, units, signal: new AbortController().signal },
    found: (device) => found.push({ ...device, identity: identityOf(device) }),
    stepped: () => undefined,
  });
  return found;
}

/** OPC UA servers: only those are asked for their endpoints that take a connection. */
async function serversAt(part: readonly TcpEndpoint[], dataDir: string, pace: Pace, clock: Clock) {
  const found: Sighted[] = [];
  const { signal } = new AbortController();
  const look = async (place: TcpEndpoint) => {
    await pace.turn(signal);
    if (!(await takesConnection(place))) return;
    const endpoint = `opc.tcp://${place.host}:${place.port}`;
    const ask = { endpoint, stateDir: driverState(dataDir), clock, timeoutMs: serverMs };
    try {
      const [first] = await discover(await loadStack(), ask);
      found.push({ ...place, unit: 1, identity: first?.certificate?.subject ?? '' });
    } catch (error) {
      if (!(error instanceof LifelineError)) throw error;
    }
  };
  await Promise.all(part.map(look));
  return found;
}

const takesConnection = ({ host, port }: TcpEndpoint): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ host, port, timeout: answerMs });
    const end = (taken: boolean) => {
      socket.destroy();
      resolve(taken);
    };
    socket
      .once('connect', () => end(true))
      .once('timeout', () => end(false))
      .once('error', () => end(false));
  });

const noDevice = (network: string, en: string, zh: string): LifelineError =>
  consoleErrors.create('NO-DEVICE', both(`scan ${network}: ${en}`, `扫描 ${network}：${zh}`));
