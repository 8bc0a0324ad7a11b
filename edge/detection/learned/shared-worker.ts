import { EventEmitter } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { ModelReply, ModelRequest } from '../model-session.ts';
import type { ModelPort } from '../model-thread.ts';

/** What passes between the ports and the one thread behind them. */
export type PortMessage = { readonly port: number; readonly request: ModelRequest | 'close' };
export type PortReply = { readonly port: number; readonly reply: ModelReply };

/** Room of the thread's heap, MB: it holds little, and in what V8 takes of itself garbage piles up. */
const resourceLimits = { maxYoungGenerationSizeMb: 2, maxOldGenerationSizeMb: 64 };

/** The thread of `models-worker.ts`, from source or compiled, whichever this file is. */
function spawnModelsWorker(): Worker {
  const name = import.meta.url.endsWith('.ts') ? '../models-worker.ts' : '../models-worker.js';
  return new Worker(new URL(name, import.meta.url), { resourceLimits });
}

/**
 * One thread for any number of models, each with a port that is to it what a thread of its own would be. The thread starts
 * with the first port; when it ends, every port ends, and the next one starts another.
 */
export class SharedWorker {
  private readonly spawn: () => Worker;
  private worker: Worker | undefined;
  private readonly ports = new Map<number, EventEmitter>();
  private last = 0;

  constructor(spawn: () => Worker = spawnModelsWorker) {
    this.spawn = spawn;
  }

  port(): ModelPort {
    this.worker ??= this.begin();
    const { worker } = this;
    const number = ++this.last;
    const heard = new EventEmitter();
    this.ports.set(number, heard);
    const post = (request: PortMessage['request']) =>
      worker.postMessage({ port: number, request } satisfies PortMessage);
    return {
      postMessage: post,
      on: (event: string, listener: (news: never) => void) => heard.on(event, listener as (news: unknown) => void),
      unref: () => undefined,
      terminate: async () => {
        if (this.ports.delete(number)) post('close');
      },
    };
  }

  /** Ends the thread; its ports hear nothing any more. */
  async stop(): Promise<void> {
    this.ports.clear();
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private begin(): Worker {
    const worker = this.spawn();
    worker.unref();
    worker.on('message', ({ port, reply }: PortReply) => this.ports.get(port)?.emit('message', reply));
    const end = (event: 'exit' | 'error', news: unknown) => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      const ended = [...this.ports.values()];
      this.ports.clear();
      for (const heard of ended) heard.emit(event, news);
    };
    worker.on('error', (error) => end('error', error));
    worker.on('exit', (code) => end('exit', code));
    return worker;
  }
}
