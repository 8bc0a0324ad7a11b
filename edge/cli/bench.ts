import { cpus, totalmem } from 'node:os';
import { type Command, Option } from 'commander';
import type { BenchRow } from '../../ops/bench/row.ts';
import { courses } from '../../ops/bench/time-to-detect/courses.ts';
import { suggest } from '../core/suggest.ts';
import { durationArgument } from './arguments.ts';
import { ExitCode } from './exit.ts';

interface BenchOptions {
  readonly json?: boolean;
  /** How long a soak lasts, ms. */
  readonly for: number;
  /** The one course of time-to-detect that is run. */
  readonly course?: string;
}

/** How far a long one is, beside its result. */
const tell = (line: string) => console.error(`  ${line}`);

/** Every benchmark by name; its module is loaded only when it runs. */
const benches: Readonly<Record<string, (options: BenchOptions) => Promise<readonly BenchRow[]>>> = {
  store: async () => (await import('../../ops/bench/store.ts')).benchStore(),
  upstream: async () => (await import('../../ops/bench/upstream.ts')).benchUpstream(),
  calculation: async () => (await import('../../ops/bench/calculation.ts')).benchCalculation(),
  solve: async () => (await import('../../ops/bench/solve.ts')).benchSolve(),
  demo: async () => (await import('../../ops/bench/demo.ts')).benchDemo(),
  modbus: async () => (await import('../../ops/bench/modbus.ts')).benchModbus(),
  drivers: async () => (await import('../../ops/bench/drivers.ts')).benchDrivers(),
  'drivers-opcua': async () => (await import('../../ops/bench/drivers-opcua.ts')).benchDriversOpcua(),
  city: async () => (await import('../../ops/bench/city.ts')).benchCity(),
  detection: async () => (await import('../../ops/bench/detection.ts')).benchDetection(),
  idle: async () => (await import('../../ops/bench/idle.ts')).benchIdle(),
  detect: async () => (await import('../../ops/bench/detect/cost.ts')).benchDetectCost(tell),
  'detect-quality': async () => (await import('../../ops/bench/detect/quality.ts')).benchDetectQuality(tell),
  place: async () => (await import('../../ops/bench/place.ts')).benchPlace(),
  'time-to-detect': async ({ course }) => (await import('../../ops/bench/time-to-detect.ts')).benchTimeToDetect(course),
  'upstream-latency': async () => (await import('../../ops/bench/upstream-latency.ts')).benchLatency(),
  'upstream-replay': async () => (await import('../../ops/bench/upstream-replay.ts')).benchReplay(),
  chain: async () => (await import('../../ops/bench/chain.ts')).benchChain(),
  console: async () => (await import('../../ops/bench/console.ts')).benchConsole(),
  'alarm-flood': async () => (await import('../../ops/bench/alarm-flood.ts')).benchAlarmFlood(),
  soak: async (options) => (await import('../../ops/bench/soak.ts')).benchSoak(options.for),
  'drivers-soak': async (options) => (await import('../../ops/bench/drivers-soak.ts')).benchDriversSoak(options.for),
};

/** Not among those that run when none is named. */
const onlyByName: ReadonlySet<string> = new Set([
  'upstream-latency',
  'upstream-replay',
  'chain',
  'console',
  'alarm-flood',
  'soak',
  'drivers-soak',
  'detect',
  'detect-quality',
  'place',
  'time-to-detect',
]);

const examples = `
Examples:
  lifeline bench               all of them but ${[...onlyByName].join(', ')}, which take minutes
  lifeline bench store --json
  lifeline bench drivers-soak --for 2min
  lifeline bench soak --for 8h             R15: memory and event loop of a gateway of 5,000 tags
  lifeline bench time-to-detect --course gallery

Benchmarks: ${Object.keys(benches).join(', ')}. A peer that is not installed is said to be absent; nothing is made up.
`;

/** `lifeline bench`: figures measured now, beside the named peer in the same run. Never part of the tests. */
export function benchCommand(program: Command): void {
  program
    .command('bench')
    .description('benchmarks, side by side with peers where they are installed')
    .argument('[name]', `one of: ${Object.keys(benches).join(', ')}`)
    .option('--for <duration>', 'how long a soak lasts', durationArgument, 600_000)
    .addOption(
      new Option('--course <name>', 'the one course that time-to-detect runs').choices(courses.map(({ name }) => name)),
    )
    .option('--json', 'print {machine, rows}')
    .addHelpText('after', examples)
    .action(bench);
}

async function bench(name: string | undefined, options: BenchOptions): Promise<void> {
  if (name !== undefined && !(name in benches)) {
    const near = suggest(name, Object.keys(benches));
    console.error(`lifeline bench: no benchmark "${name}"${near ? `; did you mean "${near}"?` : ''}`);
    process.exit(ExitCode.usage);
  }
  const rows: BenchRow[] = [];
  for (const [known, run] of Object.entries(benches)) {
    if (name === undefined ? onlyByName.has(known) : name !== known) continue;
    console.error(`bench ${known} …`);
    rows.push(...(await run(options)));
  }
  if (options.json) console.log(JSON.stringify({ machine: machine(), rows }, null, 2));
  else for (const row of rows) console.log(line(row));
  process.exit(ExitCode.done);
}

function machine() {
  const [first] = cpus();
  const memoryGb = Math.round(totalmem() / 1e9);
  return { cpu: first?.model ?? 'unknown', cores: cpus().length, memoryGb, node: process.version };
}

/** Four significant digits say all that a benchmark knows. */
const shown = (value: number): string =>
  Math.abs(value) >= 1000 ? String(Math.round(value)) : String(Number(value.toPrecision(4)));

function line(row: BenchRow): string {
  const peer = row.peer
    ? `${row.peer.name} ${shown(row.peer.value)} → ratio ${shown(row.ratio ?? Number.NaN)}`
    : 'no peer';
  const verdict = row.ok === null ? '' : row.ok ? 'ok' : 'MISSED';
  return `${row.name.padEnd(44)} ${shown(row.value).padStart(12)} ${row.unit.padEnd(16)} ${peer.padEnd(40)} ${row.target} ${verdict}`;
}
