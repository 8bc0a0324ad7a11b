import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** Room for young objects in a thread that simulates, MB: in what V8 takes of itself they pile up tenfold, at no gain. */
const youngMb = 24;

/** Starts the script of this name beside the module whose `import.meta.url` is given, from source or compiled as that is. */
export function startThread(beside: string, name: string, workerData: unknown): Worker {
  const script = new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside);
  return new Worker(script, { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
}

/**
 * Runs the script of this name in a thread of its own, whose memory goes with it, and hears its news. Rejects with what the
 * thread threw, and with the signal's reason when it is broken off.
 */
export async function inThread<News>(
  beside: string,
  name: string,
  work: unknown,
  heard: (news: News) => void,
  signal: AbortSignal | undefined,
): Promise<void> {
  signal?.throwIfAborted();
  const worker = startThread(beside, name, work);
  worker.on('message', heard);
  const stop = () => void worker.terminate();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    await once(worker, 'exit');
  } finally {
    signal?.removeEventListener('abort', stop);
  }
  signal?.throwIfAborted();
}
