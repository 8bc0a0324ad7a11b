import { isTextType } from '../../drivers/api.ts';
import { encodeReadRequest, encodeWriteRequest } from '../../drivers/modbus/pdu.ts';
import { encodeValue, registersOf } from '../../drivers/modbus/registers.ts';
import type { Plc, PlcPoint } from '../city/plant.ts';
import type { ClientRequest } from './client-lines.ts';

/** What goes to a unit, without MBAP header. */
export interface ModbusRequest {
  readonly unit: number;
  readonly pdu: Uint8Array;
}

/** What a foreign client asks, as Modbus says it: one point a request, in the registers and the type that it has. */
export function modbusRequest(request: ClientRequest, plc: Plc): ModbusRequest {
  if (request.kind === 'probe') {
    const { unit, code, address } = request;
    return { unit, pdu: Uint8Array.of(code, address >>> 8, address, 0, 1) };
  }
  const { point } = request;
  return {
    unit: plc.unit,
    pdu: request.kind === 'read' ? reading(point) : writing(point, rawOf(point, request.value)),
  };
}

/** What the wire carries of an engineering value. */
export const rawOf = ({ scale, offset }: PlcPoint, value: number): number => (value - offset) / scale;

function reading({ table, address, type, length }: PlcPoint): Uint8Array {
  const isBits = table === 'coil' || table === 'discrete';
  return encodeReadRequest(table, address, isBits ? 1 : registersOf(type, length));
}

function writing({ name, table, address, type, order }: PlcPoint, raw: number): Uint8Array {
  if (isTextType(type)) throw new RangeError(`${name} holds text and takes no numbers`);
  if (table === 'coil') return encodeWriteRequest(table, address, Uint16Array.of(raw));
  return encodeWriteRequest('holding', address, encodeValue(type, order, raw));
}
