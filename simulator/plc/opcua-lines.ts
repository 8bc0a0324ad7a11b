import type { ClientSession, OPCUACertificateManager, OPCUAClient } from 'node-opcua';
import type { Plc } from '../city/plant.ts';
import type { ClientLines, ClientRequest } from './client-lines.ts';
import { rawOf } from './modbus-request.ts';
import { createOpcuaClient } from './opcua-client.ts';
import { nodeIdOf } from './opcua-server.ts';
import { builtInType, isInteger, shownValue } from './opcua-values.ts';
import type { Relay } from './relay.ts';

/** Steps of one client that wait their turn; what is beyond is not tried (design choice). */
const mostWaiting = 256;

export interface OpcuaLinesOptions {
  readonly plc: Plc;
  /** Leads to the PLC's server. */
  readonly relay: () => Promise<Relay>;
  readonly certificates: () => Promise<OPCUACertificateManager>;
}

/** A way to the server, and the client that goes it. */
interface Connected {
  readonly client: OPCUAClient;
  readonly relay: Relay;
}

/** Lines to the OPC UA server of a PLC: sessions on one channel without security. All steps are made in turn. */
export class OpcuaLines implements ClientLines {
  private readonly options: OpcuaLinesOptions;
  private readonly sessions: ClientSession[] = [];
  private connected: Connected | undefined;
  private opening = 0;
  private closing = 0;
  private work = Promise.resolve();
  private waiting = 0;

  constructor(options: OpcuaLinesOptions) {
    this.options = options;
  }

  get count(): number {
    return Math.max(0, this.sessions.length + this.opening - this.closing);
  }

  open(): void {
    if (this.waiting >= mostWaiting) return;
    this.opening++;
    this.inTurn(async () => {
      try {
        this.connected ??= await this.connect();
        this.sessions.push(await this.connected.client.createSession());
      } finally {
        this.opening--;
      }
    });
  }

  close(): void {
    if (this.count === 0) return;
    this.closing++;
    this.inTurn(async () => {
      this.closing--;
      await this.sessions.pop()?.close();
    });
  }

  send(request: ClientRequest): void {
    if (this.waiting >= mostWaiting) return;
    this.inTurn(async () => {
      const [session] = this.sessions;
      if (session) await this.ask(session, request);
    });
  }

  leave(gone: () => void): void {
    while (this.count > 0) this.close();
    void this.work.then(gone);
  }

  /** What fails is a refusal or a server that is gone: the client lets go where nothing is left to it. */
  private inTurn(step: () => Promise<void>): void {
    this.waiting++;
    this.work = this.work
      .then(step)
      .catch(() => undefined)
      .then(async () => {
        this.waiting--;
        if (this.sessions.length + this.opening === 0) await this.disconnect();
      });
  }

  private async connect(): Promise<Connected> {
    const client = await createOpcuaClient(await this.options.certificates());
    const relay = await this.options.relay();
    client.on('connection_lost', () => this.forget(client));
    try {
      await client.connect(relay.endpoint);
    } catch (cause) {
      await client.disconnect();
      relay.close();
      throw cause;
    }
    return { client, relay };
  }

  private forget(client: OPCUAClient): void {
    if (this.connected?.client !== client) return;
    this.sessions.length = 0;
    this.inTurn(async () => undefined);
  }

  private async disconnect(): Promise<void> {
    const { connected } = this;
    this.connected = undefined;
    await connected?.client.disconnect().catch(() => undefined);
    connected?.relay.close();
  }

  private async ask(session: ClientSession, request: ClientRequest): Promise<void> {
    const { plc } = this.options;
    const { AttributeIds } = await import('node-opcua');
    const point = request.kind === 'probe' ? String(request.address) : request.point.name;
    const node = { nodeId: nodeIdOf(plc.id, point), attributeId: AttributeIds.Value };
    if (request.kind !== 'write') {
      await session.read(node);
      return;
    }
    const dataType = builtInType(request.point.type);
    const raw = rawOf(request.point, request.value);
    const value = shownValue(request.point, isInteger(dataType) ? Math.round(raw) : raw);
    await session.write({ ...node, value: { value: { dataType, value } } });
  }
}
