import { type Clock, delay } from '../../edge/core/clock.ts';
import type { EnquiryAnswer, RegisterEnquiry } from '../../edge/core/enquiry.ts';
import { both } from '../../edge/core/text.ts';
import { type ModbusClient, prepareRead } from './client.ts';
import { modbusErrors } from './errors.ts';
import { rankGuesses, unitRanges } from './guess.ts';
import { maxAddress } from './notation.ts';
import { isBitTable } from './pdu.ts';
import { placesText } from './place.ts';
import { type ForbiddenRange, forbiddenIn } from './planner.ts';
import { refusedBy } from './refusal.ts';

/** PLCs scan once a second or faster, so that the second reading is a new one. */
const pauseMs = 1_200;
/** Types and orders told. */
const maxReadings = 40;

interface EnquiryContext {
  readonly client: ModbusClient;
  readonly unit: number;
  /** For messages: `pump-7 (10.0.0.7:502 unit 3)`. */
  readonly target: string;
  readonly clock: Clock;
  readonly maxRegisters: number;
  readonly forbidden: readonly ForbiddenRange[];
}

/** Reads a stretch twice and tells every type and order that makes numbers or words of it. Rejects with a coded error. */
export async function askRegisters(context: EnquiryContext, enquiry: RegisterEnquiry): Promise<EnquiryAnswer> {
  const { clock } = context;
  assertAllowed(context, enquiry);
  const before = await readOnce(context, enquiry);
  await delay(clock, pauseMs);
  const cells = await readOnce(context, enquiry);
  const unit = enquiry.unit in unitRanges ? enquiry.unit : undefined;
  const guesses = isBitTable(enquiry.table) ? [] : rankGuesses([before, cells], unit);
  const readable = guesses.filter(({ values }) => values.every((value) => !Number.isNaN(value)));
  return { kind: 'registers', before: [...before], cells: [...cells], readings: readable.slice(0, maxReadings) };
}

function assertAllowed({ forbidden, target }: EnquiryContext, { table, address, count }: RegisterEnquiry): void {
  const places = placesText(table, address, count);
  const meets = forbiddenIn(forbidden, table, address, count) !== undefined;
  if (!meets && address + count - 1 <= maxAddress) return;
  const text = meets
    ? both(
        `read ${places.en} of ${target}: the configuration forbids to read there`,
        `读 ${target} 的${places.zh}：配置禁止读取该处`,
      )
    : both(`read ${places.en} of ${target}: ends past 65535`, `读 ${target} 的${places.zh}：超出 65535`);
  throw modbusErrors.create('ADDRESS', text);
}

async function readOnce(context: EnquiryContext, { table, address, count }: RegisterEnquiry): Promise<Uint16Array> {
  const { client, unit, target, maxRegisters } = context;
  const cells = new Uint16Array(count);
  for (let from = 0; from < count; from += maxRegisters) {
    const part = cells.subarray(from, from + maxRegisters);
    const outcome = await client.read(prepareRead(unit, table, address + from, part.length), part);
    if (outcome.kind === 'timeout') throw outcome.error;
    if (outcome.kind === 'exception')
      throw refusedBy(outcome.exception, 'read', target, placesText(table, address + from, part.length));
  }
  return cells;
}
