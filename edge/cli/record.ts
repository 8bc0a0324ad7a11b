import { resolve } from 'node:path';
import type { Command } from 'commander';
import { drivers } from '../../drivers/registry.ts';
import { type LoadedGateway, loadGateway } from '../config/load.ts';
import { realClock } from '../core/clock.ts';
import { suggest } from '../core/suggest.ts';
import { createLog } from '../observability/log.ts';
import { durationArgument, wholeNumber } from './arguments.ts';
import { ExitCode } from './exit.ts';
import { version } from './installation.ts';
import { driverState } from './opcua.ts';
import { printProblems } from './problems.ts';
import { loadContext } from './product.ts';
import { writeConfiguration } from './record/configuration.ts';
import { addGoldenCommand } from './record/golden-command.ts';
import { newFolder } from './record/new-folder.ts';
import { Recorder, type RecordingEnd, type RecordingFigures } from './record/recorder.ts';
import { addServeCommand } from './record/serve-command.ts';
import { reportingFailure } from './reporting.ts';
import { untilStopped } from './stopping.ts';

const progressMs = 1000;
const bytesPerMb = 1e6;

const examples = `
Examples:
  lifeline record -c gateway.yaml --out monday --for 10min
  lifeline record -c gateway.yaml --out pumps --device ps-1 --device ps-2 --max-mb 200
  lifeline run -c monday/replay.yaml                             plays it, with detection and console
  lifeline record golden monday tests/drivers/golden/ps-1         makes a test of it
  lifeline record serve monday                                   its Modbus devices, to be asked again

Connects to the devices itself, beside a running gateway or without one, and only reads; some PLCs allow one client only.
Writes samples, frames (Modbus) and configuration without passwords. Ctrl-C ends it cleanly; a recording that was cut off
is readable up to its last second. Exit 4 when no device answered.
`;

interface RecordOptions {
  readonly config: string;
  readonly out: string;
  readonly device: readonly string[];
  readonly for?: number;
  readonly maxMb: number;
  readonly data: string;
  readonly json?: boolean;
}

/** `lifeline record`: what the devices of a gateway say, into a folder. */
export function recordCommand(program: Command): void {
  const command = program
    .command('record')
    .enablePositionalOptions()
    .description('what the devices of a gateway say, frames included, into a folder that `driver: replay` plays')
    .option('-c, --config <file>', 'gateway.yaml')
    .option('--out <dir>', 'folder for the recording; must not exist yet, or be empty')
    .option('--device <id>', 'only this device; may be given several times', (id, list: string[]) => [...list, id], [])
    .option('--for <duration>', 'stop after this long, such as 10min', durationArgument)
    .option('--max-mb <n>', 'stop when samples and frames take so many MB', wholeNumber(1, 1_000_000), 1000)
    .option('--data <dir>', 'data folder of the gateway, for its certificates', 'data')
    .option('--json', 'print what was recorded as JSON')
    .addHelpText('after', examples)
    .action((options: RecordOptions) => reportingFailure(() => record(options, command)));
  addGoldenCommand(command);
  addServeCommand(command);
}

async function record(options: RecordOptions, command: Command): Promise<void> {
  // commands below this one need neither, so that the parser cannot ask for them
  for (const needed of ['config', 'out'] as const) {
    if (options[needed] === undefined) command.error(`error: required option '--${needed}' not specified`);
  }
  const stopped = untilStopped(options.for);
  const { gateway, errors } = await loadGateway(options.config, loadContext);
  if (!gateway) {
    printProblems(errors, []);
    process.exit(ExitCode.configInvalid);
  }
  const chosen = chooseEntries(gateway, options.device, command);
  const out = resolve(options.out);
  await newFolder(out);
  await writeConfiguration(options.config, gateway, chosen, out);
  const { figures, ended, failure } = await run(gateway, chosen, out, options, stopped);
  report(figures, ended, options);
  if (failure) throw failure;
  process.exit(figures.answered ? ExitCode.done : ExitCode.unreachable);
}

/** Ids of `devices:` entries; those of single unit ids belong to their entry. */
function chooseEntries(gateway: LoadedGateway, wanted: readonly string[], command: Command): ReadonlySet<string> {
  const ids = gateway.config.devices.map(({ id }) => id);
  const unknown = wanted.find((id) => !ids.includes(id));
  if (unknown !== undefined) {
    const near = suggest(unknown, ids);
    command.error(`error: no device is called "${unknown}"${near ? `; did you mean "${near}"?` : ''}`);
  }
  return new Set(wanted.length === 0 ? ids : wanted);
}

async function run(
  gateway: LoadedGateway,
  chosen: ReadonlySet<string>,
  out: string,
  options: RecordOptions,
  stopped: Promise<'signal' | 'time'>,
): Promise<{ figures: RecordingFigures; ended: RecordingEnd; failure?: unknown }> {
  const clock = realClock();
  const log = createLog(gateway.config.gateway.id, clock, process.stderr);
  let endItself: (end: { ended: RecordingEnd; failure?: unknown }) => void = () => undefined;
  const byItself = new Promise<{ ended: RecordingEnd; failure?: unknown }>((done) => {
    endItself = done;
  });
  const recorder = new Recorder({
    ...{ out, gateway: gateway.config.gateway.id, version, drivers },
    devices: gateway.devices.filter(({ definition }) => chosen.has(definition.id.split(':')[0] as string)),
    host: { clock, log, stateDir: driverState(options.data) },
    seed: Math.floor(clock.wallMs()) % 2 ** 31,
    maxBytes: options.maxMb * bytesPerMb,
    onEnd: (ended, failure) => endItself({ ended, failure }),
  });
  await recorder.start();
  const startedMs = clock.monotonicMs();
  const showing = process.stderr.isTTY
    ? setInterval(() => show(recorder.figures(), clock.monotonicMs() - startedMs), progressMs)
    : undefined;
  const end = await Promise.race([byItself, stopped.then((ended) => ({ ended }))]);
  clearInterval(showing);
  if (showing) process.stderr.write('\r\x1b[K');
  const { online } = recorder.figures();
  await recorder.stop(end.ended).catch((cause) => {
    if (end.ended !== 'disk') throw cause;
  });
  return { ...end, figures: { ...recorder.figures(), online } };
}

const amounts = ({ samples, frames, bytes }: RecordingFigures) =>
  `${samples} samples, ${frames} frames, ${(bytes / bytesPerMb).toFixed(1)} MB`;

/** One line that is written over and over. */
function show(figures: RecordingFigures, elapsedMs: number): void {
  const clock = new Date(elapsedMs).toISOString().slice(11, 19);
  process.stderr.write(`\r\x1b[K${clock}  ${figures.online} of ${figures.devices} devices online, ${amounts(figures)}`);
}

const reasons: Readonly<Record<RecordingEnd, string>> = {
  signal: '',
  time: '',
  size: ' Ended at the size that --max-mb allows.',
  disk: ' Ended since the disk takes no more.',
};

function report(figures: RecordingFigures, ended: RecordingEnd, { out, json }: RecordOptions): void {
  if (json) console.log(JSON.stringify({ out, ended, ...figures }));
  else {
    console.log(`${out}: ${amounts(figures)} of ${figures.devices} devices.${reasons[ended]}`);
    console.log(`Play it: lifeline run -c ${out}/replay.yaml`);
  }
}
