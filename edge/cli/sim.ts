import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type City, createCity } from '../../simulator/city/city.ts';
import { type Label, labelOf } from '../../simulator/city/label.ts';
import { plants } from '../../simulator/city/plants.ts';
import { writeGateway } from '../../simulator/city/write-gateway.ts';
import { nodeIdOf } from '../../simulator/plc/opcua-server.ts';
import { createScans } from '../../simulator/plc/scan.ts';
import { type CityServers, serveCity } from '../../simulator/plc/servers.ts';
import { type DemoIncident, demoIncidents, type PlannedHappening, planDemo } from '../../simulator/scenarios/demo.ts';
import { epanetErrors } from '../../simulator/water/network-file/errors.ts';
import type { NetworkFile } from '../../simulator/water/network-file/source.ts';
import { realClock } from '../core/clock.ts';
import { describeError, type LifelineError } from '../core/errors.ts';
import { seededRandom } from '../core/random.ts';
import { durationArgument, someOf, wholeNumber } from './arguments.ts';
import { untilStopped } from './stopping.ts';

const examples = `
Examples:
  lifeline sim                                         the city with its PLC servers, until Ctrl-C
  lifeline sim --list --json --for 0s                  every register of every PLC, then exit
  lifeline sim --write-gateway my-gateway              and in another terminal: lifeline run -c my-gateway/gateway.yaml
  lifeline sim --incident burst --seed 7               a water main bursts after 15–30 s
  lifeline sim --water net.inp --utilities water       your own EPANET network, its controls in the PLCs
`;

const stepMs = 1000;

interface SimOptions {
  readonly seed: number;
  readonly incident: DemoIncident;
  readonly utilities?: readonly string[];
  readonly water?: string;
  readonly basePort: number;
  readonly list?: boolean;
  readonly json?: boolean;
  readonly writeGateway?: string;
  readonly broker: string;
  readonly consolePort: number;
  readonly for?: number;
  readonly start?: number;
}

function instant(text: string): number {
  const ms = Date.parse(text);
  if (Number.isNaN(ms)) throw new InvalidArgumentError('expected a time such as 2027-01-12T08:00:00+08:00');
  return ms;
}

/** `lifeline sim`: the simulated city in real time behind real PLC servers. */
export function simCommand(program: Command): void {
  program
    .command('sim')
    .description('the simulated city alone, with its PLC servers')
    .option('--seed <n>', 'same seed and start: same city', wholeNumber(0, 2 ** 31 - 1), 1)
    .addOption(
      new Option('--incident <kind>', 'what happens 15–30 s after the start').choices(demoIncidents).default('none'),
    )
    .option('--utilities <names>', 'only these, such as water,gas; all when left out', someOf(Object.keys(plants)))
    .option('--water <file>', 'an EPANET .inp file in place of the built-in water network')
    .option('--base-port <n>', 'port of the first PLC', wholeNumber(1, 65000), 10_502)
    .option('--list', 'print every PLC with all its points once they listen')
    .option('--json', 'print data as JSON: the list, or one line per thing that happens')
    .option('--write-gateway <dir>', 'write gateway.yaml and point tables for this city')
    .option('--broker <url>', 'where that gateway sends its events', 'mqtt://127.0.0.1:1883')
    .option('--console-port <n>', 'console port of that gateway', wholeNumber(0, 65535), 8080)
    .option('--for <duration>', 'stop after this long, such as 60s', durationArgument)
    .option('--start <time>', 'city time at the start; now when left out', instant)
    .addHelpText('after', examples)
    .action(sim);
}

async function sim(options: SimOptions): Promise<void> {
  const stopped = untilStopped(options.for);
  const clock = realClock();
  const { seed, utilities } = options;
  const startMs = options.start ?? clock.wallMs();
  const waterNetwork = options.water === undefined ? undefined : await networkFile(options.water);
  const city = await createCity({
    ...{ seed, startMs },
    ...(utilities ? { utilities } : {}),
    ...(waterNetwork ? { waterNetwork } : {}),
  });
  const planned = planDemo(options.incident, seed, city.happenings);
  const stateDir = await mkdtemp(join(tmpdir(), 'lifeline-sim-'));
  const scans = createScans(city.plcs, seededRandom(seed, 'plc'));
  let servers: CityServers | undefined;
  try {
    servers = await serveCity({ scans, basePort: options.basePort, stateDir });
    servers.publish(clock.wallMs());
    if (options.writeGateway) {
      const { broker, consolePort } = options;
      const schema = '../../lifeline.schema.json';
      await writeGateway(options.writeGateway, {
        plcs: servers.servers,
        assets: city.assets,
        broker,
        consolePort,
        schema,
      });
    }
    announce(options, servers);
    await live(options, city, servers, planned, stopped);
  } finally {
    await servers?.close();
    city.dispose();
    await rm(stateDir, { recursive: true, force: true });
  }
  process.exit();
}

async function networkFile(name: string): Promise<NetworkFile> {
  const bytes = await readFile(name).catch((cause) => {
    throw epanetErrors.create('FILE', `${name} cannot be read`, cause);
  });
  return { name, bytes };
}

function announce(options: SimOptions, servers: CityServers): void {
  const list = servers.servers.map(({ plc, endpoint }) => ({
    id: plc.id,
    utility: plc.utility,
    protocol: plc.protocol,
    endpoint,
    unit: plc.unit,
    points: plc.points.map((point) => {
      const { name, table, address, type, order, scale, offset, unit } = point;
      if (plc.protocol === 'opcua') return { name, node: nodeIdOf(plc.id, name), type, scale, offset, unit };
      return { name, table, address, type, order, scale, offset, unit };
    }),
  }));
  const tags = list.reduce((sum, { points }) => sum + points.length, 0);
  if (options.list && options.json) console.log(JSON.stringify(list));
  else if (options.json)
    console.log(JSON.stringify({ type: 'listening', plcs: list.length, tags, time: new Date().toISOString() }));
  else {
    for (const plc of list)
      console.log(`${plc.id.padEnd(16)} ${plc.endpoint.padEnd(30)} unit ${plc.unit}, ${plc.points.length} points`);
    if (options.list) {
      for (const plc of list)
        for (const point of plc.points) console.log(`${plc.id}/${point.name}\t${JSON.stringify(point)}`);
    }
    console.error(`${list.length} PLCs, ${tags} points; Ctrl-C stops`);
  }
}

/**
 * Steps the city in real time on an absolute schedule: after each step the city's clock stands where the wall clock (or
 * the shifted one of `--start`) stands, so that scan times are true; a step that comes late is one longer step.
 */
async function live(
  options: SimOptions,
  city: City,
  servers: CityServers,
  planned: readonly PlannedHappening[],
  stopped: Promise<unknown>,
): Promise<void> {
  const clock = realClock();
  const shiftMs = options.start === undefined ? 0 : city.nowMs - clock.wallMs();
  const startedMs = clock.monotonicMs();
  const waiting = [...planned];
  const tellTroubles = troubleTeller();
  let steps = 0;
  let timer = clock.after(0, tick);
  function tick() {
    const elapsedMs = clock.monotonicMs() - startedMs;
    for (let next = waiting[0]; next && next.atS * 1000 <= elapsedMs; next = waiting[0]) {
      waiting.shift();
      tell(options, begin(city, next, clock.wallMs()));
    }
    const dtS = (clock.wallMs() + shiftMs - city.nowMs) / 1000;
    if (dtS > 0) city.step(dtS);
    tellTroubles(city.troubles);
    servers.publish(clock.wallMs());
    steps = Math.max(steps + 1, Math.floor(elapsedMs / stepMs) + 1);
    timer = clock.after(startedMs + steps * stepMs - clock.monotonicMs(), tick);
  }
  await stopped;
  timer.cancel();
}

function begin(city: City, { kind, target, magnitude, durationS }: PlannedHappening, wallMs: number): Label {
  const happening = { id: `${kind}-${city.nowMs}`, kind, target, magnitude, durationS, startMs: city.nowMs };
  const played = city.happenings.find((candidate) => candidate.kind === kind);
  if (!played) throw new RangeError(`this city does not play ${kind}`);
  return labelOf(city.start(happening), played, city.plcs, wallMs);
}

/** Says what happened; `time` and `startMs` are wall time, since the city's own may be another. */
function tell(options: SimOptions, label: Label): void {
  const { wallTime, kind, asset, text } = label;
  if (options.json) {
    console.log(JSON.stringify({ type: 'truth', time: wallTime, startMs: Date.parse(wallTime), ...label }));
  } else console.log(`${wallTime} ${kind} at ${asset}: ${text.en}`);
}

/** Says on stderr what makes values bad, once when it begins. */
function troubleTeller(): (troubles: readonly LifelineError[]) => void {
  let told: ReadonlySet<string> = new Set();
  return (troubles) => {
    for (const trouble of troubles) {
      if (!told.has(trouble.message)) console.error(`${describeError(trouble)}; ${trouble.next}`);
    }
    told = new Set(troubles.map(({ message }) => message));
  };
}
