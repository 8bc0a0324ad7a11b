import { parentPort, workerData } from 'node:worker_threads';
import { observability, type TwinReply, type TwinWork } from './observable.ts';

const { befallen, ...options } = workerData as TwinWork;
for await (const [{ id }, observable] of observability(befallen, options)) {
  const reply: TwinReply = [id, observable];
  parentPort?.postMessage(reply);
}
