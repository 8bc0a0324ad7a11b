import { Argument, type Command, Option } from 'commander';
import { isTextType, isTimeType, type PointType, pointTypes, type WordOrder, wordOrders } from '../../drivers/api.ts';
import { rankGuesses, unitRanges } from '../../drivers/modbus/guess.ts';
import type { Guess } from '../../drivers/modbus/guessed.ts';
import { type Notation, notations, parseAddress } from '../../drivers/modbus/notation.ts';
import { isBitTable, type ModbusTable, maxReadRegisters } from '../../drivers/modbus/pdu.ts';
import { reference } from '../../drivers/modbus/place.ts';
import { decoderOf, registersOf } from '../../drivers/modbus/registers.ts';
import { textReaderOf } from '../../drivers/modbus/text.ts';
import { delay, realClock } from '../core/clock.ts';
import { suggest } from '../core/suggest.ts';
import { durationArgument, wholeNumber } from './arguments.ts';
import { readCells } from './modbus/read-cells.ts';
import { type ModbusTarget, openLine, targetArgument, targetForms } from './modbus/target.ts';
import { inColumns, reportingFailure } from './reporting.ts';

export const tables = ['coil', 'discrete', 'holding', 'input'] as const;
/** Registers of one `read`, so that a slip of the finger does not occupy a PLC for minutes. */
const maxCount = 10_000;
/** Registers that are worth guessing at once: four wide values. */
const maxGuessed = 16;
/** PLCs scan once a second or faster, so that the second reading is a new one. */
const guessPauseMs = 1200;
const looksRight = 0.5;

const examples = `
Examples:
  lifeline read modbus tcp://10.0.3.17:502/1 holding 0 20
  lifeline read modbus tcp://10.0.3.17:502/1 holding 0 2 --type float32 --order cdab
  lifeline read modbus tcp://10.0.3.17:502/1 holding 300 8 --type string-gbk
  lifeline read modbus tcp://10.0.3.17:502/1 holding 40001 20 --notation modicon5
  lifeline read modbus tcp://10.0.3.17:502/1 holding 0 2 --guess --unit kPa     which type and order is it?

ADDRESS is zero-based as on the wire unless --notation says otherwise. Exit 4 when nothing answers.
`;

interface ReadOptions {
  readonly type?: PointType;
  readonly order: WordOrder;
  readonly length?: number;
  readonly notation: Notation;
  readonly timeout: number;
  readonly guess?: boolean;
  readonly unit?: string;
  readonly json?: boolean;
}

/** `lifeline read modbus`: registers or bits of a device, without any configuration. */
export function readModbus(group: Command): void {
  group
    .command('modbus')
    .description('registers or bits of a Modbus device, in whatever type and order')
    .argument('<target>', targetForms, targetArgument)
    .addArgument(new Argument('<table>', 'which table').choices(tables))
    .argument('<address>', 'first address')
    .argument('<count>', 'registers, or bits', wholeNumber(1, maxCount))
    .addOption(new Option('--type <type>', 'data type; uint16 when left out').choices(pointTypes))
    .option('--length <n>', 'registers of one text; all that are read when left out', wholeNumber(1, maxReadRegisters))
    .addOption(new Option('--order <order>', 'byte order on the wire').choices(wordOrders).default('abcd'))
    .addOption(new Option('--notation <kind>', 'how ADDRESS is written').choices(notations).default('wire'))
    .option('--guess', 'show the span as every plausible type and order, the likely ones first')
    .option('--unit <unit>', 'with --guess: unit of the value, such as kPa')
    .option('--timeout <duration>', 'how long to wait for an answer', durationArgument, 1000)
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action((target, table, address, count, options: ReadOptions, command: Command) =>
      reportingFailure(() => read({ target, table, address, count }, options, command)),
    );
}

interface Span {
  readonly target: ModbusTarget;
  readonly table: ModbusTable;
  readonly address: string;
  readonly count: number;
}

async function read(span: Span, options: ReadOptions, command: Command): Promise<void> {
  const { target, table, count } = span;
  const address = addressOf(span.address, table, options.notation, command);
  if (address + count > 65_536) command.error(`error: ${count} from address ${address} ends past 65535`);
  const line = await openLine(target, options.timeout);
  try {
    if (options.guess) {
      checkGuess(span, options, command);
      const readings = [await readCells(line, target, table, address, count)];
      if (!options.json) console.error(`read once; again in ${guessPauseMs / 1000} s, to see what moves`);
      await delay(realClock(), guessPauseMs);
      readings.push(await readCells(line, target, table, address, count));
      printGuesses(rankGuesses(readings, options.unit), readings, options);
    } else {
      const type = typeOf(span, options, command);
      printCells(await readCells(line, target, table, address, count), { table, address, type, options });
    }
  } finally {
    line.close();
  }
}

/** The address on the wire; ends the command with a usage error when the text is none. */
export function addressOf(text: string, table: ModbusTable, notation: Notation, command: Command): number {
  const address = parseAddress(text, table, notation);
  return typeof address === 'number' ? address : command.error(`error: ${address.why}`);
}

function typeOf({ table, count }: Span, { type, length }: ReadOptions, command: Command): PointType {
  if (isBitTable(table)) {
    if (type !== undefined && type !== 'bool') command.error(`error: table ${table} holds bits; leave --type out`);
    return 'bool';
  }
  const chosen = type ?? 'uint16';
  if (length !== undefined && !isTextType(chosen)) command.error(`error: --length is for texts; ${chosen} has its own`);
  const width = registersOf(chosen, length ?? count);
  if (count % width !== 0) {
    command.error(
      `error: ${chosen} fills ${width} registers, so that COUNT must be a multiple of ${width}, not ${count}`,
    );
  }
  return chosen;
}

function checkGuess({ table, count }: Span, { unit }: ReadOptions, command: Command): void {
  if (isBitTable(table)) command.error(`error: table ${table} holds bits; there is nothing to guess`);
  if (count > maxGuessed) command.error(`error: --guess takes 1–${maxGuessed} registers, such as 2 for one float32`);
  if (unit === undefined || unit in unitRanges) return;
  const known = Object.keys(unitRanges);
  const near = suggest(unit, known);
  command.error(
    `error: --unit ${unit} is unknown${near ? `; did you mean "${near}"?` : ''} Known: ${known.join(', ')}`,
  );
}

interface Printed {
  readonly table: ModbusTable;
  readonly address: number;
  readonly type: PointType;
  readonly options: ReadOptions;
}

function printCells(cells: Uint16Array, { table, address, type, options }: Printed): void {
  const { order, length = cells.length } = options;
  const bits = isBitTable(table);
  const width = bits ? 1 : registersOf(type, length);
  const valueAt = isTextType(type) ? textReaderOf(type, order, length) : decoderOf(type, order);
  const rows = Array.from({ length: cells.length / width }, (_, index) => {
    const at = index * width;
    const raw = [...cells.subarray(at, at + width)];
    return { address: address + at, raw, value: bits ? (raw[0] as number) : (valueAt(cells, at) ?? null), type, order };
  });
  if (options.json) {
    console.log(JSON.stringify(rows));
    return;
  }
  const head = ['address', 'reference', bits ? 'bit' : 'registers', `value as ${bits ? 'bit' : `${type} ${order}`}`];
  const body = rows.map((row) => [
    String(row.address),
    reference(table, row.address),
    bits ? String(row.value) : hex(row.raw),
    textOf(type, row.value),
  ]);
  for (const line of inColumns([head, ...body], [0, 3])) console.log(line);
}

function textOf(type: PointType, value: number | string | null): string {
  if (value === null || Number.isNaN(value)) return 'none';
  if (typeof value === 'string') return JSON.stringify(value);
  if (type === 'time-unix32') return new Date(value).toISOString();
  // its own clock, whatever zone that is in
  if (type === 'time-bcd48') return new Date(value).toISOString().slice(0, 19).replace('T', ' ');
  return type === 'float32' ? brief(value) : String(value);
}

const hex = (registers: readonly number[]) =>
  registers.map((register) => register.toString(16).toUpperCase().padStart(4, '0')).join(' ');

/** Seven digits, as many as a float32 carries; powers of ten where nobody would count the zeros. */
function brief(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e12 || size < 1e-6) && Number.isFinite(value)) return value.toExponential(2);
  return String(Number(value.toPrecision(7)));
}

const scaledText = (type: PointType, value: number | string, scale: number) =>
  typeof value === 'number' && !isTimeType(type) ? brief(value * scale) : textOf(type, value);

function printGuesses(guesses: readonly Guess[], readings: readonly Uint16Array[], options: ReadOptions): void {
  if (options.json) {
    console.log(JSON.stringify(guesses.map((guess) => ({ ...guess, why: guess.why.en }))));
    return;
  }
  const [first = [], last = []] = readings.map((reading) => [...reading]);
  console.log(`registers ${hex(first)}, then ${hex(last)}`);
  const readable = guesses.filter(({ values }) => values.every((value) => !Number.isNaN(value)));
  const body = readable.map(({ type, order, scale, values, before, score, why }) => [
    score >= looksRight ? '*' : '',
    score.toFixed(2),
    type,
    order,
    scale === 1 ? '' : `× ${scale}`,
    before.map((value) => scaledText(type, value, scale)).join(', '),
    values.map((value) => scaledText(type, value, scale)).join(', '),
    why.en,
  ]);
  const head = ['', 'score', 'type', 'order', 'scale', options.unit ?? 'value', 'then', 'why'];
  for (const line of inColumns([head, ...body], [1, 5, 6])) console.log(line);
  const others = guesses.length - readable.length;
  if (others > 0) console.log(`${others} more types and orders make no number of them.`);
  if (last.every((register) => register === 0)) console.log('All registers are 0: read again when the value is not.');
}
