import { parentPort } from 'node:worker_threads';
import { InferenceSession, Tensor } from 'onnxruntime-node';

/** To the worker. Rows lie one after the other in `rows`. */
export type ModelRequest =
  | { readonly type: 'load'; readonly bytes: Uint8Array; readonly inputName: string; readonly outputName: string }
  | { readonly type: 'run'; readonly id: number; readonly rows: Float32Array; readonly width: number };

/** From the worker. */
export type ModelReply =
  | { readonly type: 'loaded' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'outputs'; readonly id: number; readonly outputs: Float32Array }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };

interface Loaded {
  readonly session: InferenceSession;
  readonly inputName: string;
  readonly outputName: string;
}

let loaded: Loaded | undefined;

/** One thread and no arena: the runtime's own threads spin after each run and cost two to three times as much. */
const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  enableCpuMemArena: false,
  enableMemPattern: false,
};

async function answer(request: ModelRequest): Promise<ModelReply> {
  if (request.type === 'load') {
    try {
      const session = await InferenceSession.create(request.bytes, sessionOptions);
      loaded = { session, inputName: request.inputName, outputName: request.outputName };
      return { type: 'loaded' };
    } catch (error) {
      return { type: 'refused', reason: String(error) };
    }
  }
  const { id, rows, width } = request;
  try {
    if (!loaded) throw new Error('no model loaded');
    const feeds = { [loaded.inputName]: new Tensor('float32', rows, [rows.length / width, width]) };
    const data = (await loaded.session.run(feeds, [loaded.outputName]))[loaded.outputName]?.data;
    if (!(data instanceof Float32Array)) throw new Error(`no float output ${loaded.outputName}`);
    return { type: 'outputs', id, outputs: data };
  } catch (error) {
    return { type: 'failed', id, reason: String(error) };
  }
}

parentPort?.on('message', async (request: ModelRequest) => parentPort?.postMessage(await answer(request)));
