import type { LineAnswer, ModbusLine } from '../../../drivers/modbus/line.ts';
import { copyBits, copyRegisters, encodeReadRequest, isBitTable } from '../../../drivers/modbus/pdu.ts';
import { placesOf } from '../../../drivers/modbus/planner.ts';
import { heldBy, planWrite, type WritePlace } from '../../../drivers/modbus/write.ts';
import { readBackPauseMs, readBackTries } from '../../control/read-back.ts';
import { delay, realClock } from '../../core/clock.ts';
import { failureOf } from './read-cells.ts';

/** A place and the cells that it held at one moment. */
export interface Held {
  readonly cells: Uint16Array;
  readonly value: number;
}

/** What the place holds now; undefined when the device does not let it be read. */
export async function readPlace(
  line: ModbusLine,
  unit: number,
  place: WritePlace,
  name: string,
): Promise<Held | undefined> {
  const { table, address } = place;
  const count = placesOf(place);
  const answer = await line.ask(unit, encodeReadRequest(table, address, count));
  if (answer.kind === 'timeout') throw failureOf(answer, `read ${table} ${address} of ${name}`);
  if (answer.kind === 'exception') return undefined;
  const cells = new Uint16Array(count);
  if (isBitTable(table)) copyBits(answer.pdu, count, cells);
  else copyRegisters(answer.pdu, cells);
  return { cells, value: heldBy(place, cells) };
}

export interface WriteBack {
  /** Of the write itself; a lost one is settled by what reads back. */
  readonly answer: LineAnswer['kind'];
  readonly readBack: number | null;
  readonly ok: boolean;
}

/** Sends the one write and reads back until it shows; throws the coded error of a device that refuses. */
export async function writeBack(
  line: ModbusLine,
  unit: number,
  place: WritePlace,
  raw: number,
  options: { readonly multiple: boolean; readonly current: number | undefined; readonly name: string },
): Promise<WriteBack> {
  const { multiple, current, name } = options;
  const request = planWrite(place, raw, {
    ...(multiple ? { multiple } : {}),
    ...(current === undefined ? {} : { current }),
  });
  const answer = await line.ask(unit, request);
  if (answer.kind === 'exception') throw failureOf(answer, `write ${place.table} ${place.address} of ${name}`);
  const expected = place.type === 'float32' && place.table === 'holding' ? Math.fround(raw) : raw;
  let readBack: number | null = null;
  for (let attempt = 0; attempt < readBackTries && readBack !== expected; attempt++) {
    if (attempt > 0) await delay(realClock(), readBackPauseMs);
    readBack = (await readPlace(line, unit, place, name))?.value ?? null;
  }
  return { answer: answer.kind, readBack, ok: readBack === expected };
}
