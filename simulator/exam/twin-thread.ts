import { parentPort, workerData } from 'node:worker_threads';
import type { Happening } from '../city/plant.ts';
import { isObservable, type TwinOptions } from './observable.ts';

/** What the thread is asked, and what it tells of each happening in turn. */
export type TwinWork = TwinOptions & { readonly happenings: readonly Happening[] };
export type TwinReply = readonly [happening: string, observable: boolean];

const { happenings, ...options } = workerData as TwinWork;
for (const happening of happenings) {
  const reply: TwinReply = [happening.id, await isObservable(happening, options)];
  parentPort?.postMessage(reply);
}
