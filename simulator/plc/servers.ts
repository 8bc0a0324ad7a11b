import { serveModbus } from './modbus-server.ts';
import { serveOpcua } from './opcua-server.ts';
import type { PlcScan } from './scan.ts';
import type { PlcServer } from './server.ts';

export interface CityServersOptions {
  readonly scans: readonly PlcScan[];
  /** Port of the first PLC; the others follow in the order of the city's list. */
  readonly basePort: number;
  /** Folder for certificates of OPC UA servers. */
  readonly stateDir: string;
}

/** All PLC servers of a city on loopback. */
export interface CityServers {
  readonly servers: readonly PlcServer[];
  /** Scans every PLC and shows clients what it saw at `timeMs` (ms since epoch). */
  publish(timeMs: number): void;
  close(): Promise<void>;
}

/** Starts every server; when one cannot start, those already started are closed again and its error is thrown. */
export async function serveCity({ scans, basePort, stateDir }: CityServersOptions): Promise<CityServers> {
  const results = await Promise.allSettled(
    scans.map((scan, index) => {
      const port = basePort + index;
      return scan.plc.protocol === 'opcua' ? serveOpcua(scan, { port, stateDir }) : serveModbus(scan, { port });
    }),
  );
  const servers = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async () => {
    await Promise.all(servers.map((server) => server.close()));
  };
  const failed = results.find((result) => result.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  return {
    servers,
    publish(timeMs) {
      for (const scan of scans) scan.scan();
      for (const server of servers) server.publish(timeMs);
    },
    close,
  };
}
