import { mkdir } from 'node:fs/promises';
import { hostname, networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { completeChange, type UnfinishedChange } from '../config/configuration-change.ts';
import { loadGateway } from '../config/load.ts';
import { formatProblem } from '../config/problem.ts';
import { realClock } from '../core/clock.ts';
import { describeError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { seededRandom } from '../core/random.ts';
import { buildGateway, type Gateway } from '../gateway.ts';
import { createLog } from '../observability/log.ts';
import { freeBytesOf } from '../store/disk-space.ts';
import { durationArgument, wholeNumber } from './arguments.ts';
import { learningOf } from './calibrate/by-itself.ts';
import { ExitCode } from './exit.ts';
import { firstStart, isFirstStart } from './first-start.ts';
import { version } from './installation.ts';
import { printProblems } from './problems.ts';
import { loadContext } from './product.ts';
import { sweepEarly } from './run/heap.ts';
import { readTail } from './run/read-tail.ts';
import { watchEventLoop } from './run/watchdog.ts';
import { untilStopped } from './stopping.ts';

const examples = `
Examples:
  lifeline run -c gateway.yaml
  lifeline run -c gateway.yaml --data /var/lib/lifeline --for 60s --json

State is kept only under --data. Logs are JSON lines on stderr (readable on a terminal). Ctrl-C stops cleanly within 5 s.
A process that hangs for 25 s ends itself, for the service manager to start it again.
Where nobody owns the console yet, the log shows a link that makes the owner; beyond loopback it stays shut until then.
Where the folder of gateway.yaml has none yet, a page on loopback asks for what it needs, and writes it.
SIGHUP (systemctl reload lifeline) takes the changed configuration in: devices, point tables, assets and sinks that it
leaves as they are go on undisturbed, and one with mistakes changes nothing.
`;

/** What is shown of a truth that has grown large: its last lines. */
const maxTruthBytes = 256 * 1024;
/** Where the console of a first start listens; gateway.yaml has the same default. */
const usualPort = 8080;

interface RunOptions {
  readonly config: string;
  readonly data: string;
  readonly for?: number;
  readonly port?: number;
  readonly console: boolean;
  readonly truth?: string;
  readonly json?: boolean;
}

/** `lifeline run`: a gateway, until it is told to stop. Prints its final status as JSON with `--json`. */
export function runCommand(program: Command): void {
  program
    .command('run')
    .description('run a gateway')
    .requiredOption('-c, --config <file>', 'gateway.yaml')
    .option('--data <dir>', 'folder for all state', 'data')
    .option('--for <duration>', 'stop after this long, such as 60s', durationArgument)
    .option('--port <n>', 'console port instead of the configured one', wholeNumber(0, 65535))
    .option('--no-console', 'serve no console')
    .option('--truth <file>', 'show what a simulated city says of itself (lifeline sim --truth) in the trends')
    .option('--json', 'print the final status as JSON on stdout')
    .addHelpText('after', examples)
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  const stopped = untilStopped(options.for);
  const clock = realClock();
  const dataDir = resolve(options.data);
  tellUnfinished(options.config, await completeChange(options.config));
  let port = options.port;
  if (options.console && (await isFirstStart(options.config))) {
    await mkdir(dataDir, { recursive: true, mode: 0o700 });
    const log = createLog('first-start', clock, process.stderr);
    port = await firstStart({ file: options.config, dataDir, port: port ?? usualPort, clock, log, stopped });
    if (port === undefined) process.exit(ExitCode.done);
  }
  const { gateway: loaded, errors, warnings } = await loadGateway(options.config, loadContext);
  printProblems(errors, warnings);
  if (!loaded) {
    process.exitCode = ExitCode.configInvalid;
    return;
  }
  const log = createLog(loaded.config.gateway.id, clock, process.stderr);
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const random = seededRandom(crypto.getRandomValues(new Int32Array(1))[0] as number);
  const web = options.console ? (port === undefined ? undefined : { port }) : false;
  const freeBytes = () => freeBytesOf(dataDir);
  const machineNames = namesOfMachine();
  const learn = learningOf(options.config, dataDir);
  const host = { clock, random, log, dataDir, version, freeBytes, machineNames, learn };
  const { truth } = options;
  const gateway = await buildGateway(loaded, host, {
    console: web,
    ...(truth === undefined ? {} : { truth: () => readTail(truth, maxTruthBytes) }),
    files: { file: options.config, context: loadContext },
  });
  try {
    process.on('SIGHUP', () => void reload(gateway, options.config, log));
    watchEventLoop();
    sweepEarly(clock);
    await gateway.start();
    await stopped;
  } finally {
    const before = gateway.status();
    await gateway.stop();
    const { sinks, journaled } = gateway.status();
    if (options.json) console.log(JSON.stringify({ ...before, sinks, journaled }));
  }
  process.exit(ExitCode.done);
}

function tellUnfinished(file: string, change: UnfinishedChange): void {
  if (change === 'completed') console.error(`${file}: a change that was being written is now complete`);
  if (change === 'changed-since')
    console.error(`${file}: a change that was being written is given up: its files were changed by hand since`);
}

/** Host name and addresses, as others may call this machine. */
function namesOfMachine(): string[] {
  const names = [hostname().toLowerCase(), 'localhost'];
  try {
    const addresses = Object.values(networkInterfaces()).flatMap((of) => of ?? []);
    return [...names, ...addresses.map(({ address }) => address)];
  } catch {
    // a service that may not ask the kernel for its addresses (RestrictAddressFamilies=) goes by its names
    return names;
  }
}

/** Takes the configuration in as it stands on disk now; says what came of it. */
async function reload(gateway: Gateway, file: string, log: Log): Promise<void> {
  try {
    const change = await gateway.reconfigure(async (running) => {
      const { gateway: next, errors, warnings } = await loadGateway(file, loadContext, running);
      // not by code: the log would tell one mistake of each code in a minute
      for (const problem of [...warnings, ...errors]) log.warn({}, formatProblem(problem));
      if (!next) log.error({ mistakes: errors.length }, `${file} has mistakes: nothing was changed`);
      return next;
    });
    if (change) log.info({ ...change }, 'configuration taken in');
  } catch (error) {
    log.error({}, `${file} could not be taken in, nothing was changed: ${describeError(error)}`);
  }
}
