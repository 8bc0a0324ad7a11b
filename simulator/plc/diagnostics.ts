import type { PointType } from '../../drivers/api.ts';
import type { Text } from '../../edge/core/text.ts';
import type { Plc, PlcPoint } from '../city/plant.ts';
import { contact, filling, measured, placed, type Signal } from '../city/plc-points.ts';
import { plcAssetId } from './plc-assets.ts';
import type { PlcScan } from './scan.ts';
import { places } from './server.ts';
import { equipped } from './sight.ts';
import { PlcTraffic } from './traffic.ts';

/** What a PLC knows of itself, apart from its process. */
export interface PlcSelf {
  /** What those clients do that live in the city: intruders, engineers. A server adds its own. */
  readonly traffic: PlcTraffic;
  /** Whether the key switch stands on maintenance: somebody works at the PLC and may change what he likes. */
  maintenance: boolean;
  /** Connections that it can have at a time. */
  readonly places: number;
}

/** What a server knows of its own clients when it shows a scan to them. */
interface ServerSide {
  readonly traffic: PlcTraffic;
  readonly mostPlaces: number;
  /** Who wrote last, of all clients, and when, s since epoch; 0 while nobody has. */
  readonly lastWriter: number;
  readonly lastWriteS: number;
}

/** One point of the block. */
interface OwnPoint {
  readonly signal: (self: PlcSelf) => Signal;
  readonly type: PointType;
  /** Of the PLC as an asset. */
  readonly role?: string;
  /** What clients are shown of it, when the scan says `scanned`; the same when left out. */
  readonly told?: (scanned: number, server: ServerSide) => number;
}

/** Counters are of 16 bits and wrap, as those of Modbus are (Application Protocol 1.1b3, clause 6.8). */
const wrap = 65_536;
/** Above the number of any address, and any moment of this century, s. */
const [addressesEnd, secondsEnd] = [256_000_000_000, 4_294_967_295];

/** Of connections and clients; never more than there are places. */
function gauge(role: string, description: Text, of: (traffic: PlcTraffic) => number): OwnPoint {
  return {
    role,
    signal: ({ traffic }) => measured(`plc-${role}`, description, '', [0, wrap - 1], 0, () => of(traffic)),
    type: 'uint16',
    told: (scanned, { traffic, mostPlaces }) => Math.min(mostPlaces, scanned + of(traffic)),
  };
}

function counter(role: string, description: Text, of: (traffic: PlcTraffic) => number): OwnPoint {
  return {
    role,
    signal: ({ traffic }) => measured(`plc-${role}`, description, '', [0, wrap - 1], 0, () => of(traffic) % wrap),
    type: 'uint16',
    told: (scanned, { traffic }) => (scanned + of(traffic)) % wrap,
  };
}

const own = {
  connections: gauge('connections', { zh: '当前连接数', en: 'Open connections' }, (traffic) => traffic.connections),
  clients: gauge('clients', { zh: '当前客户端数', en: 'Clients connected' }, (traffic) => traffic.clients),
  refused: counter('refused', { zh: '拒绝连接计数', en: 'Connections refused' }, (traffic) => traffic.refused),
  requests: counter('requests', { zh: '请求计数', en: 'Requests' }, (traffic) => traffic.requests),
  exceptions: counter(
    'exceptions',
    { zh: '异常应答计数', en: 'Requests answered by an exception' },
    (traffic) => traffic.exceptions,
  ),
  writes: counter('writes', { zh: '写入计数', en: 'Writes' }, (traffic) => traffic.writes),
  lastWriter: {
    role: 'last-writer',
    signal: ({ traffic }) => {
      const name = { zh: '最后写入者地址（每段三位）', en: 'Address of the last writer, three digits an octet' };
      return measured('plc-last-writer', name, '', [0, addressesEnd], 0, () => traffic.lastWriter);
    },
    type: 'uint64',
    told: (_scanned, { lastWriter }) => lastWriter,
  },
  lastWrite: {
    signal: ({ traffic }) => {
      const read = () => Math.floor(traffic.lastWriteMs / 1000);
      return measured(
        'plc-last-write',
        { zh: '最后写入时刻', en: 'Time of the last write' },
        's',
        [0, secondsEnd],
        0,
        read,
      );
    },
    type: 'uint32',
    told: (_scanned, { lastWriteS }) => lastWriteS,
  },
  maintenance: {
    role: 'maintenance',
    signal: (self) =>
      contact('plc-maintenance', { zh: '检修钥匙', en: 'Maintenance key' }, '运行', '检修', () => self.maintenance),
    type: 'uint16',
  },
  free: {
    role: 'places-free',
    signal: ({ traffic, places: all }) => {
      const read = () => Math.max(0, all - traffic.connections);
      return measured('plc-places-free', { zh: '剩余连接数', en: 'Connections left' }, '', [0, 255], 0, read);
    },
    type: 'uint16',
    told: (scanned, { traffic }) => Math.max(0, scanned - traffic.connections),
  },
} as const satisfies Readonly<Record<string, OwnPoint>>;
const block: readonly OwnPoint[] = Object.values(own);

/** A PLC to which nobody speaks, for the names of its points. */
const nobody: PlcSelf = { traffic: new PlcTraffic(), maintenance: false, places: 0 };

/** Where the block begins: above all that a PLC has of its process. */
const blockAt = 9000;
const periodMs = 5000;

export interface SelfTelling {
  readonly plc: Plc;
  readonly self: PlcSelf;
}

/**
 * A PLC that tells of itself: after its own points it has the block of all PLCs, input registers from 9000 on. What
 * comes with a profile stays as it is: a meter has the registers of its maker and no more.
 */
export function selfTelling(plc: Plc): SelfTelling {
  const self: PlcSelf = { traffic: new PlcTraffic(), maintenance: false, places: places[plc.protocol] };
  if (plc.profile) return { plc, self };
  const coding = { table: 'input', type: 'uint16', order: 'abcd', scale: 1 } as const;
  const asset = plcAssetId(plc);
  const entries = block.map(
    ({ signal, type, role }) => [role ? filling(asset, role, signal(self)) : signal(self), { type }] as const,
  );
  const points = placed(blockAt, coding, entries).map((point): PlcPoint => ({ ...point, periodMs }));
  return { plc: { ...equipped(plc), points: [...plc.points, ...points] }, self };
}

/**
 * The server's side of a PLC's own points: it counts its clients, grants them their places among those of the city, and
 * puts both together whenever a scan is shown.
 */
export class ServerDiagnostics {
  readonly traffic = new PlcTraffic();
  private readonly scan: PlcScan;
  private readonly places: readonly (readonly [index: number, point: OwnPoint])[];
  private readonly index: Readonly<Record<'connections' | 'writes' | 'lastWriter', number>>;
  /** Of the city's clients, at the last scan. */
  private foreign = { connections: 0, writes: 0 };
  private ownWrites = 0;
  private lastWriter = 0;
  private lastWriteS = 0;

  constructor(scan: PlcScan) {
    const nameOf = ({ signal }: OwnPoint) => signal(nobody).name;
    const indexOf = (point: OwnPoint) => scan.plc.points.findIndex(({ name }) => name === nameOf(point));
    this.scan = scan;
    this.places = block.map((point) => [indexOf(point), point] as const).filter(([index]) => index >= 0);
    this.index = {
      connections: indexOf(own.connections),
      writes: indexOf(own.writes),
      lastWriter: indexOf(own.lastWriter),
    };
    this.foreign = this.scanned();
  }

  /** Places that the city's clients leave to the server's own. */
  get ownPlaces(): number {
    return Math.max(0, places[this.scan.plc.protocol] - this.foreign.connections);
  }

  /** Whether one more client finds a place; counts it as refused otherwise. */
  grantsPlace(): boolean {
    const granted = this.traffic.connections < this.ownPlaces;
    if (!granted) this.traffic.refused++;
    return granted;
  }

  /** Adds what the server's clients do to the scan as it stands, taken at `timeMs` (ms since epoch); once for each scan. */
  show(timeMs: number): void {
    const { raw } = this.scan;
    const foreign = this.scanned();
    if (foreign.writes !== this.foreign.writes) this.remember(raw[this.index.lastWriter] ?? 0, timeMs);
    if (this.traffic.writes !== this.ownWrites) this.remember(this.traffic.lastWriter, timeMs);
    this.foreign = foreign;
    this.ownWrites = this.traffic.writes;
    const { traffic, lastWriter, lastWriteS } = this;
    const server = { traffic, lastWriter, lastWriteS, mostPlaces: places[this.scan.plc.protocol] };
    for (const [index, { told }] of this.places) {
      if (told) raw[index] = told(raw[index] as number, server);
    }
  }

  private scanned(): { readonly connections: number; readonly writes: number } {
    const { raw } = this.scan;
    return { connections: raw[this.index.connections] ?? 0, writes: raw[this.index.writes] ?? 0 };
  }

  private remember(writer: number, timeMs: number): void {
    this.lastWriter = writer;
    this.lastWriteS = Math.floor(timeMs / 1000);
  }
}
