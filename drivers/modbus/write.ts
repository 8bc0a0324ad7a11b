import { asText } from '../../edge/core/text.ts';
import { isTextType, type PointAddress } from '../api.ts';
import { modbusErrors } from './errors.ts';
import { encodeWriteRequest, isBitTable } from './pdu.ts';
import { describePlaces } from './place.ts';
import { placesOf } from './planner.ts';
import { decoderOf, decodeValue, encodeValue, wireBitOf } from './registers.ts';

/** What a write needs to know of a point; the node id means nothing here. */
export type WritePlace = Omit<PointAddress, 'node'>;

export interface WriteOptions {
  /** Codes 15 and 16 even for a single coil or register: some devices know only these, others only 5 and 6. */
  readonly multiple?: boolean;
  /**
   * The register as it is now, for a point that is one bit of it. Between reading and writing back another master or the
   * PLC may change the other bits, so that this must be asked for.
   */
  readonly current?: number;
}

/** The raw value of a place, from the cells that were read of it; NaN for a text, which is none. */
export function heldBy({ table, type, order, bit }: WritePlace, cells: Uint16Array): number {
  if (isTextType(type)) return Number.NaN;
  return isBitTable(table) ? (cells[0] as number) : decoderOf(type, order, bit)(cells, 0);
}

/**
 * The request that writes a raw value: codes 5 and 6, or 15 and 16 where it spans registers. Throws `LL-MODBUS-WRITE` when
 * the place is read-only, the type cannot hold the value exactly enough, or a bit is meant and `current` was not given.
 */
export function planWrite(place: WritePlace, raw: number, { multiple, current }: WriteOptions = {}): Uint8Array {
  const { table, address, bit, type, order } = place;
  const where = describePlaces(table, address, placesOf(place));
  const refuse = (why: string) => modbusErrors.create('WRITE', asText(`write ${raw} to ${where}: ${why}`));
  if (table !== 'coil' && table !== 'holding') throw refuse(`table ${table} is read-only`);
  if (!Number.isFinite(raw)) throw refuse('the value is not a number');
  if (table === 'coil' || bit !== undefined || type === 'bool') {
    if (raw !== 0 && raw !== 1) throw refuse('one bit holds 0 or 1');
  }
  if (table === 'coil') return encodeWriteRequest('coil', address, Uint16Array.of(raw), multiple);
  if (bit === undefined) return encodeWriteRequest('holding', address, registersFor(place, raw, refuse), multiple);
  if (current === undefined) throw refuse(`bit ${bit} shares its register with others; allow read-modify-write for it`);
  const mask = 1 << wireBitOf(order, bit);
  const register = raw === 1 ? current | mask : current & ~mask;
  return encodeWriteRequest('holding', address, Uint16Array.of(register), multiple);
}

/** The registers of a value; refused when what they hold is another value. */
function registersFor({ type, order }: WritePlace, raw: number, refuse: (why: string) => Error): Uint16Array {
  if (isTextType(type)) throw refuse('a text cannot be written');
  const registers = encodeValue(type, order, raw);
  const held = decodeValue(type, order, registers, 0);
  const exact = type === 'float32' ? held === Math.fround(raw) && Number.isFinite(held) : held === raw;
  if (!exact) throw refuse(`${type} holds ${held} instead`);
  return registers;
}
