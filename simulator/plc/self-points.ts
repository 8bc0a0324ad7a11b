import type { PointType } from '../../drivers/api.ts';
import type { Text } from '../../edge/core/text.ts';
import { contact, measured, type Signal } from '../city/plc-points.ts';
import { modes } from './controller.ts';
import { type PlcSelf, stretchedBy } from './plc-self.ts';
import type { PlcTraffic } from './traffic.ts';
import { timeoutsS } from './watchdog.ts';

/** What a server knows of its own clients when it shows a scan to them. */
export interface ServerSide {
  readonly traffic: PlcTraffic;
  readonly mostPlaces: number;
  /** Who wrote last, of all clients, and when, s since epoch; 0 while nobody has. */
  readonly lastWriter: number;
  readonly lastWriteS: number;
  /** Of its own clients, since the scan before. */
  readonly requestsPerS: number;
}

/** One point of the block. */
export interface OwnPoint {
  readonly signal: (self: PlcSelf) => Signal;
  readonly type: PointType;
  /** Of the PLC as an asset. */
  readonly role?: string;
  /** What clients are shown of it, when the scan says `scanned`; the same when left out. */
  readonly told?: (scanned: number, server: ServerSide) => number;
  /** How often it is worth asking for, ms. */
  readonly periodMs?: number;
  readonly scale?: number;
  /** Of clients: what stands in a holding register. */
  readonly write?: (self: PlcSelf, value: number) => void;
  /** Whether a PLC has it; every one where left out. */
  readonly has?: (self: PlcSelf) => boolean;
}

/** Counters are of 16 bits and wrap, as those of Modbus are (Application Protocol 1.1b3, clause 6.8). */
const wrap = 65_536;
/** Above the number of any address, and any moment of this century, s. */
const [addressesEnd, secondsEnd, millisecondsEnd] = [256_000_000_000, 4_294_967_295, 4_294_967_295_000];
/** What changes with every scan and tells little more for it, ms. */
const slowMs = 60_000;

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

/** The block, in the order of its registers. */
export const own = {
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
  clock: {
    signal: ({ controller }) => {
      const name = { zh: 'PLC 时钟', en: 'Clock of the PLC' };
      return measured('plc-clock', name, 'ms', [0, millisecondsEnd], 0, () => controller.clockMs);
    },
    type: 'uint64',
    periodMs: slowMs,
  },
  uptime: {
    signal: ({ controller }) =>
      measured('plc-uptime', { zh: '连续运行时间', en: 'Runs since' }, 's', [0, secondsEnd], 0, () =>
        Math.floor(controller.uptimeS),
      ),
    type: 'uint32',
    periodMs: slowMs,
  },
  restarts: {
    signal: (self) =>
      measured('plc-restarts', { zh: '重启次数', en: 'Restarts' }, '', [0, wrap - 1], 0, () => self.restarts % wrap),
    type: 'uint16',
  },
  scanTime: {
    signal: (self) =>
      measured('plc-scan-time', { zh: '扫描周期', en: 'Time of a scan' }, 'ms', [0, 600_000], 0, () => self.scanMs),
    type: 'uint32',
    scale: 0.001,
    told: (scanned, { requestsPerS }) => Math.round(scanned * stretchedBy(requestsPerS)),
  },
  mode: {
    signal: ({ controller }) => ({
      ...measured('plc-mode', { zh: '控制方式', en: 'Who commands it' }, '', [0, 2], 0, () => controller.mode),
      states: { [modes.remote]: '远程', [modes.local]: '就地', [modes.abandoned]: '网关失联' },
    }),
    type: 'uint16',
  },
  watchdogLeft: {
    signal: ({ watchdog }) =>
      measured(
        'plc-watchdog-left',
        { zh: '看门狗剩余时间', en: 'Watchdog: time left' },
        's',
        [0, timeoutsS.most],
        0,
        () => Math.ceil(watchdog.leftS),
      ),
    type: 'uint16',
    has: ({ watchdog }) => watchdog.isNeeded,
  },
  watchdog: {
    signal: ({ watchdog }) =>
      measured(
        'plc-watchdog',
        { zh: '网关心跳', en: "The gateway's count" },
        '',
        [0, wrap - 1],
        0,
        () => watchdog.beat,
      ),
    type: 'uint16',
    write: ({ watchdog }, beat) => watchdog.feed(beat),
    has: ({ watchdog }) => watchdog.isNeeded,
  },
  watchdogTimeout: {
    signal: ({ watchdog }) => {
      const range = [timeoutsS.least, timeoutsS.most] as const;
      const name = { zh: '看门狗时限', en: 'Watchdog: time-out' };
      return measured('plc-watchdog-timeout', name, 's', range, 0, () => watchdog.timeoutS);
    },
    type: 'uint16',
    write: ({ watchdog }, seconds) => {
      watchdog.timeoutS = seconds;
    },
    has: ({ watchdog }) => watchdog.isNeeded,
  },
} as const satisfies Readonly<Record<string, OwnPoint>>;
