import type { OPCUAServer, ServerSession } from 'node-opcua';
import { ServerDiagnostics } from './diagnostics.ts';
import type { PlcScan } from './scan.ts';
import { clientNumber } from './traffic.ts';

/** Counts what the clients of an OPC UA server do, by its sessions and responses, and gives the city's clients their places. */
export class OpcuaDiagnostics {
  private readonly server: OPCUAServer;
  private readonly diagnostics: ServerDiagnostics;
  /** Who has which session: the address is gone with the channel when one ends. */
  private readonly clients = new Map<ServerSession, number>();
  private nowMs = 0;

  constructor(opcua: typeof import('node-opcua'), server: OPCUAServer, scan: PlcScan) {
    this.server = server;
    this.diagnostics = new ServerDiagnostics(scan);
    const { traffic } = this.diagnostics;
    server.on('create_session', (session) => {
      const client = clientNumber(session.channel?.remoteAddress ?? '');
      this.clients.set(session, client);
      traffic.connect(client);
    });
    server.on('session_closed', (session) => {
      const client = this.clients.get(session);
      if (this.clients.delete(session) && client !== undefined) traffic.disconnect(client);
    });
    server.on('request', () => {
      traffic.requests++;
    });
    server.on('response', (response, channel) => {
      const { serviceResult } = response.responseHeader;
      if (serviceResult.equals(opcua.StatusCodes.BadTooManySessions)) traffic.refused++;
      const results = response instanceof opcua.WriteResponse ? (response.results ?? []) : [];
      const read = response instanceof opcua.ReadResponse ? (response.results ?? []) : [];
      const unknown = read.some(({ statusCode }) => statusCode.equals(opcua.StatusCodes.BadNodeIdUnknown));
      const bad = [serviceResult, ...results].some((status) => !status.isGoodish());
      if (bad || unknown) traffic.exceptions++;
      else if (results.length > 0) traffic.wrote(clientNumber(channel.remoteAddress), this.nowMs);
    });
  }

  /** Ends all sessions, as a PLC does that loses its supply. */
  endSessions(): void {
    for (const { authenticationToken } of this.clients.keys())
      this.server.engine.closeSession(authenticationToken, true, 'Terminated');
  }

  /** Puts its counts into the scan as it stands, taken at `timeMs` (ms since epoch). */
  show(timeMs: number): void {
    this.nowMs = timeMs;
    this.diagnostics.show(timeMs);
    this.server.engine.serverCapabilities.maxSessions = this.diagnostics.ownPlaces;
  }
}
