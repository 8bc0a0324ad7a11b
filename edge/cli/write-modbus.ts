import { Argument, type Command, Option } from 'commander';
import { type NumberType, numberTypes, type WordOrder, wordOrders } from '../../drivers/api.ts';
import { type Notation, notations, parseAddress } from '../../drivers/modbus/notation.ts';
import { describePlaces } from '../../drivers/modbus/place.ts';
import { placesOf } from '../../drivers/modbus/planner.ts';
import { planWrite, type WritePlace } from '../../drivers/modbus/write.ts';
import { durationArgument, wholeNumber } from './arguments.ts';
import { consented, mustBeAskable, reportReadBack } from './consent.ts';
import { type ModbusTarget, openLine, targetArgument, targetForms } from './modbus/target.ts';
import { readPlace, writeBack } from './modbus/write-back.ts';
import { reportingFailure } from './reporting.ts';

const examples = `
Examples:
  lifeline write modbus tcp://10.0.3.17:502/1 holding 100 0.45 --type float32
  lifeline write modbus tcp://10.0.3.17:502/1 coil 9 1 --yes
  lifeline write modbus tcp://10.0.3.17:502/1 holding 102 1 --bit 3 --read-modify-write

For commissioning: it talks to the PLC itself, past any gateway. What is there and what will be is shown and must be
confirmed; without a terminal --yes is needed. The value is raw, before any scale. It is read back; exit 1 when the
device shows something else, 4 when nothing answers.
`;

interface WriteOptions {
  readonly type: NumberType;
  readonly order: WordOrder;
  readonly bit?: number;
  readonly readModifyWrite?: boolean;
  readonly multiple?: boolean;
  readonly notation: Notation;
  readonly timeout: number;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** `lifeline write modbus`: one value into a coil or holding register. */
export function writeModbus(group: Command): void {
  group
    .command('modbus')
    .description('a coil or holding register of a Modbus device')
    .argument('<target>', targetForms, targetArgument)
    .addArgument(new Argument('<table>', 'which table').choices(['coil', 'holding']))
    .argument('<address>', 'address')
    .argument('<value>', 'raw value; negative ones after --')
    .addOption(new Option('--type <type>', 'data type of a register').choices(numberTypes).default('uint16'))
    .addOption(new Option('--order <order>', 'byte order on the wire').choices(wordOrders).default('abcd'))
    .option('--bit <n>', 'one bit of the register', wholeNumber(0, 15))
    .option('--read-modify-write', 'with --bit: rewrite the whole register with its other bits as they were just read')
    .option('--multiple', 'function codes 15 and 16 even for a single coil or register')
    .addOption(new Option('--notation <kind>', 'how ADDRESS is written').choices(notations).default('wire'))
    .option('--timeout <duration>', 'how long to wait for an answer', durationArgument, 1000)
    .option('--yes', 'write without asking')
    .option('--json', 'print {table, address, before, value, readBack, ok}')
    .addHelpText('after', examples)
    .action((target, table, address, value, options: WriteOptions, command: Command) =>
      reportingFailure(() => write(target, { table, address, value }, options, command)),
    );
}

interface Wanted {
  readonly table: 'coil' | 'holding';
  readonly address: string;
  readonly value: string;
}

async function write(target: ModbusTarget, wanted: Wanted, options: WriteOptions, command: Command): Promise<void> {
  const { table } = wanted;
  const address = parseAddress(wanted.address, table, options.notation);
  if (typeof address !== 'number') return command.error(`error: ${address.why}`);
  const raw = Number(wanted.value);
  if (wanted.value.trim() === '' || !Number.isFinite(raw)) command.error(`error: "${wanted.value}" is not a number`);
  const { type, order, bit, yes, json, multiple = false, readModifyWrite = false } = options;
  const place: WritePlace = { table, address, bit, type: table === 'coil' || bit !== undefined ? 'bool' : type, order };
  // what can never be written is refused before anything is sent
  planWrite(place, raw, readModifyWrite ? { current: 0 } : {});
  mustBeAskable(yes, command);
  const line = await openLine(target, options.timeout);
  try {
    const before = await readPlace(line, target.unit, place, target.name);
    const where = `${describePlaces(table, address, placesOf(place))} of ${target.name}`;
    if (!(await consented(`${where}: ${before?.value ?? 'not readable'} → ${raw} (${describeKind(place)})`, yes)))
      return;
    const current = readModifyWrite ? before?.cells[0] : undefined;
    const result = await writeBack(line, target.unit, place, raw, { multiple, current, name: target.name });
    const { readBack, ok } = result;
    if (json) console.log(JSON.stringify({ table, address, before: before?.value ?? null, value: raw, readBack, ok }));
    else if (ok) console.log(`written, reads back as ${readBack}`);
    reportReadBack(ok, result.answer !== 'timeout', readBack);
  } finally {
    line.close();
  }
}

const describeKind = ({ table, type, order, bit }: WritePlace) =>
  table === 'coil' ? 'coil' : bit === undefined ? `${type} ${order}` : `bit ${bit}`;
