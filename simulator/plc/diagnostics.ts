import type { Plc, PlcPoint } from '../city/plant.ts';
import { type Coding, filling, placed, type Signal } from '../city/plc-points.ts';
import { plcAssetId } from './plc-assets.ts';
import { PlcSelf } from './plc-self.ts';
import type { PlcScan } from './scan.ts';
import { type OwnPoint, own } from './self-points.ts';
import { places } from './server.ts';
import { equipped } from './sight.ts';
import { PlcTraffic } from './traffic.ts';

const block: readonly OwnPoint[] = Object.values(own);

/** Where the block begins: above all that a PLC has of its process. */
const blockAt = 9000;
const periodMs = 5000;

export interface SelfTelling {
  readonly plc: Plc;
  readonly self: PlcSelf;
}

/**
 * A PLC that tells of itself: after its own points it has the block of all PLCs, input registers from 9000 on and, for what
 * is written, holding registers from there. What comes with a profile stays as it is: a meter has the registers of its
 * maker and no more.
 */
export function selfTelling(plc: Plc): SelfTelling {
  const self = new PlcSelf(plc);
  if (plc.profile) return { plc, self };
  const mine = block.filter(({ has }) => has?.(self) ?? true);
  const points = [
    ...laidOut(
      plc,
      self,
      'input',
      mine.filter(({ write }) => !write),
    ),
    ...laidOut(
      plc,
      self,
      'holding',
      mine.filter(({ write }) => write),
    ),
  ];
  return { plc: { ...equipped(plc), points: [...plc.points, ...points] }, self };
}

function laidOut(plc: Plc, self: PlcSelf, table: Coding['table'], own: readonly OwnPoint[]): readonly PlcPoint[] {
  const asset = plcAssetId(plc);
  const entries = own.map(({ signal, type, role, scale = 1, write }) => {
    const told: Signal = write ? { ...signal(self), write: (value) => write(self, value) } : signal(self);
    return [role ? filling(asset, role, told) : told, { type, scale }] as const;
  });
  const points = placed(blockAt, { table, type: 'uint16', order: 'abcd', scale: 1 }, entries);
  return points.map((point, index): PlcPoint => ({ ...point, periodMs: own[index]?.periodMs ?? periodMs }));
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
  private shown = { timeMs: Number.NaN, requests: 0 };

  constructor(scan: PlcScan) {
    const self = new PlcSelf(scan.plc);
    const indexOf = ({ signal }: OwnPoint) => scan.plc.points.findIndex(({ name }) => name === signal(self).name);
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
    const { requests } = traffic;
    const passedS = (timeMs - this.shown.timeMs) / 1000;
    const requestsPerS = passedS > 0 ? (requests - this.shown.requests) / passedS : 0;
    this.shown = { timeMs, requests };
    const server = { traffic, lastWriter, lastWriteS, requestsPerS, mostPlaces: places[this.scan.plc.protocol] };
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
