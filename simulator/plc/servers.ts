import type { Clock } from '../../edge/core/clock.ts';
import type { ListeningPlc } from '../city/write-gateway.ts';
import { createModbusServer, type PlcServer } from './modbus-server.ts';
import { createOpcuaServer } from './opcua-server.ts';
import type { PlcScan } from './scan.ts';

export interface CityServersOptions {
  readonly scans: readonly PlcScan[];
  /** Port of the first PLC; the others follow in the order of the city's list. */
  readonly basePort: number;
  readonly clock: Clock;
  /** Folder for certificates of OPC UA servers. */
  readonly stateDir: string;
}

/** All PLC servers of a city on loopback. */
export interface CityServers {
  readonly plcs: readonly ListeningPlc[];
  /** Starts every server; when one cannot start, those already started are stopped again and the error is thrown. */
  start(): Promise<void>;
  /** Scans every PLC and publishes what it saw. */
  publish(): void;
  stop(): Promise<void>;
}

export function createCityServers({ scans, basePort, clock, stateDir }: CityServersOptions): CityServers {
  const host = '127.0.0.1';
  const servers = scans.map((scan, index): PlcServer => {
    const port = basePort + index;
    if (scan.plc.protocol === 'opcua') return createOpcuaServer({ scan, host, port, clock, stateDir });
    return createModbusServer({ scan, host, port, clock });
  });
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
  };
  return {
    plcs: scans.map(({ plc }, index) => ({ plc, endpoint: (servers[index] as PlcServer).endpoint })),
    async start() {
      const results = await Promise.allSettled(servers.map((server) => server.start()));
      const failed = results.find((result) => result.status === 'rejected');
      if (failed) {
        await stop();
        throw failed.reason;
      }
    },
    publish() {
      for (const scan of scans) scan.scan();
      for (const server of servers) server.refresh();
    },
    stop,
  };
}
