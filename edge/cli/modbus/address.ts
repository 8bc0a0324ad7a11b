import type { ModbusTable } from '../../../drivers/modbus/pdu.ts';
import { leadingDigits, reference } from '../../../drivers/modbus/place.ts';

/** How an address is written: zero-based as on the wire, or as a reference of a register map that begins at 1. */
export const notations = ['wire', 'modicon5', 'modicon6'] as const;
export type Notation = (typeof notations)[number];

const maxAddress = 65_535;

/**
 * The zero-based address on the wire, or why the text is none: nothing is guessed, so `40001` is the address 40001
 * unless the notation says otherwise.
 */
export function parseAddress(text: string, table: ModbusTable, notation: Notation): number | { readonly why: string } {
  if (!/^\d{1,6}$/.test(text)) return { why: `"${text}" is not an address` };
  if (notation === 'wire') {
    const address = Number(text);
    return address <= maxAddress ? address : { why: `address ${text} is above ${maxAddress}${hint(text, table)}` };
  }
  const places = notation === 'modicon5' ? 4 : 5;
  const base = leadingDigits[table] * 10 ** places;
  const address = Number(text) - base - 1;
  const highest = Math.min(10 ** places - 2, maxAddress);
  const example = reference(table, 0, places);
  if (address < 0 || address > highest) {
    return { why: `${text} is no ${notation} reference of table ${table}, whose first is ${example}` };
  }
  return address;
}

const hint = (text: string, table: ModbusTable) =>
  text.startsWith(String(leadingDigits[table])) ? '; for references like 400001 give --notation modicon6' : '';
