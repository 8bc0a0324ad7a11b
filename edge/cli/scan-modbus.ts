import { type Command, InvalidArgumentError, Option } from 'commander';
import type { TcpEndpoint } from '../../drivers/modbus/place.ts';
import { realClock } from '../core/clock.ts';
import { durationArgument, wholeNumber } from './arguments.ts';
import { ExitCode } from './exit.ts';
import { parseScanTarget, parseUnits } from './modbus/addresses.ts';
import { measureInFlight } from './modbus/in-flight.ts';
import { type FoundDevice, Pace, type ScanParts, scanAddresses } from './modbus/scan-units.ts';
import { targetArgument } from './modbus/target.ts';
import { createProgress } from './progress.ts';
import { inColumns, reportingFailure } from './reporting.ts';
import { untilStopped } from './stopping.ts';

const maxRate = 1000;

const examples = `
Examples:
  lifeline scan modbus 10.0.3.17                         every unit id behind one address
  lifeline scan modbus 10.0.3.0/24 --units 1             a network, one unit id each
  lifeline scan modbus tcp://10.0.3.17:1502 --units 1-32 --rate 5
  lifeline scan modbus tcp://10.0.3.17:502/1 --in-flight --address 4    how many requests at once one device bears

Only reads: one holding register and the device identification (43/14) of every unit id. Scan only networks you may
scan, and slowly where old devices are: --rate limits connections and requests a second, all together. Ctrl-C shows
what was found so far. Exit 4 when nothing was found. --in-flight reads 1 to 16 holding registers from --address on, 64
times with each of 1, 2, 4, 8 and 16 requests at once, until answers fail; not while a gateway polls the device.
`;

interface ScanOptions {
  readonly units: readonly number[];
  readonly port: number;
  readonly rate: number;
  readonly timeout: number;
  readonly json?: boolean;
  readonly inFlight?: boolean;
  readonly address: number;
}

function unitsArgument(text: string): readonly number[] {
  const units = parseUnits(text);
  if (!units) throw new InvalidArgumentError('expected unit ids 0–247, such as 1-247 or 1,3,17-20');
  return units;
}

/** `lifeline scan modbus`: which Modbus TCP devices are there, and who they are. */
export function scanModbus(group: Command): void {
  group
    .command('modbus')
    .description('addresses, unit ids and identification of Modbus TCP devices')
    .argument('<target>', 'HOST, NETWORK/BITS or tcp://HOST:PORT')
    .addOption(
      new Option('--units <list>', 'unit ids to ask, such as 1-32 or 1,3,17-20')
        .argParser(unitsArgument)
        .default(parseUnits('1-247') ?? [], '1-247'),
    )
    .option('--port <n>', 'port, where the target does not name it', wholeNumber(1, 65_535), 502)
    .option('--rate <n>', 'connections and requests a second, at most', wholeNumber(1, maxRate), 20)
    .option('--timeout <duration>', 'how long to wait for an answer', durationArgument, 500)
    .option('--in-flight', 'find out how many requests at once the device tcp://HOST:PORT/UNIT bears')
    .option('--address <n>', 'first of 16 holding registers to read with --in-flight', wholeNumber(0, 65_520), 0)
    .option('--json', 'print JSON')
    .addHelpText('after', examples)
    .action(scan);
}

async function scan(target: string, options: ScanOptions, command: Command): Promise<void> {
  if (options.inFlight) return reportingFailure(() => countInFlight(target, options, command));
  const endpoints = parseScanTarget(target, options.port);
  if (!('length' in endpoints)) return command.error(`error: ${endpoints.why}`);
  const stopping = new AbortController();
  void untilStopped(undefined).then(() => stopping.abort());
  const found = await look(endpoints, options, stopping.signal);
  if (options.json) console.log(JSON.stringify(found));
  else printFound(found);
  if (stopping.signal.aborted) console.error('stopped; this is what was found until then');
  if (found.length > 0) process.exit(ExitCode.done);
  const { length } = endpoints;
  console.error(
    `lifeline: no Modbus device answered on ${length} ${length === 1 ? 'address' : 'addresses'}; check address, port and firewall, or try a longer --timeout`,
  );
  process.exit(ExitCode.unreachable);
}

async function countInFlight(text: string, options: ScanOptions, command: Command): Promise<void> {
  const target = /^tcp:\/\/[^/]+\/\d+$/.test(text) ? targetArgument(text) : undefined;
  if (!target) return command.error(`error: --in-flight measures one device, tcp://HOST:PORT/UNIT; "${text}" is none`);
  const { timeout: timeoutMs, address, json } = options;
  const { signal } = new AbortController();
  const { rows, recommended } = await measureInFlight(target, { clock: realClock(), timeoutMs, address, signal });
  if (json) console.log(JSON.stringify({ rows, recommended }));
  else {
    const body = rows.map((row) => [
      ...[row.inFlight, row.readsPerS, row.roundTripMs].map(String),
      row.problem || 'every answer right',
    ]);
    for (const line of inColumns([['in flight', 'reads/s', 'round trip ms', ''], ...body], [0, 1, 2]))
      console.log(line);
    console.log(`maxInFlight: ${recommended}`);
  }
  if (rows[0]?.problem) process.exitCode = ExitCode.unreachable;
}

async function look(
  endpoints: readonly TcpEndpoint[],
  { units, rate, timeout, json }: ScanOptions,
  signal: AbortSignal,
): Promise<readonly FoundDevice[]> {
  const clock = realClock();
  const found: FoundDevice[] = [];
  const total = endpoints.length * units.length;
  const progress = createProgress(total, process.stderr);
  let done = 0;
  const show = () => progress.update(done, `unit ids asked, ${found.length} found`);
  const parts: ScanParts = {
    ...{ clock, pace: new Pace(clock, rate), timeoutMs: timeout, units, signal },
    found: (device) => {
      found.push(device);
      progress.clear();
      if (!json) console.error(`found ${device.host}:${device.port} unit ${device.unit}`);
      show();
    },
    stepped: (count) => {
      done += count;
      show();
    },
  };
  await scanAddresses(endpoints, parts);
  progress.clear();
  const order = new Map(endpoints.map(({ host }, index) => [host, index]));
  return found.sort((a, b) => (order.get(a.host) ?? 0) - (order.get(b.host) ?? 0) || a.unit - b.unit);
}

function printFound(found: readonly FoundDevice[]): void {
  if (found.length === 0) return;
  const head = ['target', 'vendor', 'product', 'revision', 'name', 'holding 0'];
  const body = found.map(({ host, port, unit, vendor, product, revision, name, answer }) => [
    `tcp://${host}:${port}/${unit}`,
    ...[vendor, product, revision, name].map((text) => text ?? '–'),
    answer,
  ]);
  for (const line of inColumns([head, ...body])) console.log(line);
}
