import { modbusErrors } from './errors.ts';
import type { ModbusTable } from './pdu.ts';

/** Where a device listens. */
export interface TcpEndpoint {
  readonly host: string;
  readonly port: number;
}

const defaultPort = 502;

/** Reads `tcp://host:port` (port 502 when left out); throws `LL-MODBUS-ENDPOINT`. */
export function parseEndpoint(device: string, endpoint: string): TcpEndpoint {
  const match = /^tcp:\/\/(?:\[([0-9a-fA-F:.%]+)\]|([^:/[\]\s]+))(?::(\d{1,5}))?\/?$/.exec(endpoint);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (host === undefined || port < 1 || port > 65535) {
    throw modbusErrors.create('ENDPOINT', `endpoint "${endpoint}" of ${device} is not of the form tcp://host:port`);
  }
  return { host, port };
}

/** Leading digit of each table's references in register maps (Modicon notation). */
const leadingDigit: Readonly<Record<ModbusTable, number>> = { coil: 0, discrete: 1, input: 3, holding: 4 };

/** `holding 40001–40010`, the way register maps count: from 1, with six digits where five do not reach. */
export function describePlaces(table: ModbusTable, address: number, count: number): string {
  const digits = address + count > 9999 ? 5 : 4;
  const reference = (at: number) => `${leadingDigit[table]}${String(at + 1).padStart(digits, '0')}`;
  const first = `${table} ${reference(address)}`;
  return count === 1 ? first : `${first}–${reference(address + count - 1)}`;
}
