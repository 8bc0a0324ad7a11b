import type { MemoryServer, ServedValue, WatchedNode } from '../../drivers/api.ts';
import type { PlcPoint } from '../city/plant.ts';
import { deviceClock } from './device-clock.ts';
import { ServerDiagnostics } from './diagnostics.ts';
import { memoryClient } from './memory-line.ts';
import { nodeIdOf } from './opcua-server.ts';
import { badSensorFailure, builtInType, isBroken, shownValue } from './opcua-values.ts';
import type { PlcScan } from './scan.ts';
import { isPowered } from './server.ts';
import { clientNumber } from './traffic.ts';

const good = 0;
const badNodeIdUnknown = 0x8034_0000;
const noValue = 0;

/** A node that a client watches: where it stands in the scan, and what the client was told last. */
interface Watched {
  readonly index: number;
  readonly periodMs: number;
  sampledSlot: number;
  told: number;
}

interface Client {
  readonly watched: readonly Watched[];
  readonly told: (place: number, value: ServedValue) => void;
  readonly lost: () => void;
}

/** The only client: on a line in memory nobody has an address. */
const watcher = clientNumber(memoryClient);

/** An OPC UA server without its stack: each node is sampled at its period, changes are told at the scan that shows them. */
export class MemoryOpcuaServer implements MemoryServer {
  private readonly scan: PlcScan;
  private readonly places: ReadonlyMap<string, number>;
  private readonly clients = new Set<Client>();
  private readonly diagnostics: ServerDiagnostics;
  private readonly clock: (timeMs: number) => number;
  private nowMs: number;

  /** @param nowMs time of the scan as it stands, ms since epoch */
  constructor(scan: PlcScan, nowMs: number) {
    const { plc } = scan;
    this.scan = scan;
    this.nowMs = nowMs;
    this.clock = deviceClock(plc.id);
    this.diagnostics = new ServerDiagnostics(scan);
    this.places = new Map(plc.points.map(({ name }, index) => [nodeIdOf(plc.id, name), index]));
  }

  watch(
    nodes: readonly WatchedNode[],
    told: (place: number, value: ServedValue) => void,
    lost: () => void,
  ): (() => void) | undefined {
    if (!isPowered(this.scan.plc)) return undefined;
    const { traffic } = this.diagnostics;
    traffic.requests++;
    if (!this.diagnostics.grantsPlace()) return undefined;
    const watched = nodes.map(({ node, periodMs }) => {
      return { index: this.places.get(node) ?? -1, periodMs, sampledSlot: Number.NaN, told: Number.NaN };
    });
    const client = { watched, told, lost };
    for (const [place, { index }] of watched.entries()) {
      if (index < 0)
        told(place, { statusCode: badNodeIdUnknown, dataType: noValue, value: 0, sourceTimeMs: this.nowMs });
    }
    this.tell(client);
    this.clients.add(client);
    traffic.connect(watcher);
    return () => this.drop(client);
  }

  /** Shows clients the last scan, taken at `timeMs`; breaks with them where the supply is gone. */
  publish(timeMs: number): void {
    this.nowMs = timeMs;
    const powered = isPowered(this.scan.plc);
    this.diagnostics.show(timeMs);
    for (const client of this.clients) {
      if (powered) this.tell(client);
      else {
        this.drop(client);
        client.lost();
      }
    }
  }

  private drop(client: Client): void {
    if (this.clients.delete(client)) this.diagnostics.traffic.disconnect(watcher);
  }

  private tell({ watched, told }: Client): void {
    const { raw, plc } = this.scan;
    const ownMs = this.clock(this.nowMs);
    let changed = false;
    for (let place = 0; place < watched.length; place++) {
      const node = watched[place] as Watched;
      if (node.index < 0) continue;
      const slot = Math.floor(this.nowMs / node.periodMs);
      if (slot === node.sampledSlot) continue;
      node.sampledSlot = slot;
      const value = raw[node.index] as number;
      if (Object.is(value, node.told)) continue;
      node.told = value;
      const point = plc.points[node.index] as PlcPoint;
      const broken = isBroken(point, value);
      const shown = { dataType: builtInType(point.type), value: shownValue(point, broken ? 0 : value) };
      const sourceTimeMs = this.scan.sourceTime?.(node.index, ownMs) ?? ownMs;
      told(place, { statusCode: broken ? badSensorFailure : good, ...shown, sourceTimeMs });
      changed = true;
    }
    // what is told answers a publish request of the client
    if (changed) this.diagnostics.traffic.requests++;
  }
}
