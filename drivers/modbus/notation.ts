import type { Text } from '../../edge/core/text.ts';
import { pointTables } from '../api.ts';
import type { ModbusTable } from './pdu.ts';
import { leadingDigits, reference } from './place.ts';
import { modbusTexts } from './texts.ts';

/**
 * How addresses are written: zero-based as on the wire, counted from 1 as most register maps do, or as a Modicon reference
 * (Modbus Application Protocol 1.1b3, 4.4, and every manual since) whose first digit is the table: 40001, or 400001.
 */
export const notations = ['wire', 'one-based', 'modicon5', 'modicon6'] as const;
export type Notation = (typeof notations)[number];

/** Highest zero-based address of any table. */
export const maxAddress = 65_535;
/** Digits after the first, which names the table. */
const placesOf = { modicon5: 4, modicon6: 5 } as const;

/** A place on the wire. */
export interface WirePlace {
  readonly table: ModbusTable;
  readonly address: number;
}

/**
 * The place on the wire of an address as it is written, or why it is none. Nothing is guessed: 40001 is the address 40001
 * unless the notation says otherwise. A Modicon reference names its table itself; one that is given besides must agree.
 */
export function placeOnWire(
  written: number,
  table: ModbusTable | undefined,
  notation: Notation,
): WirePlace | { readonly why: Text } {
  if (notation === 'wire' || notation === 'one-based') {
    if (table === undefined) return { why: modbusTexts.needsTable(written) };
    const first = notation === 'wire' ? 0 : 1;
    const address = written - first;
    if (address >= 0 && address <= maxAddress) return { table, address };
    return { why: modbusTexts.outside(written, first, maxAddress + first, notation, isSixDigits(written, table)) };
  }
  const places = placesOf[notation];
  const digit = Math.floor(written / 10 ** places);
  const named = pointTables.find((candidate) => leadingDigits[candidate] === digit);
  const address = written - digit * 10 ** places - 1;
  const highest = Math.min(10 ** places - 2, maxAddress);
  if (named !== undefined && (table ?? named) === named && address >= 0 && address <= highest) {
    return { table: named, address };
  }
  const example = reference(table ?? 'holding', 0, places);
  return { why: modbusTexts.noReference(written, notation, table, example) };
}

/** Whether it is a reference like 400001. */
const isSixDigits = (written: number, table: ModbusTable): boolean =>
  Math.floor(written / 100_000) === leadingDigits[table];

/** The zero-based address on the wire of a text, or why the text is none. */
export function parseAddress(text: string, table: ModbusTable, notation: Notation): number | { readonly why: string } {
  if (!/^\d{1,6}$/.test(text)) return { why: `"${text}" is not an address` };
  const place = placeOnWire(Number(text), table, notation);
  return 'why' in place ? { why: place.why.en } : place.address;
}

/** Whether an address on the wire would be a five-digit reference of its own table, such as `holding` 40001. */
export function looksLikeReference({ table, address }: WirePlace): boolean {
  const digit = leadingDigits[table];
  return digit > 0 && Math.floor(address / 10_000) === digit && address % 10_000 > 0;
}
