import type { Text } from '../../edge/core/text.ts';
import type { PointAddress } from '../api.ts';

/**
 * Protocol data units of the Modbus Application Protocol 1.1b3, clause 6: function codes 1–6, 15, 16 and 43/14, both
 * as the client and as a server (the simulated PLCs) see them.
 */
export type ModbusTable = PointAddress['table'];

/** Most registers and most bits that one read may ask for (clauses 6.3 and 6.1). */
export const maxReadRegisters = 125;
export const maxReadBits = 2000;
/** Most registers and most bits that one write may carry (clauses 6.12 and 6.11). */
export const maxWriteRegisters = 123;
export const maxWriteBits = 1968;

/** Exception codes of clause 7. */
export const Exception = {
  illegalFunction: 1,
  illegalAddress: 2,
  illegalValue: 3,
  deviceFailure: 4,
  acknowledge: 5,
  busy: 6,
  gatewayPath: 10,
  gatewayTarget: 11,
} as const;

const exceptionTexts = new Map<number, Text>([
  [Exception.illegalFunction, { zh: '功能码不支持', en: 'illegal function' }],
  [Exception.illegalAddress, { zh: '数据地址非法', en: 'illegal data address' }],
  [Exception.illegalValue, { zh: '数据值非法', en: 'illegal data value' }],
  [Exception.deviceFailure, { zh: '设备故障', en: 'device failure' }],
  [Exception.acknowledge, { zh: '已受理，处理中', en: 'acknowledge' }],
  [Exception.busy, { zh: '设备忙', en: 'device busy' }],
  [Exception.gatewayPath, { zh: '网关路径不可用', en: 'gateway path unavailable' }],
  [Exception.gatewayTarget, { zh: '网关下的目标设备无应答', en: 'gateway target did not answer' }],
]);
const unknownException: Text = { zh: '未知异常', en: 'unknown exception' };

/** `2 illegal data address`, in both languages. */
export function exceptionText(code: number): Text {
  const { zh, en } = exceptionTexts.get(code) ?? unknownException;
  return { zh: `${code} ${zh}`, en: `${code} ${en}` };
}

/** `2 illegal data address`, for messages. */
export const describeException = (code: number): string => exceptionText(code).en;

/** Whether a gateway in front of the device says that it did not get through: the device itself said nothing. */
export function isGatewayException(code: number): boolean {
  return code === Exception.gatewayPath || code === Exception.gatewayTarget;
}

const readFunctions: Readonly<Record<ModbusTable, number>> = { coil: 1, discrete: 2, holding: 3, input: 4 };
const tablesByFunction = new Map<number, ModbusTable>([
  [1, 'coil'],
  [2, 'discrete'],
  [3, 'holding'],
  [4, 'input'],
]);

/** Whether a table holds bits (coils, discrete inputs) rather than registers. */
export const isBitTable = (table: ModbusTable): boolean => table === 'coil' || table === 'discrete';

const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] as number) << 8) | (bytes[at + 1] as number);

/** Asks for `count` registers or bits from a zero-based address. */
export function encodeReadRequest(table: ModbusTable, address: number, count: number): Uint8Array {
  return Uint8Array.of(readFunctions[table], address >>> 8, address, count >>> 8, count);
}

/**
 * Writes registers, or coils given as 0 and not 0, from a zero-based address: codes 5 and 6 for a single one, 15 and 16
 * for several, or for one too with `multiple` (some devices know only these). RangeError outside the limits of the standard.
 */
export function encodeWriteRequest(
  table: 'coil' | 'holding',
  address: number,
  values: Uint16Array,
  multiple = values.length > 1,
): Uint8Array {
  const bits = table === 'coil';
  const count = values.length;
  const most = bits ? maxWriteBits : maxWriteRegisters;
  if (count < 1 || count > most) throw new RangeError(`a write of ${count} ${table} values, outside 1–${most}`);
  const [first = 0] = values;
  if (!multiple && bits) return Uint8Array.of(5, address >>> 8, address, first === 0 ? 0 : 0xff, 0);
  if (!multiple) return Uint8Array.of(6, address >>> 8, address, first >>> 8, first);
  const data = dataOf(bits, values);
  const head = [bits ? 15 : 16, address >>> 8, address, count >>> 8, count, data.length];
  const pdu = new Uint8Array(head.length + data.length);
  pdu.set(head);
  pdu.set(data, head.length);
  return pdu;
}

/** What an answer to any request turned out to be; `mismatch` belongs to no such request. */
export type Reply = 'answer' | 'mismatch' | { readonly exception: number };

/** Judges an answer to a request of codes 1–6, 15, 16 or 43/14: function, length and what must be echoed all fit. */
export function judgeReply(reply: Uint8Array, request: Uint8Array): Reply {
  const code = request[0] as number;
  if (reply[0] === (code | 0x80) && reply.length === 2) return { exception: reply[1] as number };
  if (reply[0] !== code) return 'mismatch';
  const table = tablesByFunction.get(code);
  if (table) return judgeReadReply(reply, table, uint16(request, 3)) === 'values' ? 'answer' : 'mismatch';
  const echoed = code === encapsulated ? 3 : 5;
  for (let index = 0; index < echoed; index++) if (reply[index] !== request[index]) return 'mismatch';
  if (code === encapsulated) return parseIdentificationReply(reply) ? 'answer' : 'mismatch';
  return reply.length === echoed ? 'answer' : 'mismatch';
}

/** Function 43 (encapsulated interface) and its MEI type 14, read device identification (clause 6.21). */
const encapsulated = 0x2b;
const readDeviceIdentification = 0x0e;
/** Bytes of an identification answer before its objects. */
const identificationHeadBytes = 7;

/** How much a client wants to know: the three basic objects, all regular ones, all there are, or a single one. */
export const IdentificationCode = { basic: 1, regular: 2, extended: 3, single: 4 } as const;

/** Asks who the device is, from object `from` on (or for that object alone). */
export function encodeIdentificationRequest(code: number, from = 0): Uint8Array {
  return Uint8Array.of(encapsulated, readDeviceIdentification, code, from);
}

/** Whether a request asks who the device is. */
export const asksIdentification = (pdu: Uint8Array): boolean =>
  pdu[0] === encapsulated && pdu[1] === readDeviceIdentification;

/** A part of a device's identification: 0 vendor, 1 product code, 2 revision, 3 URL, 4 product, 5 model, 6 application. */
export interface Identification {
  readonly conformity: number;
  /** Object to go on from, when not all fitted into one answer. */
  readonly next: number | undefined;
  readonly objects: ReadonlyMap<number, string>;
}

/** Reads an identification answer; undefined when its lengths contradict each other. */
export function parseIdentificationReply(pdu: Uint8Array): Identification | undefined {
  if (!asksIdentification(pdu) || pdu.length < identificationHeadBytes) return undefined;
  const [, , , conformity = 0, more = 0, next = 0, count = 0] = pdu;
  const objects = new Map<number, string>();
  let at = identificationHeadBytes;
  for (let index = 0; index < count; index++) {
    const end = at + 2 + (pdu[at + 1] ?? Number.NaN);
    if (!(end <= pdu.length)) return undefined;
    objects.set(pdu[at] as number, new TextDecoder('latin1').decode(pdu.subarray(at + 2, end)));
    at = end;
  }
  return at === pdu.length ? { conformity, next: more === 0xff ? next : undefined, objects } : undefined;
}

/** Answers an identification request with objects that fit one PDU; `next` names the object to go on from. */
export function encodeIdentificationReply(code: number, { conformity, next, objects }: Identification): Uint8Array {
  const body = [...objects].flatMap(([id, text]) => [id, text.length, ...new TextEncoder().encode(text)]);
  const more = next === undefined ? [0, 0] : [0xff, next];
  return Uint8Array.of(
    ...[encapsulated, readDeviceIdentification, code, conformity],
    ...[...more, objects.size],
    ...body,
  );
}

/** What an answer to a read turned out to be; `mismatch` belongs to no such request. */
export type ReadReply = 'values' | 'mismatch' | { readonly exception: number };

/** Judges an answer to a read of `count` registers or bits: function, byte count and length must all fit. */
export function judgeReadReply(pdu: Uint8Array, table: ModbusTable, count: number): ReadReply {
  const expected = readFunctions[table];
  if (pdu[0] === expected) {
    const bytes = isBitTable(table) ? (count + 7) >>> 3 : count * 2;
    return pdu[1] === bytes && pdu.length === bytes + 2 ? 'values' : 'mismatch';
  }
  return pdu[0] === (expected | 0x80) && pdu.length === 2 ? { exception: pdu[1] as number } : 'mismatch';
}

/** Copies the registers of a judged answer to the front of `target`. */
export function copyRegisters(pdu: Uint8Array, target: Uint16Array): void {
  const count = (pdu.length - 2) >>> 1;
  for (let index = 0; index < count; index++) target[index] = uint16(pdu, 2 + index * 2);
}

/** Copies the first `count` bits of a judged answer to the front of `target`, one element (0 or 1) per bit. */
export function copyBits(pdu: Uint8Array, count: number, target: Uint16Array): void {
  for (let index = 0; index < count; index++) target[index] = ((pdu[2 + (index >>> 3)] as number) >>> (index & 7)) & 1;
}

/** A request as a server understands it; `values` are registers, or 0 and 1 for coils. */
export type ModbusRequest =
  | { readonly kind: 'read'; readonly table: ModbusTable; readonly address: number; readonly count: number }
  | {
      readonly kind: 'write';
      readonly table: 'coil' | 'holding';
      readonly address: number;
      readonly values: Uint16Array;
    }
  | { readonly kind: 'refused'; readonly exception: number };

const refused = (exception: number): ModbusRequest => ({ kind: 'refused', exception });

/** Parses a request; anything malformed or unsupported comes back as the exception to answer with. */
export function parseRequest(pdu: Uint8Array): ModbusRequest {
  const code = pdu[0] as number;
  const table = tablesByFunction.get(code);
  if (table) {
    const count = pdu.length === 5 ? uint16(pdu, 3) : 0;
    if (count < 1 || count > (isBitTable(table) ? maxReadBits : maxReadRegisters))
      return refused(Exception.illegalValue);
    const address = uint16(pdu, 1);
    return address + count > 65536 ? refused(Exception.illegalAddress) : { kind: 'read', table, address, count };
  }
  if (code === 5 || code === 6) return parseSingleWrite(pdu, code);
  if (code === 15 || code === 16) return parseMultipleWrite(pdu, code);
  return refused(Exception.illegalFunction);
}

function parseSingleWrite(pdu: Uint8Array, code: 5 | 6): ModbusRequest {
  if (pdu.length !== 5) return refused(Exception.illegalValue);
  const address = uint16(pdu, 1);
  const value = uint16(pdu, 3);
  if (code === 6) return { kind: 'write', table: 'holding', address, values: Uint16Array.of(value) };
  if (value !== 0 && value !== 0xff00) return refused(Exception.illegalValue);
  return { kind: 'write', table: 'coil', address, values: Uint16Array.of(value === 0 ? 0 : 1) };
}

function parseMultipleWrite(pdu: Uint8Array, code: 15 | 16): ModbusRequest {
  if (pdu.length < 6) return refused(Exception.illegalValue);
  const address = uint16(pdu, 1);
  const count = uint16(pdu, 3);
  const bits = code === 15;
  const bytes = bits ? (count + 7) >>> 3 : count * 2;
  const fits = count >= 1 && count <= (bits ? maxWriteBits : maxWriteRegisters);
  if (!fits || pdu[5] !== bytes || pdu.length !== bytes + 6) return refused(Exception.illegalValue);
  if (address + count > 65536) return refused(Exception.illegalAddress);
  const values = new Uint16Array(count);
  const data = pdu.subarray(4);
  if (bits) copyBits(data, count, values);
  else copyRegisters(data, values);
  return { kind: 'write', table: bits ? 'coil' : 'holding', address, values };
}

/** Answers a read with registers, or with bits given as one element (0 or not 0) each. */
export function encodeReadReply(table: ModbusTable, values: Uint16Array): Uint8Array {
  const bits = isBitTable(table);
  const bytes = bits ? (values.length + 7) >>> 3 : values.length * 2;
  const pdu = new Uint8Array(2 + bytes);
  pdu[0] = readFunctions[table];
  pdu[1] = bytes;
  pack(bits, values, pdu, 2);
  return pdu;
}

function dataOf(bits: boolean, values: Uint16Array): Uint8Array {
  const data = new Uint8Array(bits ? (values.length + 7) >>> 3 : values.length * 2);
  pack(bits, values, data, 0);
  return data;
}

/** Lays registers, or bits eight to a byte (the first lowest), into zeroed bytes from `at` on. */
function pack(bits: boolean, values: Uint16Array, bytes: Uint8Array, at: number): void {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] as number;
    if (!bits) {
      bytes[at + index * 2] = value >>> 8;
      bytes[at + index * 2 + 1] = value;
    } else if (value !== 0) {
      const byte = at + (index >>> 3);
      bytes[byte] = (bytes[byte] as number) | (1 << (index & 7));
    }
  }
}

/** Confirms a write: the first five bytes of its request (function, address, value or count). */
export const encodeWriteReply = (request: Uint8Array): Uint8Array => request.slice(0, 5);

/** Refuses a request. */
export function encodeException(request: Uint8Array, exception: number): Uint8Array {
  return Uint8Array.of((request[0] as number) | 0x80, exception);
}
