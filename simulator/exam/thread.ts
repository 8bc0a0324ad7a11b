import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Room for young objects in a thread that simulates, MB: in what V8 takes of itself they pile up tenfold, at no gain. */
const youngMb = 24;

/** Starts the script of this name beside the module whose `import.meta.url` is given, from source or compiled as that is. */
export function startThread(beside: string, name: string, workerData: unknown): Worker {
  const script = new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside);
  return new Worker(script, { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
}

/** Runs the script of this name in a thread of its own and hears its news until it ends, at the latest when `signal` aborts. Rejects with what the thread threw. */
export async function hearThread<News>(
  beside: string,
  name: string,
  work: unknown,
  heard: (news: News) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  if (signal?.aborted) return;
  const worker = startThread(beside, name, work);
  worker.on('message', heard);
  const stop = () => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await once(worker, 'exit');
  } finally {
    signal?.removeEventListener('abort', stop);
  }
}

/** The same, but rejects with the signal's reason when it is broken off: its memory goes with the thread, and what it told is not whole. */
export async function inThread<News>(...given: Parameters<typeof hearThread<News>>): Promise<void> {
  const signal = given[4];
  signal?.throwIfAborted();
  await hearThread(...given);
  signal?.throwIfAborted();
}
