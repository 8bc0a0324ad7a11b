import type { InferenceSession } from 'onnxruntime-node';

/** To a model. Rows lie one after the other in `rows`. */
export type ModelRequest =
  | { readonly type: 'load'; readonly bytes: Uint8Array; readonly inputName: string; readonly outputName: string }
  | {
      readonly type: 'run';
      readonly id: number;
      readonly rows: Float32Array;
      readonly width: number;
      /** Another output than the one it was loaded with. */
      readonly outputName?: string;
    };

/** From the model. */
export type ModelReply =
  | { readonly type: 'loaded' }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'outputs'; readonly id: number; readonly outputs: Float32Array }
  | { readonly type: 'failed'; readonly id: number; readonly reason: string };

interface Loaded {
  readonly runtime: typeof import('onnxruntime-node');
  readonly session: InferenceSession;
  readonly inputName: string;
  readonly outputName: string;
}

/** One thread and no arena: the runtime's own threads spin after each run and cost two to three times as much. */
const sessionOptions: InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  enableCpuMemArena: false,
  enableMemPattern: false,
};

/** Files below this gain nothing from optimisation, which costs a third more memory in many small models, bytes. */
const smallBytes = 100_000;

/** One model in the thread that asks; the runtime is loaded with the model. */
export class ModelSession {
  private loaded: Loaded | undefined;

  /** Never rejects. */
  async answer(request: ModelRequest): Promise<ModelReply> {
    if (request.type === 'load') {
      try {
        const runtime = await import('onnxruntime-node');
        const graphOptimizationLevel = request.bytes.length < smallBytes ? 'disabled' : 'all';
        const options = { ...sessionOptions, graphOptimizationLevel } as const;
        const session = await runtime.InferenceSession.create(request.bytes, options);
        this.loaded = { runtime, session, inputName: request.inputName, outputName: request.outputName };
        return { type: 'loaded' };
      } catch (error) {
        return { type: 'refused', reason: String(error) };
      }
    }
    const { id } = request;
    try {
      return { type: 'outputs', id, outputs: await this.run(request) };
    } catch (error) {
      return { type: 'failed', id, reason: String(error) };
    }
  }

  /** Frees what the model takes outside of the heap. */
  async close(): Promise<void> {
    await this.loaded?.session.release();
    this.loaded = undefined;
  }

  private async run({
    rows,
    width,
    ...wanted
  }: Extract<ModelRequest, { readonly type: 'run' }>): Promise<Float32Array> {
    if (!this.loaded) throw new Error('no model loaded');
    const { runtime, session, inputName } = this.loaded;
    const outputName = wanted.outputName ?? this.loaded.outputName;
    const feeds = { [inputName]: new runtime.Tensor('float32', rows, [rows.length / width, width]) };
    const data = (await session.run(feeds, [outputName]))[outputName]?.data;
    if (!(data instanceof Float32Array)) throw new Error(`no float output ${outputName}`);
    return data;
  }
}
