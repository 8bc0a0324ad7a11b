import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { modbusDriver } from '../../drivers/modbus/driver.ts';
import { createAcquisition } from '../../edge/acquisition/acquisition.ts';
import { delay, every, realClock } from '../../edge/core/clock.ts';
import type { WireCounts } from '../../edge/core/diagnostics.ts';
import { isGood } from '../../edge/core/quality.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { type ModbusFault, modbusFaults } from '../../simulator/plc/misbehaviour.ts';
import { serveModbus } from '../../simulator/plc/modbus-server.ts';
import { type MemoryGrowth, watchMemory } from './memory-course.ts';
import { withProcess } from './processes.ts';
import { atMost, type BenchRow } from './row.ts';
import { SoakJudge, type Verdict } from './soak-judge.ts';
import { absentPlaces, soakDevices, soakScans } from './soak-plant.ts';
import { tickMs } from './soak-register.ts';

const thisFile = fileURLToPath(import.meta.url);
const clock = realClock();
const reading = { periodMs: 1000, timeoutMs: 300 };
/** Share of answers that a fault befalls; those that cost the link are rarer, so that links live long enough to be hit. */
const share = 0.004;
const endingShare = 0.0005;
const endings: ReadonlySet<ModbusFault> = new Set<ModbusFault>(['lying-length', 'garbage', 'half-open', 'reset']);
/** Links differ by it: answers that come after their timeout but before the next poll, and those that come while it waits. */
const lateMs = (link: number) => 150 + 60 * link;
/** Longer than the longest back-off. */
const recoveryMs = 45_000;
const mostGrowthMbPerH = 10;

/** What the reading process says. */
interface Soaked {
  readonly verdict: Verdict;
  readonly growth: MemoryGrowth;
  readonly seconds: number;
  readonly wire: WireCounts;
  readonly reconnects: number;
  /** Points that are not good, or are good and should not be, once the faults are over. */
  readonly amiss: number;
}

/**
 * Acquisition and Modbus driver against PLCs that misbehave in every way that the simulator knows, for so long; then the
 * faults end. Each register tells by itself whose it is and when it was made.
 */
export function benchDriversSoak(forMs: number): Promise<BenchRow[]> {
  return withProcess(process.execPath, [thisFile, 'serve'], async (plcs) => {
    const read = ['--expose-gc', '--max-semi-space-size=1', thisFile, 'read', await plcs.nextLine(), String(forMs)];
    return withProcess(process.execPath, read, async (reader) => {
      await reader.nextLine();
      plcs.say('behave');
      return rowsOf(JSON.parse(await reader.nextLine()));
    });
  });
}

function rowsOf({ verdict, growth, seconds, wire, reconnects, amiss }: Soaked): BenchRow[] {
  const name = (what: string) => `D10 soak of ${Math.round(seconds / 6) / 10} min: ${what}`;
  return [
    atMost(name(`wrong values of ${verdict.good}`), 'values', verdict.wrong, 0),
    atMost(name('values of another time'), 'values', verdict.outdated, 0),
    atMost(name('uncoded exceptions'), 'exceptions', verdict.uncoded, 0),
    atMost(name('points amiss after the faults'), 'points', amiss, 0),
    atMost(name('growth of memory held'), 'MB/h', growth.heldMbPerH, mostGrowthMbPerH),
    atMost(name('growth of resident memory'), 'MB/h', growth.residentMbPerH, mostGrowthMbPerH),
    met(name('reads'), 'reads/s', wire.requests / seconds),
    met(name('timeouts'), 'requests', wire.timeouts),
    met(name('refusals'), 'answers', wire.exceptions),
    met(name('answers dropped'), 'answers', wire.strays),
    met(name('reconnects'), 'links', reconnects),
  ];
}

/** What a soak must have met to prove anything. */
function met(name: string, unit: string, value: number): BenchRow {
  return { name, value, unit, better: 'higher', peer: null, ratio: null, target: '> 0', ok: value > 0 };
}

/** PLCs that misbehave until a line says that they shall behave; prints their ports. */
async function serve(): Promise<void> {
  let nowMs = clock.wallMs();
  const shares: Partial<Record<ModbusFault, number>> = {};
  for (const fault of modbusFaults) shares[fault] = endings.has(fault) ? endingShare : share;
  createInterface(process.stdin)
    .on('line', () => Object.assign(shares, Object.fromEntries(modbusFaults.map((fault) => [fault, 0]))))
    .on('close', () => process.exit());
  const scans = soakScans(() => nowMs);
  const servers = await Promise.all(
    scans.map(([first, ...beside], link) => {
      const random = seededRandom(10).fork(`link ${link}`);
      const misbehaviour = { clock, random, shares, lateMs: lateMs(link) };
      if (!first) throw new Error('bench drivers-soak: a link without a PLC');
      return serveModbus(first, { port: 0, beside, misbehaviour });
    }),
  );
  every(clock, tickMs / 2, () => {
    nowMs = clock.wallMs();
    for (const scan of scans.flat()) scan.scan();
    for (const server of servers) server.publish(nowMs);
  });
  console.log(JSON.stringify(servers.map(({ port }) => port)));
}

/** Reads for so long, says so, and tells what it saw once the faults are over. */
async function read(ports: readonly number[], forMs: number): Promise<void> {
  const devices = soakDevices(ports, reading);
  const judge = new SoakJudge(absentPlaces, reading.periodMs / tickMs, (what) => console.error('uncoded:', what));
  for (const escaped of ['uncaughtException', 'unhandledRejection'])
    process.on(escaped, (error) => judge.foreign(error));
  const newest = new Map<number, number>();
  const acquisition = createAcquisition({
    devices,
    drivers: [modbusDriver],
    host: { clock, random: seededRandom(1), log: judge.log, stateDir: '' },
    onBatch: (batch) => {
      judge.take(batch);
      batch.tags.forEach((tag, row) => void newest.set(tag, batch.quality[row] as number));
    },
    onDeviceChange: () => undefined,
  });
  acquisition.start();
  const beganMs = clock.monotonicMs();
  const growth = await watchMemory(clock, forMs);
  const seconds = (clock.monotonicMs() - beganMs) / 1000;
  const reconnects = acquisition.status().reduce((sum, device) => sum + device.reconnects, 0);
  const wire = total(devices.flatMap(({ definition: { id } }) => acquisition.diagnostics(id)?.wire.total ?? []));
  console.log('soaked');
  await delay(clock, recoveryMs);
  let amiss = 0;
  for (const [tag, quality] of newest) if (isGood(quality) === absentPlaces.has(tag)) amiss++;
  const soaked: Soaked = { verdict: judge.verdict, growth, seconds, wire, reconnects, amiss };
  console.log(JSON.stringify(soaked));
  process.exit();
}

function total(counts: readonly WireCounts[]): WireCounts {
  const sum = (kind: keyof WireCounts) => counts.reduce((so, count) => so + count[kind], 0);
  return {
    ...{ sentBytes: sum('sentBytes'), receivedBytes: sum('receivedBytes'), requests: sum('requests') },
    ...{ timeouts: sum('timeouts'), exceptions: sum('exceptions'), strays: sum('strays') },
  };
}

const [mode, ports = '', forMs = ''] = process.argv[1] === thisFile ? process.argv.slice(2) : [];
if (mode === 'serve') await serve();
if (mode === 'read') await read(JSON.parse(ports), Number(forMs));
