import { parentPort, workerData } from 'node:worker_threads';
import { type LingeringWork, settled } from './lingering.ts';

for await (const key of settled(workerData as LingeringWork)) parentPort?.postMessage(key);
