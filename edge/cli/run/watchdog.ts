import { Worker } from 'node:worker_threads';

/** An event loop that has not turned for so many seconds will not by itself; a start, and its pause before, come on top. */
const hungAfterS = 25;
const beatMs = 1_000;

/** What the thread is told: where the beats are counted, and after how many seconds without one it ends the process. */
export interface WatchdogData {
  readonly beats: Int32Array;
  readonly hungAfterS: number;
}

/**
 * Ends this process by SIGKILL when its event loop hangs, so that whatever looks after it (systemd, a container) starts it
 * again. The thread counts its own seconds: a machine that sleeps, or a process that is held, does not count as hung.
 */
export function watchEventLoop(limitS = hungAfterS): void {
  const beats = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const name = import.meta.url.endsWith('.ts') ? './watchdog-thread.ts' : './watchdog-thread.js';
  const workerData: WatchdogData = { beats, hungAfterS: limitS };
  const resourceLimits = { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 };
  new Worker(new URL(name, import.meta.url), { workerData, resourceLimits }).unref();
  setInterval(() => Atomics.add(beats, 0, 1), beatMs).unref();
}
