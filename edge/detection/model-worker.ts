import { parentPort } from 'node:worker_threads';
import { type ModelRequest, ModelSession } from './model-session.ts';

const model = new ModelSession();

parentPort?.on('message', async (request: ModelRequest) => parentPort?.postMessage(await model.answer(request)));
