import type { Text } from '../../edge/core/text.ts';
import { modbusErrors } from './errors.ts';
import type { ModbusTable } from './pdu.ts';
import { modbusTexts } from './texts.ts';

/** Where a device listens. */
export interface TcpEndpoint {
  readonly host: string;
  readonly port: number;
}

/** A serial port and how it is set. */
export interface SerialEndpoint {
  readonly path: string;
  readonly baud: number;
  readonly parity: 'none' | 'even' | 'odd';
  readonly dataBits: 7 | 8;
  readonly stopBits: 1 | 2;
}

/** The line behind a terminal (DTU) that dials in to `host:port` and registers by its id. */
export interface TerminalEndpoint extends TcpEndpoint {
  readonly terminal: string;
}

/** The line on which a device is reached: Modbus TCP, RTU frames inside TCP, also from a terminal that dials in, or RTU on a serial port. */
export type LineEndpoint =
  | ({ readonly kind: 'tcp' | 'rtu+tcp' } & TcpEndpoint)
  | ({ readonly kind: 'dtu' } & TerminalEndpoint)
  | ({ readonly kind: 'serial' } & SerialEndpoint);

const defaultPort = 502;
const bauds = [1200, 2400, 4800, 9600, 19_200, 38_400, 57_600, 115_200];
const parities = ['none', 'even', 'odd'] as const;

/** Reads `tcp://host:port` (port 502 when left out); throws `LL-MODBUS-ENDPOINT`. */
export function parseEndpoint(device: string, endpoint: string): TcpEndpoint {
  const match = /^tcp:\/\/(?:\[([0-9a-fA-F:.%]+)\]|([^:/[\]\s]+))(?::(\d{1,5}))?\/?$/.exec(endpoint);
  const host = match?.[1] ?? match?.[2];
  const port = match?.[3] === undefined ? defaultPort : Number(match[3]);
  if (host === undefined || port < 1 || port > 65535) {
    throw modbusErrors.create('ENDPOINT', modbusTexts.noTcp(endpoint, device));
  }
  return { host, port };
}

/** Reads `dtu://host:port/id`: this machine's own address, loopback when left out, and the terminal's registration id. */
function parseTerminal(device: string, endpoint: string): TerminalEndpoint {
  const match = /^dtu:\/\/([^/\s]*):(\d{1,5})\/([^\s/?#]{1,64})$/.exec(endpoint);
  if (!match) {
    throw modbusErrors.create('ENDPOINT', modbusTexts.noTerminal(endpoint, device));
  }
  const [, host = '', port, terminal = ''] = match;
  return { ...parseEndpoint(device, `tcp://${host || '127.0.0.1'}:${port}`), terminal };
}

/**
 * Reads `tcp://host:port`, `rtu+tcp://host:port`, `dtu://host:port/id` or `serial:///dev/ttyS0?baud=9600&parity=even&data=8&stop=1` (those
 * settings when left out, as Modbus over Serial Line 1.02, 2.5.1 asks); throws `LL-MODBUS-ENDPOINT`.
 */
export function parseLine(device: string, endpoint: string): LineEndpoint {
  if (endpoint.startsWith('serial:')) return { kind: 'serial', ...parseSerial(device, endpoint) };
  if (endpoint.startsWith('rtu+tcp:')) return { kind: 'rtu+tcp', ...parseEndpoint(device, endpoint.slice(4)) };
  if (endpoint.startsWith('dtu:')) return { kind: 'dtu', ...parseTerminal(device, endpoint) };
  return { kind: 'tcp', ...parseEndpoint(device, endpoint) };
}

function parseSerial(device: string, endpoint: string): SerialEndpoint {
  const refuse = (why: Text) => modbusErrors.create('ENDPOINT', why);
  const match = /^serial:\/\/(\/[^?\s]+)(?:\?(\S*))?$/.exec(endpoint);
  if (!match) throw refuse(modbusTexts.noSerial(endpoint, device));
  const given = new URLSearchParams(match[2] ?? '');
  const choose = <Value extends string | number>(key: string, choices: readonly Value[], usual: Value): Value => {
    const text = given.get(key);
    given.delete(key);
    const found = text === null ? usual : choices.find((choice) => String(choice) === text);
    if (found === undefined)
      throw refuse(modbusTexts.serialSetting(endpoint, device, `${key}=${text}`, choices.join(', ')));
    return found;
  };
  const settings = {
    path: match[1] as string,
    baud: choose('baud', bauds, 9600),
    parity: choose('parity', parities, 'even'),
    dataBits: choose('data', [7, 8] as const, 8),
    stopBits: choose('stop', [1, 2] as const, 1),
  };
  const [unknown] = given.keys();
  if (unknown !== undefined) throw refuse(modbusTexts.serialKey(endpoint, device, unknown));
  return settings;
}

/** `10.0.0.7:502`, `[fe80::1]:502`. */
export function describeHost({ host, port }: TcpEndpoint): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`;
}

/** `10.0.0.7:502`, `0.0.0.0:5020 terminal 8612` or `/dev/ttyS0`, for messages. */
export function describeLine(line: LineEndpoint): string {
  if (line.kind === 'serial') return line.path;
  return line.kind === 'dtu' ? `${describeHost(line)} terminal ${line.terminal}` : describeHost(line);
}

/** Leading digit of each table's references in register maps (Modicon notation). */
export const leadingDigits: Readonly<Record<ModbusTable, number>> = { coil: 0, discrete: 1, input: 3, holding: 4 };

/** `40001`, or `400001` with five places. */
export function reference(table: ModbusTable, address: number, places = address > 9998 ? 5 : 4): string {
  return `${leadingDigits[table]}${String(address + 1).padStart(places, '0')}`;
}

/** `40001–40010`, the way register maps count: from 1, with six digits where five do not reach. */
function references(table: ModbusTable, address: number, count: number): string {
  const digits = address + count > 9999 ? 5 : 4;
  const first = reference(table, address, digits);
  return count === 1 ? first : `${first}–${reference(table, address + count - 1, digits)}`;
}

/** `holding 40001–40010`, for messages. */
export function describePlaces(table: ModbusTable, address: number, count: number): string {
  return `${table} ${references(table, address, count)}`;
}

const tableNames: Readonly<Record<ModbusTable, string>> = {
  coil: '线圈',
  discrete: '离散输入',
  input: '输入寄存器',
  holding: '保持寄存器',
};

/** `holding 40001–40010` in both languages. */
export function placesText(table: ModbusTable, address: number, count: number): Text {
  const range = references(table, address, count);
  return { zh: `${tableNames[table]} ${range}`, en: `${table} ${range}` };
}
