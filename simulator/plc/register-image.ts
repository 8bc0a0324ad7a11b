import { isTextType } from '../../drivers/api.ts';
import { decodeValue, type Encoder, encoderOf, registersOf } from '../../drivers/modbus/registers.ts';
import { encodeText } from '../../drivers/modbus/text.ts';
import type { PlcPoint } from '../city/plant.ts';
import type { PlcScan } from './scan.ts';

type Table = PlcPoint['table'];

/** Unused addresses between two points that a PLC still answers, as zero; a wider gap splits its map into blocks. */
const maxHole = 8;

const isBits = (table: Table) => table === 'coil' || table === 'discrete';
const widthOf = (point: PlcPoint) => (isBits(point.table) ? 1 : registersOf(point.type, point.length));

/** A run of addresses that can be read together. */
interface Block {
  readonly address: number;
  /** Registers, or bits as 0 and 1. */
  readonly cells: Uint16Array;
  /** Index of the point (in the PLC's list) that owns each cell; −1 in holes. */
  readonly owners: Int32Array;
}

/** Why a write was turned down: not there or read-only, or a value outside the point's range. */
export type WriteResult = 'done' | 'illegal-address' | 'illegal-value';

/** The memory of a PLC as Modbus sees it: the last scan, coded into registers when they are first read, so that a read is a slice. */
export interface RegisterImage {
  /** Takes over the last scan, which stays as it is until the next call. */
  refresh(): void;
  /** Registers (or bits as 0 and 1) from a zero-based address, sharing memory; undefined where the PLC has none. */
  read(table: Table, address: number, count: number): Uint16Array | undefined;
  /** Writes all cells or none. Part of a wide value may be written: the other registers keep what they hold. */
  write(table: 'coil' | 'holding', address: number, values: Uint16Array): WriteResult;
}

/** Lays the points of one table out in blocks; RangeError when two points share an address. */
function layOut(points: readonly PlcPoint[], table: Table): Block[] {
  const placed = points
    .map((point, index) => ({ point, index, end: point.address + widthOf(point) }))
    .filter(({ point }) => point.table === table)
    .sort((a, b) => a.point.address - b.point.address);
  const runs: (typeof placed)[] = [];
  let endOfRun = Number.NEGATIVE_INFINITY;
  for (const place of placed) {
    const gap = place.point.address - endOfRun;
    if (gap < 0) throw new RangeError(`point ${place.point.name} overlaps another at ${table} ${place.point.address}`);
    if (gap <= maxHole) runs.at(-1)?.push(place);
    else runs.push([place]);
    endOfRun = place.end;
  }
  return runs.map((run) => {
    const address = run[0]?.point.address ?? 0;
    const size = (run.at(-1)?.end ?? address) - address;
    const owners = new Int32Array(size).fill(-1);
    for (const { point, index, end } of run) owners.fill(index, point.address - address, end - address);
    return { address, cells: new Uint16Array(size), owners };
  });
}

/** Where a point stands in the cells of its block, and how its values get there. */
interface Home {
  readonly place: number;
  readonly encode: Encoder;
}

/** How a point's values get into the cells of its block. */
function encoderOfPoint({ table, type, order, length = 1, text }: PlcPoint): Encoder {
  if (isBits(table)) {
    return (value, cells, place) => {
      cells[place] = value === 0 ? 0 : 1;
    };
  }
  if (!isTextType(type)) return encoderOf(type, order);
  return (_, cells, place) => cells.set(encodeText(type, order, length, text?.() ?? ''), place);
}

/** The register image of a scan; it holds zeros until the first `refresh`. */
export function createRegisterImage(scan: PlcScan): RegisterImage {
  const { points } = scan.plc;
  const tables: Readonly<Record<Table, readonly Block[]>> = {
    coil: layOut(points, 'coil'),
    discrete: layOut(points, 'discrete'),
    input: layOut(points, 'input'),
    holding: layOut(points, 'holding'),
  };
  const blockAt = (table: Table, address: number, count: number) =>
    tables[table].find((block) => address >= block.address && address + count <= block.address + block.cells.length);
  const homes = points.map((point): Home => {
    const block = blockAt(point.table, point.address, widthOf(point));
    if (!block) throw new RangeError(`point ${point.name} has no block`);
    return { place: point.address - block.address, encode: encoderOfPoint(point) };
  });

  /** The value a point would take if the cells of its block were `cells`. */
  const decode = (index: number, cells: Uint16Array) => {
    const { type, order, table } = points[index] as PlcPoint;
    const place = homes[index]?.place ?? 0;
    return isBits(table) || isTextType(type) ? (cells[place] as number) : decodeValue(type, order, cells, place);
  };

  /** Codes what the scan has of a point into the cells of its block. */
  const show = (index: number, cells: Uint16Array) => {
    const { place, encode } = homes[index] as Home;
    encode(scan.raw[index] as number, cells, place);
  };

  let newest = 0;
  /** Which scan the cells of each point are from: what nobody reads is not coded. */
  const coded = new Int32Array(points.length);
  /** Brings cells of a block up to the newest scan, together with those of the same values beside them. */
  const bringUp = ({ cells, owners }: Block, from: number, to: number) => {
    for (let cell = from; cell < to; cell++) {
      const index = owners[cell] as number;
      if (index < 0 || coded[index] === newest) continue;
      coded[index] = newest;
      show(index, cells);
    }
  };

  const write = (table: 'coil' | 'holding', address: number, values: Uint16Array): WriteResult => {
    const block = blockAt(table, address, values.length);
    if (!block) return 'illegal-address';
    const place = address - block.address;
    bringUp(block, place, place + values.length);
    const touched = new Set(block.owners.subarray(place, place + values.length));
    for (const index of touched) if (!points[index]?.write) return 'illegal-address';
    const cells = block.cells.slice();
    cells.set(values, place);
    for (const index of touched) {
      const { scale, offset, low, high } = points[index] as PlcPoint;
      const engineering = decode(index, cells) * scale + offset;
      if (!(engineering >= low && engineering <= high)) return 'illegal-value';
    }
    block.cells.set(cells);
    for (const index of touched) {
      if (!scan.write(index, decode(index, cells))) show(index, block.cells);
    }
    return 'done';
  };

  return {
    refresh: () => {
      newest++;
    },
    write,
    read(table, address, count) {
      const block = blockAt(table, address, count);
      if (!block) return undefined;
      const place = address - block.address;
      bringUp(block, place, place + count);
      return block.cells.subarray(place, place + count);
    },
  };
}
