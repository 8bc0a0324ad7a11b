import { parentPort, workerData } from 'node:worker_threads';
import { type Befallen, observability, type TwinOptions } from './observable.ts';

/** What the thread is asked, and what it tells of each happening in turn. */
export type TwinWork = TwinOptions & { readonly befallen: readonly Befallen[] };
export type TwinReply = readonly [happening: string, observable: boolean];

const { befallen, ...options } = workerData as TwinWork;
for await (const [{ id }, observable] of observability(befallen, options)) {
  const reply: TwinReply = [id, observable];
  parentPort?.postMessage(reply);
}
