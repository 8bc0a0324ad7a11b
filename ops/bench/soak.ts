import { createWriteStream } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ModelsView } from '../../edge/console/detection-wire.ts';
import { delay, realClock } from '../../edge/core/clock.ts';
import { seededRandom } from '../../edge/core/random.ts';
import { plcProgram, plcs, roles, valueAt } from './console/plcs.ts';
import {
  assetName,
  command,
  connect,
  type Site,
  type SiteOptions,
  withGateway,
  writeConfiguration,
} from './console/site.ts';
import { inFolder } from './in-folder.ts';
import { writeState } from './learned-models.ts';
import { slopeOf } from './memory-course.ts';
import { startMs } from './plant-history.ts';
import { withProcess } from './processes.ts';
import { atLeast, atMost, type BenchRow, untargeted } from './row.ts';

const tags = 5_000;
const assets = 40;
const consoles = 5;
const tagsShown = 500;
const trainedDays = 3;
const noise = 0.002;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** What is learnt, compiled and filled once takes so long, or a third of a shorter soak. */
const mostSettlingMs = 30 * minuteMs;
const lookMs = 10_000;
const toldMs = 10 * minuteMs;
const clock = realClock();

/**
 * R15: a gateway of 5,000 tags at 1 s with learned models that decide, and consoles that look at it, for so long. PLCs and
 * gateway are processes of their own; this one is the consoles.
 */
export async function benchSoak(forMs: number): Promise<BenchRow[]> {
  return inFolder((folder) =>
    withProcess(process.execPath, [plcProgram], async ({ nextLine }) => {
      const endpoints = JSON.parse(await nextLine()) as string[];
      const more = 'detection: { allowUnsigned: true }\n';
      const site = { folder, endpoints, points: tags / plcs, assets, more };
      await train(site);
      return withGateway(folder, (gateway) => soak(gateway, forMs));
    }),
  );
}

/** Teaches each asset a linear model from a few days of what its PLC does, and lets it decide. */
async function train(site: SiteOptions): Promise<void> {
  tell('training');
  await writeConfiguration(site);
  const [config, learned] = [join(site.folder, 'gateway.yaml'), join(site.folder, 'learned')];
  const history = join(site.folder, 'history.csv');
  await pipeline(Readable.from(minutes()), createWriteStream(history));
  await command('train', '-c', config, '--from', history);
  await writeState(learned, new Map(Array.from({ length: assets }, (_, asset) => [assetName(asset), 1])));
}

/** Rows of a CSV file, a minute each, as the PLCs move and with a little noise. */
function* minutes(): Generator<string> {
  const random = seededRandom(15);
  const columns = Array.from({ length: assets * roles.length }, (_, index) => index);
  yield `time,${columns.map((index) => `plc-0/r${index}`).join(',')}\n`;
  for (let minute = 0; minute < trainedDays * 1440; minute++) {
    const timeMs = startMs + minute * minuteMs;
    const values = columns.map((index) => (valueAt(timeMs, index) + noise * random.normal()).toFixed(4));
    yield `${new Date(timeMs).toISOString()},${values.join(',')}\n`;
  }
}

async function soak(site: Site, forMs: number): Promise<BenchRow[]> {
  const pages = await Promise.all(
    Array.from({ length: consoles }, (_, page) =>
      connect(
        site.url,
        Array.from({ length: tagsShown }, (_, at) => page * tagsShown + at),
      ),
    ),
  );
  const beganMs = clock.monotonicMs();
  const settlingMs = Math.min(mostSettlingMs, forMs / 3);
  await delay(clock, settlingMs);
  site.watchLoop();
  const [cpuS, settledMs] = [await site.cpuS(), clock.monotonicMs()];
  const memory: (readonly [hours: number, megabytes: number])[] = [];
  for (let told = settledMs; clock.monotonicMs() - beganMs < forMs; ) {
    await delay(clock, lookMs);
    memory.push([clock.monotonicMs() / hourMs, await site.memoryMb()]);
    if (clock.monotonicMs() - told < toldMs) continue;
    told = clock.monotonicMs();
    tell(
      `${Math.round((told - beganMs) / minuteMs)} min, ${await site.memoryMb()} MB, ${JSON.stringify(await site.loopDelay())}`,
    );
  }
  const { p99Ms, longestMs } = await site.loopDelay();
  const cores = (((await site.cpuS()) - cpuS) * 1000) / (clock.monotonicMs() - settledMs);
  for (const page of pages) page.close();
  const values = pages.reduce((sum, page) => sum + page.values, 0) / ((clock.monotonicMs() - beganMs) / 1000);
  const name = (what: string) => `R15 soak of ${Math.round(forMs / minuteMs)} min: ${what}`;
  return [
    atMost(name('growth of resident memory'), 'MB/h', slopeOf(memory), 1),
    atMost(name('delay of the event loop, p99'), 'ms', p99Ms, 20),
    untargeted(name('longest delay'), 'ms', longestMs),
    untargeted(name('resident memory at the end'), 'MB', memory.at(-1)?.[1] ?? Number.NaN),
    untargeted(name('processor of the gateway'), 'cores', cores),
    atLeast(name('models that score'), 'models', await scoring(site), assets),
    untargeted(name(`values told to ${consoles} consoles`), 'values/s', values, 'higher'),
  ];
}

/** How many models decide and scored, as the console tells. */
async function scoring({ url }: Site): Promise<number> {
  const { versions } = (await (await fetch(`${url}/api/models`)).json()) as ModelsView;
  return versions.filter(({ role, past }) => role === 'active' && (past?.rows ?? 0) > 0).length;
}

/** What goes on, and what else the machine has to do. */
const tell = (what: string) => console.error(`bench soak: ${what}, load of this machine ${loadavg()[0]?.toFixed(1)}`);
