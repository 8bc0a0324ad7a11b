import {
  asksIdentification,
  Exception,
  encodeException,
  encodeReadReply,
  encodeWriteReply,
  parseRequest,
} from '../../drivers/modbus/pdu.ts';
import type { Plc } from '../city/plant.ts';
import { answerIdentification } from './device-identification.ts';
import type { RegisterImage, WriteResult } from './register-image.ts';
import type { PlcTraffic } from './traffic.ts';

const writeExceptions = {
  'illegal-address': Exception.illegalAddress,
  'illegal-value': Exception.illegalValue,
} as const satisfies Record<Exclude<WriteResult, 'done'>, number>;

/** What answers at one unit id. */
export interface ModbusUnit {
  readonly plc: Plc;
  readonly image: RegisterImage;
}

/** Who asks, when (ms since epoch), and where it is counted. */
export interface Asking {
  readonly client: number;
  readonly nowMs: number;
  readonly traffic: PlcTraffic;
}

/** Answers one request, without MBAP header, and counts it; exception 11 where nobody has the unit id. */
export function answerModbus(pdu: Uint8Array, unit: ModbusUnit | undefined, asking: Asking): Uint8Array {
  const { traffic } = asking;
  const reply = unit ? answer(pdu, unit, asking) : encodeException(pdu, Exception.gatewayTarget);
  traffic.requests++;
  if (((reply[0] as number) & 0x80) !== 0) traffic.exceptions++;
  return reply;
}

function answer(pdu: Uint8Array, { plc, image }: ModbusUnit, { client, traffic, nowMs }: Asking): Uint8Array {
  if (asksIdentification(pdu)) return answerIdentification(pdu, plc);
  const request = parseRequest(pdu);
  if (request.kind === 'refused') return encodeException(pdu, request.exception);
  if (request.kind === 'read') {
    const cells = image.read(request.table, request.address, request.count);
    return cells ? encodeReadReply(request.table, cells) : encodeException(pdu, Exception.illegalAddress);
  }
  const result = image.write(request.table, request.address, request.values);
  if (result !== 'done') return encodeException(pdu, writeExceptions[result]);
  traffic.wrote(client, nowMs);
  return encodeWriteReply(pdu);
}
