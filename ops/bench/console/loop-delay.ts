import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { isMainThread } from 'node:worker_threads';

/** For `--import`: a process that writes the delay of its event loop to the file in LOOP_DELAY_FILE, from when it is told SIGUSR2. */
export const tellsLoopDelay: string = fileURLToPath(import.meta.url);

/** Delay of an event loop since it was asked for, ms beyond the resolution of the timer that measures it. */
export interface LoopDelay {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly longestMs: number;
}

/** The timer that is looked at comes once in so long. */
const resolutionMs = 10;
const writtenEachMs = 1_000;

function tell(file: string): void {
  const delays = monitorEventLoopDelay({ resolution: resolutionMs });
  const ms = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - resolutionMs);
  const write = () => {
    const told: LoopDelay = {
      p50Ms: ms(delays.percentile(50)),
      p99Ms: ms(delays.percentile(99)),
      longestMs: ms(delays.max),
    };
    writeFileSync(file, JSON.stringify(told));
  };
  process.once('SIGUSR2', () => {
    delays.enable();
    setInterval(write, writtenEachMs).unref();
  });
}

const file = process.env['LOOP_DELAY_FILE'];
if (file !== undefined && isMainThread && process.execArgv.includes(tellsLoopDelay)) tell(file);
