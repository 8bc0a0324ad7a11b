import type { OPCUAServer, ServerSession } from 'node-opcua';
import { ServerDiagnostics } from './diagnostics.ts';
import type { PlcScan } from './scan.ts';
import { clientNumber } from './traffic.ts';

/** Counts what the clients of an OPC UA server do, by its sessions and responses, and gives the city's clients their places. */
export class OpcuaDiagnostics {
  private readonly server: OPCUAServer;
  private readonly diagnostics: ServerDiagnostics;
  private nowMs = 0;

  constructor(opcua: typeof import('node-opcua'), server: OPCUAServer, scan: PlcScan) {
    this.server = server;
    this.diagnostics = new ServerDiagnostics(scan);
    const { traffic } = this.diagnostics;
    /** The address is gone with the channel when a session ends. */
    const clients = new Map<ServerSession, number>();
    server.on('create_session', (session) => {
      const client = clientNumber(session.channel?.remoteAddress ?? '');
      clients.set(session, client);
      traffic.connect(client);
    });
    server.on('session_closed', (session) => {
      const client = clients.get(session);
      if (clients.delete(session) && client !== undefined) traffic.disconnect(client);
    });
    server.on('request', () => {
      traffic.requests++;
    });
    server.on('response', (response, channel) => {
      const { serviceResult } = response.responseHeader;
      if (serviceResult.equals(opcua.StatusCodes.BadTooManySessions)) traffic.refused++;
      const results = response instanceof opcua.WriteResponse ? (response.results ?? []) : [];
      const bad = [serviceResult, ...results].some((status) => !status.isGoodish());
      if (bad) traffic.exceptions++;
      else if (results.length > 0) traffic.wrote(clientNumber(channel.remoteAddress), this.nowMs);
    });
  }

  /** Puts its counts into the scan as it stands, taken at `timeMs` (ms since epoch). */
  show(timeMs: number): void {
    this.nowMs = timeMs;
    this.diagnostics.show(timeMs);
    this.server.engine.serverCapabilities.maxSessions = this.diagnostics.ownPlaces;
  }
}
