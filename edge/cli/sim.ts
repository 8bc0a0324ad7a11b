import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type City, createCity } from '../../simulator/city/city.ts';
import type { Label } from '../../simulator/city/label.ts';
import { Pace } from '../../simulator/city/pace.ts';
import { writeGateway } from '../../simulator/city/write-gateway.ts';
import { CityDesk } from '../../simulator/console/desk.ts';
import { serveCityConsole } from '../../simulator/console/server.ts';
import { createScans, type PlcScan } from '../../simulator/plc/scan.ts';
import { type CityServers, serveCity } from '../../simulator/plc/servers.ts';
import { SocketNetwork } from '../../simulator/plc/socket-network.ts';
import { planDemo } from '../../simulator/scenarios/demo.ts';
import { drawnKinds } from '../../simulator/scenarios/drawn-kinds.ts';
import type { PlannedHappening } from '../../simulator/scenarios/plan.ts';
import { Programme } from '../../simulator/scenarios/programme.ts';
import { RandomHappenings } from '../../simulator/scenarios/random-happenings.ts';
import type { WebServer } from '../console/web-server.ts';
import { realClock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import { createLog } from '../observability/log.ts';
import { ExitCode } from './exit.ts';
import { count, printProblems } from './problems.ts';
import { announce } from './sim/announce.ts';
import { type CityFiles, networkFile, readCityFiles } from './sim/files.ts';
import { live } from './sim/live.ts';
import { type SimOptions, type Until, withSimOptions } from './sim/options.ts';
import { troubleTeller } from './sim/troubles.ts';
import { TruthOutlet } from './sim/truth-outlet.ts';
import { untilStopped } from './stopping.ts';

const examples = `
Examples:
  lifeline sim                                         the city with its PLC servers, until Ctrl-C
  lifeline sim --list --json --for 0s                  every register of every PLC, then exit
  lifeline sim --write-gateway my-gateway              and in another terminal: lifeline run -c my-gateway/gateway.yaml
  lifeline sim --incident burst --seed 7               a water main bursts after 15–30 s
  lifeline sim --scenario storm.yaml --speed 60        what the file says, an hour in a minute
  lifeline sim --water net.inp --utilities water       your own EPANET network, its controls in the PLCs
  lifeline sim --rate 4 --kinds 'attack.*'             attacks on the PLCs, which come only when asked for
  lifeline sim --console                               the city in a browser: truth, clock, happenings by hand
  lifeline sim --rate 4 --truth truth.jsonl            four random happenings an hour, and what is true about them
`;

/** `lifeline sim`: the simulated city behind real PLC servers, with what is to happen in it. */
export function simCommand(program: Command): void {
  withSimOptions(program.command('sim').description('the simulated city alone, with its PLC servers'))
    .addHelpText('after', examples)
    .action(sim);
}

async function sim(options: SimOptions): Promise<void> {
  const files = await readCityFiles(options);
  if ('errors' in files) return refuse(files.errors, []);
  const clock = realClock();
  const seed = options.seed ?? files.settings.seed ?? 1;
  const speed = options.speed ?? files.settings.speed ?? 1;
  const utilities = options.utilities ?? files.settings.utilities;
  const equipment = options.equipment ?? files.settings.equipment ?? 'full';
  const startMs = options.start ?? files.settings.startMs;
  const network = options.water ?? files.settings.network;
  const clients = options.servers ? new SocketNetwork() : undefined;
  const city = await createCity({
    ...{ seed, equipment, startMs: startMs ?? clock.wallMs() },
    ...(clients ? { clients } : {}),
    ...(utilities ? { utilities } : {}),
    ...(network === undefined ? {} : { waterNetwork: await networkFile(network) }),
  });
  const { errors, warnings } = files.plan({ ...city, startMs: city.nowMs });
  if (errors.length > 0) return refuse(errors, warnings);
  printProblems([], warnings);
  const stopped = untilStopped(options.for);
  const stateDir = await mkdtemp(join(tmpdir(), 'lifeline-sim-'));
  const scans = createScans(city.plcs, seededRandom(seed, 'plc'));
  let servers: CityServers | undefined;
  let page: WebServer | undefined;
  try {
    if (clients) {
      servers = await serve(options, city, scans, stateDir);
      await clients.reach(servers.servers, stateDir);
    }
    // A city of today is where the machine's clock is, however long its servers took to start.
    const lateS = (clock.wallMs() - city.nowMs) / 1000;
    if (startMs === undefined && lateS > 0) city.step(lateS);
    const programme = programmeOf(options, files, city, seed);
    const truth = new TruthOutlet(options);
    const pace = new Pace(speed);
    const tell = (label: Label) => {
      truth.tell(label);
      desk?.note(label);
    };
    const desk = options.console ? new CityDesk({ city, scans, pace, programme, clock, tell }) : undefined;
    if (desk) page = await showCity(options, desk, pace);
    const tellTroubles = troubleTeller();
    const publish = () => {
      tellTroubles(city.troubles);
      if (servers) servers.publish(clock.wallMs());
      else if (desk) for (const scan of scans) scan.scan();
    };
    const untilMs = endOf(options.until, city.nowMs);
    await live({ city, programme, clock, pace, untilMs, publish, tell }, stopped);
    truth.end(city.nowMs, programme.truth);
  } finally {
    await page?.stop();
    clients?.close();
    await servers?.close();
    city.dispose();
    await rm(stateDir, { recursive: true, force: true });
  }
  process.exit();
}

/** Tells what is wrong and ends with the exit code for it. */
function refuse(...[errors, warnings]: Parameters<typeof printProblems>): void {
  printProblems(errors, warnings);
  console.error(`lifeline sim: ${count(errors.length, 'error')}`);
  process.exitCode = ExitCode.configInvalid;
}

async function serve(
  options: SimOptions,
  city: City,
  scans: readonly PlcScan[],
  stateDir: string,
): Promise<CityServers> {
  const { basePort, broker, consolePort, writeGateway: folder } = options;
  const served = await serveCity({ scans, basePort, stateDir });
  served.publish(realClock().wallMs());
  if (folder !== undefined) {
    const schema = '../../lifeline.schema.json';
    await writeGateway(folder, { plcs: served.servers, assets: city.assets, broker, consolePort, schema });
  }
  announce(options, served.servers);
  return served;
}

/** Beside the port of a gateway's console, so that both can be open. */
const cityPort = 8090;

async function showCity({ console: wanted }: SimOptions, desk: CityDesk, pace: Pace): Promise<WebServer> {
  const port = typeof wanted === 'number' ? wanted : cityPort;
  const page = await serveCityConsole({ desk, pace, port, log: createLog('city', realClock(), process.stderr) });
  console.error(`city: ${page.url}`);
  return page;
}

/** All that is to happen, counted from where the city stands. */
function programmeOf(options: SimOptions, files: CityFiles, city: City, seed: number): Programme {
  const startMs = city.nowMs;
  const demo: readonly PlannedHappening[] = planDemo(options.incident, seed, { ...city, startMs });
  const { happenings, errors } = files.plan({ ...city, startMs });
  // A time of day may have come between the check and now.
  printProblems(errors, []);
  const planned = [...demo, ...happenings];
  const ratePerHour = options.rate ?? files.settings.rate ?? 0;
  if (ratePerHour === 0) return new Programme({ city, planned });
  const kinds = drawnKinds(city.happenings, options.kinds ?? files.settings.kinds);
  return new Programme({ city, planned, random: new RandomHappenings({ seed, ratePerHour, startMs, kinds }) });
}

function endOf(until: Until | undefined, startMs: number): number {
  if (until === undefined) return Number.POSITIVE_INFINITY;
  return 'atMs' in until ? until.atMs : startMs + until.afterMs;
}
