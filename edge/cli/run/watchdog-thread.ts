import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { WatchdogData } from './watchdog.ts';

/** As pino has it. */
const fatal = 60;
const { beats, hungAfterS } = workerData as WatchdogData;
let last = Atomics.load(beats, 0);
let silentS = 0;

setInterval(() => {
  const now = Atomics.load(beats, 0);
  silentS = now === last ? silentS + 1 : 0;
  last = now;
  if (silentS < hungAfterS) return;
  try {
    const msg = `the event loop has not turned for ${silentS} s; the process ends, to be started again`;
    writeSync(2, `${JSON.stringify({ level: fatal, msg })}\n`);
  } finally {
    process.kill(process.pid, 'SIGKILL');
  }
}, 1_000);
