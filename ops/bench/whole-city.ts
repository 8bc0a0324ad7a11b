import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { seededRandom } from '../../edge/core/random.ts';
import { createCity } from '../../simulator/city/city.ts';
import { createScans } from '../../simulator/plc/scan.ts';
import { type CityServers, serveCity } from '../../simulator/plc/servers.ts';
import { atLeast, atMost, type BenchRow, untargeted } from './row.ts';

const thisFile = fileURLToPath(import.meta.url);
const seed = 1;
const startMs = Date.parse('2026-01-16T18:00:00+08:00');
/** Of these minutes of city time the first are not counted: until then the code is compiled. */
const minutes = 60;
const uncountedMinutes = 10;
const secondsPerDay = 86_400;
const target = { moving: 1000, served: 60, dayS: 90, memoryMb: 500 } as const;
const firstPort = 21_502;

/** What a process of its own measured. */
interface Pace {
  readonly tags: number;
  /** Processor time for a second of the city, s. */
  readonly cpuPerS: number;
  /** Most memory that the process ever held, MB. */
  readonly peakMb: number;
}

const ways = ['moving', 'scanning', 'served'] as const;
type Way = (typeof ways)[number];

/**
 * The default city with all its utilities, everything in steps of 1 s, which is more than a run needs whose hydraulics go
 * in steps of 10 s: by itself, with all PLCs scanning all their points in every step, and with PLC servers on real sockets
 * that show every scan. By processor time, on one core.
 */
export async function benchWholeCity(): Promise<BenchRow[]> {
  const [moving, scanning, served] = [await paceOf('moving'), await paceOf('scanning'), await paceOf('served')];
  const what = 'whole city, steps of 1 s';
  const scans = `${what}, scans of ${scanning.tags} tags`;
  return [
    atLeast(what, '× real time', 1 / moving.cpuPerS, target.moving),
    atMost(`${what}: a day`, 's', moving.cpuPerS * secondsPerDay, target.dayS),
    untargeted(scans, '× real time', 1 / scanning.cpuPerS, 'higher'),
    atLeast(`${scans}, PLC servers on`, '× real time', 1 / served.cpuPerS, target.served),
    atMost('memory of the whole city', 'MB', scanning.peakMb, target.memoryMb),
    untargeted('memory of the whole city, PLC servers on', 'MB', served.peakMb),
  ];
}

async function paceOf(way: Way): Promise<Pace> {
  const { stdout } = await promisify(execFile)(process.execPath, [thisFile, way]);
  return JSON.parse(stdout) as Pace;
}

/** Lets the city live for `minutes` and prints what that took. */
async function measure(way: Way): Promise<void> {
  const city = await createCity({ seed, startMs });
  const scans = createScans(city.plcs, seededRandom(seed, 'plc'));
  const folder = await mkdtemp(join(tmpdir(), 'lifeline-bench-city-'));
  const servers = way === 'served' ? await serveCity({ scans, basePort: firstPort, stateDir: folder }) : undefined;
  const live = async (forMinutes: number) => {
    for (let second = 0; second < forMinutes * 60; second++) {
      city.step(1);
      if (servers) await show(servers, city.nowMs);
      else if (way === 'scanning') for (const scan of scans) scan.scan();
    }
  };
  try {
    await live(uncountedMinutes);
    const before = process.cpuUsage();
    await live(minutes - uncountedMinutes);
    const { user, system } = process.cpuUsage(before);
    const cpuPerS = (user + system) / 1e6 / ((minutes - uncountedMinutes) * 60);
    const tags = scans.reduce((sum, { raw }) => sum + raw.length, 0);
    const pace: Pace = { tags, cpuPerS, peakMb: process.resourceUsage().maxRSS / 1000 };
    console.log(JSON.stringify(pace));
  } finally {
    await servers?.close();
    city.dispose();
    await rm(folder, { recursive: true, force: true });
  }
}

async function show(servers: CityServers, timeMs: number): Promise<void> {
  servers.publish(timeMs);
  await turn();
}

if (process.argv[1] === thisFile) {
  await measure(ways.find((way) => way === process.argv[2]) ?? 'moving');
  process.exit();
}
