import { Exception, encodeReadReply, isBitTable, type ModbusTable } from '../../drivers/modbus/pdu.ts';
import { decodeValue, encodeValue, registersOf } from '../../drivers/modbus/registers.ts';
import type { PlcPoint } from '../city/plant.ts';
import type { PlcScan } from './scan.ts';

/** Unused addresses between two points up to this many are answered as 0, as a data block in a PLC does. */
const maxHole = 8;

interface Block {
  readonly first: number;
  /** One element per register, or per bit. */
  readonly memory: Uint16Array;
}

interface Place {
  readonly index: number;
  readonly point: PlcPoint;
  readonly width: number;
}

const tables: readonly ModbusTable[] = ['coil', 'discrete', 'input', 'holding'];

/** The Modbus memory of one PLC: its scanned values laid out by address. */
export class RegisterImage {
  private readonly scan: PlcScan;
  private readonly places: Readonly<Record<ModbusTable, readonly Place[]>>;
  private readonly blocks: Readonly<Record<ModbusTable, readonly Block[]>>;

  constructor(scan: PlcScan) {
    this.scan = scan;
    const all = scan.plc.points.map((point, index) => ({ index, point, width: widthOf(point) }));
    const byTable = tables.map((table) => {
      const places = all.filter(({ point }) => point.table === table).sort((a, b) => a.point.address - b.point.address);
      return [table, places] as const;
    });
    this.places = Object.fromEntries(byTable) as unknown as typeof this.places;
    const blocks = byTable.map(([table, places]) => [table, layOut(scan.plc.id, table, places)] as const);
    this.blocks = Object.fromEntries(blocks) as unknown as typeof this.blocks;
    this.refresh();
  }

  /** Takes over what the last scan saw. */
  refresh(): void {
    for (const table of tables) {
      for (const { index, point, width } of this.places[table]) {
        const block = this.blockAt(table, point.address, width);
        const raw = this.scan.raw[index] as number;
        const at = point.address - (block?.first ?? 0);
        if (isBitTable(table)) block?.memory.fill(raw === 0 ? 0 : 1, at, at + 1);
        else block?.memory.set(encodeValue(point.type, point.order, raw), at);
      }
    }
  }

  /** The answer to a read: its data unit, or the exception. */
  read(table: ModbusTable, address: number, count: number): Uint8Array | number {
    const block = this.blockAt(table, address, count);
    if (!block) return Exception.illegalAddress;
    const at = address - block.first;
    return encodeReadReply(table, block.memory.subarray(at, at + count));
  }

  /** Takes a write that covers whole writable points; 0 when done, otherwise the exception. */
  write(table: 'coil' | 'holding', address: number, values: Uint16Array): number {
    const end = address + values.length;
    const hit = this.places[table].filter(({ point }) => point.address >= address && point.address < end);
    const covered = hit.reduce((sum, { width }) => sum + width, 0);
    if (hit.length === 0 || covered !== values.length || hit.some(({ point }) => !point.write)) {
      return Exception.illegalAddress;
    }
    for (const { index, point } of hit) {
      const at = point.address - address;
      const raw = table === 'coil' ? (values[at] as number) : decodeValue(point.type, point.order, values, at);
      this.scan.write(index, raw);
    }
    this.refresh();
    return 0;
  }

  private blockAt(table: ModbusTable, address: number, count: number): Block | undefined {
    return this.blocks[table].find(({ first, memory }) => address >= first && address + count <= first + memory.length);
  }
}

const widthOf = (point: PlcPoint) => (isBitTable(point.table) ? 1 : registersOf(point.type));

/** Joins neighbouring places to blocks; overlapping points are a mistake in the plant. */
function layOut(plc: string, table: ModbusTable, places: readonly Place[]): readonly Block[] {
  const spans: { first: number; end: number }[] = [];
  for (const { point, width } of places) {
    const last = spans.at(-1);
    if (last && point.address < last.end)
      throw new RangeError(`${plc}: ${table} ${point.address} overlaps (${point.name})`);
    if (last && point.address - last.end <= maxHole) last.end = point.address + width;
    else spans.push({ first: point.address, end: point.address + width });
  }
  return spans.map(({ first, end }) => ({ first, memory: new Uint16Array(end - first) }));
}
