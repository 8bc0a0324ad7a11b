import type { Worker } from 'node:worker_threads';
import { Worker as Thread } from 'node:worker_threads';
import { afterEach, describe, expect, it } from 'vitest';
import { SharedWorker } from '../../edge/detection/learned/shared-worker.ts';
import type { ModelReply, ModelRequest } from '../../edge/detection/model-session.ts';
import type { ModelPort } from '../../edge/detection/model-thread.ts';
import { encodeGraph, floats, node, tensor } from '../../models/training/onnx-graph.ts';

const workers: Worker[] = [];
const shared = () =>
  new SharedWorker(() => {
    workers.push(new Thread(new URL('../../edge/detection/models-worker.ts', import.meta.url)));
    return workers.at(-1) as Worker;
  });
afterEach(async () => {
  for (const worker of workers.splice(0)) await worker.terminate();
});

/** y = factor · x. */
const times = (factor: number) =>
  encodeGraph({
    name: 'times',
    node: [node('Mul', ['x', 'factor'], 'y')],
    initializer: [floats('factor', [1], [factor])],
    input: [tensor('x', ['n', 1])],
    output: [tensor('y', ['n', 1])],
  });

const ask = (port: ModelPort, request: ModelRequest) =>
  new Promise<ModelReply>((done) => {
    port.on('message', done);
    port.postMessage(request);
  });
const load = (bytes: Uint8Array): ModelRequest => ({ type: 'load', bytes, inputName: 'x', outputName: 'y' });
const run = (id: number): ModelRequest => ({ type: 'run', id, rows: Float32Array.of(1, 2), width: 1 });

describe('one thread for many models', () => {
  it('keeps them apart', async () => {
    const thread = shared();
    const ports = [3, 5, 7].map((factor) => ({ factor, port: thread.port() }));
    for (const { port, factor } of ports) expect(await ask(port, load(times(factor)))).toEqual({ type: 'loaded' });
    const replies = await Promise.all(ports.map(({ port, factor }) => ask(port, run(factor))));
    expect(replies).toEqual(
      [3, 5, 7].map((factor) => ({ type: 'outputs', id: factor, outputs: Float32Array.of(factor, 2 * factor) })),
    );
    expect(workers.length).toBe(1);
    await ports[0]!.port.terminate();
    expect(await ask(ports[1]!.port, run(9))).toMatchObject({ id: 9, outputs: Float32Array.of(5, 10) });
    await thread.stop();
  });

  it('ends every port when it dies, and the next port has a new one', async () => {
    const thread = shared();
    const ends = [thread.port(), thread.port()].map((port) => new Promise((done) => port.on('exit', done)));
    await workers[0]!.terminate();
    await Promise.all(ends);
    const port = thread.port();
    expect(await ask(port, load(times(2)))).toEqual({ type: 'loaded' });
    expect(workers.length).toBe(2);
    await thread.stop();
  });
});
