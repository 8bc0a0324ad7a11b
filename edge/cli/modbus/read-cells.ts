import { modbusErrors } from '../../../drivers/modbus/errors.ts';
import type { LineAnswer, ModbusLine } from '../../../drivers/modbus/line.ts';
import {
  copyBits,
  copyRegisters,
  describeException,
  encodeReadRequest,
  isBitTable,
  isGatewayException,
  type ModbusTable,
  maxReadBits,
  maxReadRegisters,
} from '../../../drivers/modbus/pdu.ts';
import { describePlaces } from '../../../drivers/modbus/place.ts';
import type { LifelineError } from '../../core/errors.ts';
import { asText } from '../../core/text.ts';
import type { ModbusTarget } from './target.ts';

/** Registers, or bits as 0 and 1, from a zero-based address on; several reads when one cannot carry them. */
export async function readCells(
  line: ModbusLine,
  target: ModbusTarget,
  table: ModbusTable,
  address: number,
  count: number,
): Promise<Uint16Array> {
  const cells = new Uint16Array(count);
  const most = isBitTable(table) ? maxReadBits : maxReadRegisters;
  for (let from = 0; from < count; from += most) {
    const part = cells.subarray(from, Math.min(from + most, count));
    const answer = await line.ask(target.unit, encodeReadRequest(table, address + from, part.length));
    if (answer.kind !== 'answer') {
      throw failureOf(answer, `read ${describePlaces(table, address + from, part.length)} of ${target.name}`);
    }
    if (isBitTable(table)) copyBits(answer.pdu, part.length, part);
    else copyRegisters(answer.pdu, part);
  }
  return cells;
}

/** The coded error of a request that was refused or not answered. */
export function failureOf(answer: Exclude<LineAnswer, { kind: 'answer' }>, action: string): LifelineError {
  if (answer.kind === 'timeout') return modbusErrors.create('TIMEOUT', asText(`${action}: no answer`));
  const gateway = isGatewayException(answer.exception);
  const what = `exception ${describeException(answer.exception)}`;
  return modbusErrors.create(gateway ? 'GATEWAY' : 'EXCEPTION', asText(`${action}: ${what}`));
}
