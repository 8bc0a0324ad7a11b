import type { DeviceDefinition, DriverHost } from '../../drivers/api.ts';
import { simulatorErrors } from '../city/errors.ts';
import { memoryClient, memoryLine } from '../plc/memory-line.ts';
import { MemoryOpcuaServer } from '../plc/memory-opcua.ts';
import { faceModbus, type ModbusFace } from '../plc/modbus-server.ts';
import type { PlcScan } from '../plc/scan.ts';
import { plcHost } from '../plc/server.ts';

/** Port of the first PLC, as `lifeline sim` gives them; the others follow in the order of the city's list. */
export const firstPort = 10_502;

/** All PLCs of a city, reachable without a network under the endpoints that `lifeline sim` would give them. */
export interface Stage {
  readonly network: Required<Pick<DriverHost, 'line' | 'server'>>;
  /** Where each PLC is to be found, in the order of the scans. */
  readonly endpoints: readonly string[];
  /** Throws `LL-SIM-NO-PLC` for the first device that is at none of them. */
  check(devices: readonly Pick<DeviceDefinition, 'id' | 'endpoint'>[]): void;
  /** Shows clients the last scans, taken at `timeMs` (ms since epoch). */
  publish(timeMs: number): void;
}

/** Puts PLCs on stage; their scans are made by whoever owns them. `nowMs` is the time of the scans as they stand. */
export function setStage(scans: readonly PlcScan[], nowMs: number): Stage {
  const modbus = new Map<string, ModbusFace>();
  const opcua = new Map<string, MemoryOpcuaServer>();
  const endpoints = scans.map((scan, index) => {
    const place = `${plcHost}:${firstPort + index}`;
    if (scan.plc.protocol === 'opcua') {
      opcua.set(`opc.tcp://${place}`, new MemoryOpcuaServer(scan, nowMs));
      return `opc.tcp://${place}`;
    }
    modbus.set(place, faceModbus(scan));
    return `tcp://${place}`;
  });
  return {
    endpoints,
    check(devices) {
      for (const { id, endpoint } of devices) {
        if (endpoints.includes(endpoint)) continue;
        const where = `PLCs are at ${endpoints[0]} to ${endpoints.at(-1)}`;
        throw simulatorErrors.create('NO-PLC', `device ${id} is at ${endpoint}, where this city has no PLC (${where})`);
      }
    },
    network: {
      line(endpoint) {
        const face = modbus.get(endpoint);
        if (!face) throw new RangeError(`no PLC is at ${endpoint}`);
        const [client, server] = memoryLine();
        face.admit(server, memoryClient);
        return client;
      },
      server(endpoint) {
        const found = opcua.get(endpoint);
        if (!found) throw new RangeError(`no PLC is at ${endpoint}`);
        return found;
      },
    },
    publish(timeMs) {
      for (const face of modbus.values()) face.publish(timeMs);
      for (const server of opcua.values()) server.publish(timeMs);
    },
  };
}
