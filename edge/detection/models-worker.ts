import { parentPort } from 'node:worker_threads';
import type { PortMessage, PortReply } from './learned/shared-worker.ts';
import { ModelSession } from './model-session.ts';

const models = new Map<number, ModelSession>();

parentPort?.on('message', async ({ port, request }: PortMessage) => {
  if (request === 'close') {
    await models.get(port)?.close();
    models.delete(port);
    return;
  }
  const model = models.get(port) ?? new ModelSession();
  models.set(port, model);
  parentPort?.postMessage({ port, reply: await model.answer(request) } satisfies PortReply);
});
