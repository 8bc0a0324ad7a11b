import type { Command } from 'commander';
import { drivers } from '../../drivers/registry.ts';
import { type Acquisition, createAcquisition } from '../acquisition/acquisition.ts';
import { createCalculation } from '../calculation/calculation.ts';
import { type LoadedGateway, loadGateway } from '../config/load.ts';
import { plainValue, type SampleBatch } from '../core/batch.ts';
import { realClock } from '../core/clock.ts';
import { LiveTable } from '../core/live-table.ts';
import { silentLog } from '../core/log.ts';
import { isBad, qualityName } from '../core/quality.ts';
import { seededRandom } from '../core/random.ts';
import { createLog } from '../observability/log.ts';
import { createPipeline } from '../pipeline/pipeline.ts';
import { durationArgument } from './arguments.ts';
import { ExitCode } from './exit.ts';
import { driverState } from './opcua.ts';
import { printProblems } from './problems.ts';
import { loadContext } from './product.ts';
import { untilStopped } from './stopping.ts';
import { screenOf } from './watch/screen.ts';
import { selectTags, withInputs } from './watch/selection.ts';

const redrawMs = 1000;
const defaultRows = 40;
const defaultColumns = 120;

const examples = `
Examples:
  lifeline watch -c gateway.yaml
  lifeline watch -c gateway.yaml ps-1 '*/p-out'
  lifeline watch -c gateway.yaml ps-1/flow --for 10s --json | jq .value

Connects to the devices itself, beside a running gateway or without one, and only reads; some PLCs allow one client only.
Totals, counters and running hours of calculated points count from the start of the watch.
A terminal shows a table; anything else gets a JSON line per value: {time, tag, value, unit, quality, ageMs}. Exit 4 when
no device answered.
`;

interface WatchOptions {
  readonly config: string;
  readonly data: string;
  readonly for?: number;
  readonly json?: boolean;
}

/** `lifeline watch`: live values as the gateway would see them, with quality and age. */
export function watchCommand(program: Command): void {
  program
    .command('watch')
    .description('live values with quality and age')
    .argument('[tags...]', 'device/point, device, or patterns with *; all when left out')
    .requiredOption('-c, --config <file>', 'gateway.yaml')
    .option('--data <dir>', 'data folder of the gateway, for its certificates', 'data')
    .option('--for <duration>', 'stop after this long, such as 10s', durationArgument)
    .option('--json', 'JSON lines on a terminal too')
    .addHelpText('after', examples)
    .action(watch);
}

async function watch(wanted: readonly string[], options: WatchOptions, command: Command): Promise<void> {
  const stopped = untilStopped(options.for);
  const { gateway, errors } = await loadGateway(options.config, loadContext);
  if (!gateway) {
    printProblems(errors, []);
    process.exit(ExitCode.configInvalid);
  }
  const names = gateway.tags.definitions.map(({ name }) => name);
  const selected = selectTags(names, wanted);
  if ('unknown' in selected) {
    const near = selected.suggestion ? `; did you mean "${selected.suggestion}"?` : '';
    return command.error(`error: no tag matches "${selected.unknown}"${near}`);
  }
  const answered = await show(gateway, selected.tags, options, stopped);
  process.exit(answered ? ExitCode.done : ExitCode.unreachable);
}

/** Shows values until stopped; whether any device gave one. */
async function show(
  gateway: LoadedGateway,
  shown: readonly number[],
  options: WatchOptions,
  stopped: Promise<unknown>,
): Promise<boolean> {
  const clock = realClock();
  const screen = process.stdout.isTTY && !options.json;
  const live = new LiveTable(gateway.tags.size);
  const pipeline = createPipeline(gateway.tags, live);
  const needed = withInputs(shown, gateway.calculated);
  let answered = false;
  const printed = new Set(shown);
  pipeline.samples.subscribe((batch) => {
    answered ||= !batch.quality.every((quality) => isBad(quality));
    if (!screen) printLines(gateway, batch, printed, clock.wallMs());
  });
  const log = screen ? silentLog : createLog(gateway.config.gateway.id, clock, process.stderr);
  const random = seededRandom(Math.floor(clock.wallMs()));
  const acquisition = createAcquisition({
    ...{
      devices: devicesWith(gateway, needed),
      drivers,
      onBatch: pipeline.push,
      onDeviceChange: () => undefined,
    },
    host: { clock, random, log, stateDir: driverState(options.data) },
  });
  const calculation = createCalculation({
    points: gateway.calculated.filter(({ tag }) => needed.has(tag)),
    ...{ tags: gateway.tags, live, clock, log, push: pipeline.push },
    ...{ memories: new Map(), save: () => Promise.resolve() },
  });
  pipeline.samples.subscribe((batch) => calculation.batch(batch));
  acquisition.start();
  calculation.start();
  const draw = () => drawScreen(gateway, live, shown, acquisition, clock.wallMs());
  const redrawing = screen ? setInterval(draw, redrawMs) : undefined;
  await stopped;
  clearInterval(redrawing);
  if (screen) draw();
  await calculation.stop();
  await acquisition.stop();
  pipeline.close();
  return answered;
}

/** Devices cut down to the points that are needed, so that nothing else is asked of them. */
function devicesWith(gateway: LoadedGateway, needed: ReadonlySet<number>): LoadedGateway['devices'] {
  return gateway.devices.flatMap((device) => {
    const points = device.definition.points.filter(({ tag }) => needed.has(tag));
    return points.length === 0 ? [] : [{ ...device, definition: { ...device.definition, points } }];
  });
}

function drawScreen(
  { tags }: LoadedGateway,
  live: LiveTable,
  shown: readonly number[],
  acquisition: Acquisition,
  nowMs: number,
): void {
  const rows = process.stdout.rows ?? defaultRows;
  const lines = screenOf(tags, live, shown, acquisition.status(), { nowMs, rows });
  const columns = process.stdout.columns ?? defaultColumns;
  const fitting = lines.map((line) => line.slice(0, columns));
  process.stdout.write(`\x1b[H\x1b[2J${fitting.join('\n')}\n`);
}

function printLines({ tags }: LoadedGateway, batch: SampleBatch, shown: ReadonlySet<number>, nowMs: number): void {
  for (let row = 0; row < batch.tags.length; row++) {
    const tag = batch.tags[row] as number;
    if (!shown.has(tag)) continue;
    const { name, unit } = tags.at(tag);
    const quality = batch.quality[row] as number;
    const time = batch.times[row] as number;
    const line = { value: plainValue(batch, row), unit, quality: qualityName(quality) };
    console.log(
      JSON.stringify({ time: new Date(time).toISOString(), tag: name, ...line, ageMs: Math.max(0, nowMs - time) }),
    );
  }
}
