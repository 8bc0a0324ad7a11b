import { isDeepStrictEqual } from 'node:util';
import type { Sink, SinkHost, SinkStatus } from '../api.ts';
import { ConnectionKeeper } from '../connection-keeper.ts';
import { troubleFigures } from '../trouble.ts';
import { opcuaServerErrors } from './errors.ts';
import type { OpcuaOptions } from './options.ts';
import { type AddressPlan, planAddresses } from './plan.ts';
import { type OpcuaServer, openServer } from './server.ts';

/** Live values behind an OPC UA server of the gateway's own, to read and to subscribe to. */
export class OpcuaSink implements Sink {
  private readonly id: string;
  private readonly host: SinkHost;
  private readonly endpoint: string;
  private readonly keeper: ConnectionKeeper<OpcuaServer>;
  private plan: AddressPlan = { devices: [], assets: [] };
  private stopListening: () => void = () => undefined;

  constructor(id: string, options: OpcuaOptions, host: SinkHost) {
    const { clock, random, log } = host;
    this.id = id;
    this.host = host;
    this.endpoint = `opc.tcp://${options.host.includes(':') ? `[${options.host}]` : options.host}:${options.port}`;
    this.keeper = new ConnectionKeeper<OpcuaServer>({
      ...{ sink: id, endpoint: this.endpoint, clock, random, log },
      open: () => openServer(options, host, this.plan),
      use: (server) => server.shut,
      acks: () => ({ done: 0, inFlight: 0 }),
      silent: (text) => opcuaServerErrors.create('CLOSED', text),
    });
  }

  start(): Promise<void> {
    this.plan = planAddresses(this.host);
    this.stopListening = this.host.onDevices(() => this.refresh());
    this.keeper.start();
    return Promise.resolve();
  }

  /** Values are looked up when a client asks. */
  publish(): void {}

  status(): SinkStatus {
    const { id, endpoint, keeper } = this;
    return {
      ...{ id, sink: 'opcua', endpoint, state: keeper.state, ...troubleFigures(keeper.trouble) },
      ...{ forwarded: 0, pending: 0, oldestPendingMs: 0 },
    };
  }

  async stop(): Promise<void> {
    this.stopListening();
    await this.keeper.stop(() => Promise.resolve(), 0);
  }

  /** Another description of the points means another server: clients browse it anew. */
  private refresh(): void {
    const plan = planAddresses(this.host);
    if (isDeepStrictEqual(plan, this.plan)) return;
    this.plan = plan;
    this.keeper.connection?.renew();
  }
}
