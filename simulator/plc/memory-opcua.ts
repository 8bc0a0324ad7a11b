import type { MemoryServer, PointType, ServedValue, WatchedNode } from '../../drivers/api.ts';
import { nodeIdOf } from './opcua-server.ts';
import type { PlcScan } from './scan.ts';
import { isPowered } from './server.ts';

/** Built-in types of OPC UA (Part 6, 5.1.2) by ours; what a register map packs in a way of its own is a Double. */
const dataTypes = { bool: 1, int16: 4, uint16: 5, int32: 6, uint32: 7, float32: 10 } as const satisfies Partial<
  Record<PointType, number>
>;
const double = 11;
const dataTypeOf = (type: PointType) => (type in dataTypes ? dataTypes[type as keyof typeof dataTypes] : double);

const good = 0;
const badNodeIdUnknown = 0x8034_0000;

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

/** An OPC UA server without its stack: each node is sampled at its period, changes are told at the scan that shows them. */
export class MemoryOpcuaServer implements MemoryServer {
  private readonly scan: PlcScan;
  private readonly places: ReadonlyMap<string, number>;
  private readonly clients = new Set<Client>();
  private nowMs: number;

  /** @param nowMs time of the scan as it stands, ms since epoch */
  constructor(scan: PlcScan, nowMs: number) {
    const { plc } = scan;
    this.scan = scan;
    this.nowMs = nowMs;
    this.places = new Map(plc.points.map(({ name }, index) => [nodeIdOf(plc.id, name), index]));
  }

  watch(
    nodes: readonly WatchedNode[],
    told: (place: number, value: ServedValue) => void,
    lost: () => void,
  ): (() => void) | undefined {
    if (!isPowered(this.scan.plc)) return undefined;
    const watched = nodes.map(({ node, periodMs }) => {
      return { index: this.places.get(node) ?? -1, periodMs, sampledSlot: Number.NaN, told: Number.NaN };
    });
    const client = { watched, told, lost };
    for (const [place, { index }] of watched.entries()) {
      if (index < 0)
        told(place, { statusCode: badNodeIdUnknown, dataType: double, value: 0, sourceTimeMs: this.nowMs });
    }
    this.tell(client);
    this.clients.add(client);
    return () => this.clients.delete(client);
  }

  /** Shows clients the last scan, taken at `timeMs`; breaks with them where the supply is gone. */
  publish(timeMs: number): void {
    this.nowMs = timeMs;
    const powered = isPowered(this.scan.plc);
    for (const client of this.clients) {
      if (powered) this.tell(client);
      else {
        this.clients.delete(client);
        client.lost();
      }
    }
  }

  private tell({ watched, told }: Client): void {
    const { raw, plc } = this.scan;
    for (let place = 0; place < watched.length; place++) {
      const node = watched[place] as Watched;
      if (node.index < 0) continue;
      const slot = Math.floor(this.nowMs / node.periodMs);
      if (slot === node.sampledSlot) continue;
      node.sampledSlot = slot;
      const value = raw[node.index] as number;
      if (Object.is(value, node.told)) continue;
      node.told = value;
      const type = plc.points[node.index]?.type ?? 'float64';
      told(place, {
        ...{ statusCode: good, dataType: dataTypeOf(type), sourceTimeMs: this.nowMs },
        value: type === 'bool' ? value !== 0 : value,
      });
    }
  }
}
