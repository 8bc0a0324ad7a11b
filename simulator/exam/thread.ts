import { Worker } from 'node:worker_threads';

/** Room for young objects in a thread that simulates, MB: in what V8 takes of itself they pile up tenfold, at no gain. */
const youngMb = 24;

/** Starts the script of this name beside the module whose `import.meta.url` is given, from source or compiled as that is. */
export function startThread(beside: string, name: string, workerData: unknown): Worker {
  const script = new URL(`./${name}${beside.endsWith('.ts') ? '.ts' : '.js'}`, beside);
  return new Worker(script, { workerData, resourceLimits: { maxYoungGenerationSizeMb: youngMb } });
}
